"""The words in which the package says what is: enums whose members are also plain strings (and numbers, for Code)."""

from enum import Enum, IntEnum


class _Word(str, Enum):
    """A member equals its text: `Outcome.UNKNOWN == "unknown"`."""

    def __str__(self) -> str:
        return str(self.value)


class Outcome(_Word):
    """What is true about the payment or refund that a failed call was for. There is no fourth."""

    NOT_SENT = "not_sent"
    """Nothing can have happened: not one byte of it was sent by this call."""
    REFUSED = "refused"
    """DOKU said no: nothing happened."""
    UNKNOWN = "unknown"
    """It may have happened: call again with the same reference, never with a new one."""


class Retry(_Word):
    """What to do after a failure."""

    NO = "no"
    """Calling again changes nothing: something has to be corrected, or a person has to look."""
    SAME_REFERENCE = "same_reference"
    """Call again with the same reference, at once if you like."""
    LATER = "later"
    """Call again with the same reference after a while: seconds to minutes."""


class TransactionStatus(_Word):
    """What DOKU says of a payment's money (latestTransactionStatus)."""

    PAID = "paid"
    INITIATED = "initiated"
    PAYING = "paying"
    PENDING = "pending"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    """Not final before the link dies: the customer may try again."""
    FAILED = "failed"
    """Not final before the link dies: the customer may try again."""
    NOT_FOUND = "not_found"
    """Proves nothing: perhaps the customer has not opened the link."""


class RefundStatus(_Word):
    """The state of one refund, as DOKU lists it."""

    DONE = "done"
    PENDING = "pending"
    FAILED = "failed"


class Operation(_Word):
    """What an operation does."""

    PAYMENT = "payment"
    REFUND = "refund"


class Resolution(_Word):
    """How a person closes a record."""

    DONE = "done"
    """It happened: DOKU's dashboard shows it."""
    REFUSED = "refused"
    """It did not happen, and will not."""
    ABANDONED = "abandoned"
    """It is not wanted any more; a payment's link may still be paid, which is reported."""


class RecordState(_Word):
    """What the journal knows of an operation."""

    SENDING = "sending"
    """A call is at work on it, or died at work."""
    NOT_SENT = "not_sent"
    NOT_TAKEN = "not_taken"
    """DOKU did not take the access token, and so did not look at it."""
    DONE = "done"
    REFUSED = "refused"
    REFUSED_FOR_NOW = "refused_for_now"
    """The next call with the reference makes a new attempt."""
    UNKNOWN = "unknown"
    """It may have happened; DOKU is asked."""
    CONFLICT = "conflict"
    """DOKU has something else under the reference: a person has to look."""
    EXPIRED = "expired"
    """The payment's link died, and nobody had paid."""
    ABANDONED = "abandoned"
    """A person gave it up."""


class Comparison(_Word):
    """How a record compares with what DOKU says."""

    NONE = "none"
    AGREES = "agrees"
    UNCLEAR = "unclear"
    DIFFERS = "differs"


class DeliveryOrder(_Word):
    """Where a notification stands among those that came before."""

    NEW = "new"
    REPEAT = "repeat"
    """The same was acknowledged before: there is nothing left to do but to acknowledge it again."""
    LATE = "late"
    """It says less than what is known already, such as pending after paid: acknowledge it, and do not go back."""


class Code(IntEnum):
    """What went wrong, as docs/errors.md lists it. The hundreds are groups."""

    INVALID_ARGUMENT = 101
    NULL_POINTER = 102
    INVALID_UTF8 = 103
    REFERENCE_REUSED = 104
    SIGNATURE_MISMATCH = 105
    MISSING_SETTING = 201
    UNKNOWN_SETTING = 202
    INVALID_SETTING = 203
    INVALID_KEY = 204
    NAME_LOOKUP = 301
    CONNECT = 302
    TLS = 303
    PROXY = 304
    TIMEOUT = 305
    CONNECTION_LOST = 306
    BAD_ANSWER = 307
    CANCELLED = 308
    UNAUTHORIZED = 401
    DECLINED = 402
    TRY_LATER = 403
    NOT_FOUND = 404
    CONFLICT = 405
    IN_PROGRESS = 406
    SERVER_ERROR = 407
    INTERNAL = 501
    JOURNAL = 502


def _shown_as_callers_write_them() -> None:
    """`bayar.Outcome`, also in a pickle."""
    for each in list(globals().values()):
        if isinstance(each, type) and each.__module__ == __name__ and each is not _Word:
            each.__module__ = "bayar"


_shown_as_callers_write_them()
