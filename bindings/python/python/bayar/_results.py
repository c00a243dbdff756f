"""What calls give back: frozen, comparable, hashable and picklable, with all that DOKU said in `raw`.

Each class lists its members once with their documentation (`__slots__`) and once with their types. The native part makes them,
with the members in this order.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from decimal import Decimal
    from typing import Any, NoReturn, Optional

    from ._words import Comparison, Operation, RecordState, RefundStatus, TransactionStatus


class _Result:
    __slots__: "tuple[str, ...] | dict[str, str]" = ()
    # Shown as their length alone: long, or with a token in them.
    _long = frozenset({"raw_json", "json", "trail", "body"})

    def __init__(self, *members: "Any") -> None:
        names = type(self).__slots__
        if len(members) != len(names):
            raise TypeError(f"{type(self).__name__} has {len(names)} members, not {len(members)}")
        for name, value in zip(names, members):
            object.__setattr__(self, name, value)

    def _members(self) -> "tuple[Any, ...]":
        return tuple(getattr(self, name) for name in type(self).__slots__)

    def __setattr__(self, name: str, value: "Any") -> "NoReturn":
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> "NoReturn":
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Result) or type(self) is not type(other):
            return NotImplemented
        return self._members() == other._members()

    def __hash__(self) -> int:
        return hash((type(self), self._members()))

    def __repr__(self) -> str:
        shown = (
            f"{name}=<{len(value)} characters>" if name in self._long and value else f"{name}={value!r}"
            for name, value in zip(type(self).__slots__, self._members())
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def __reduce__(self) -> "Any":
        return type(self), self._members()

    def as_dict(self) -> "dict[str, Any]":
        """The members by their names."""
        return dict(zip(type(self).__slots__, self._members()))


def _read(text: str) -> "dict[str, Any]":
    if not text:
        return {}
    import json
    from decimal import Decimal

    # A float would change a long number that DOKU wrote.
    found: Any = json.loads(text, parse_float=Decimal)
    return found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType]


class _Told(_Result):
    """A result of DOKU's own words."""

    __slots__ = ()

    if TYPE_CHECKING:
        raw_json: str

    @property
    def raw(self) -> "dict[str, Any]":
        """All that DOKU said, read anew each time; numbers with a fraction are Decimal. Empty where it said nothing."""
        return _read(self.raw_json)


class Payment(_Told):
    """A payment that DOKU has taken: there is a link for the customer. It is not thereby paid."""

    __slots__ = {
        "partner_reference_no": "Your own reference.",
        "amount": "The amount in rupiah, with two decimals.",
        "redirect_url": "The page to send the customer to. None where the payment exists all the same: it is paid already, and "
        "was found by its status after its first answer was lost; or DOKU's answer had no link.",
        "reference_no": "DOKU's reference, if it gave one.",
        "external_id": "The X-EXTERNAL-ID that it was sent under.",
        "valid_up_to": "When the link dies; None where there is none.",
        "response_code": "The seven digits that DOKU answered.",
        "is_recorded": "Whether the journal has it. False where writing it down failed: it is true all the same.",
        "raw_json": "All that DOKU answered, as JSON text.",
    }
    partner_reference_no: str
    amount: "Decimal"
    redirect_url: "Optional[str]"
    reference_no: "Optional[str]"
    external_id: str
    valid_up_to: "Optional[datetime]"
    response_code: str
    is_recorded: bool
    raw_json: str


class Refund(_Told):
    """A refund that DOKU has made."""

    __slots__ = {
        "original_partner_reference_no": "Your own reference of the payment.",
        "partner_refund_no": "Your own number of the refund.",
        "amount": "The amount in rupiah, with two decimals.",
        "refund_no": "DOKU's number of the refund, if it gave one.",
        "original_reference_no": "DOKU's reference of the payment, if it gave one.",
        "refund_time": "When; a date without a zone is taken as Jakarta's. None where DOKU gave none that can be read.",
        "external_id": "The X-EXTERNAL-ID that it was sent under.",
        "response_code": "The seven digits that DOKU answered.",
        "is_recorded": "Whether the journal has it. False where writing it down failed: it is true all the same.",
        "raw_json": "All that DOKU answered, as JSON text.",
    }
    original_partner_reference_no: str
    partner_refund_no: str
    amount: "Decimal"
    refund_no: "Optional[str]"
    original_reference_no: "Optional[str]"
    refund_time: "Optional[datetime]"
    external_id: str
    response_code: str
    is_recorded: bool
    raw_json: str


class RefundEntry(_Result):
    """One refund of a payment, as DOKU lists it."""

    __slots__ = {
        "partner_refund_no": "Your own number of the refund.",
        "refund_no": "DOKU's number of the refund.",
        "amount": "The amount in rupiah.",
        "status": "Its state; None where DOKU did not say, or said something unknown.",
        "refund_date": "When.",
        "reason": "Why.",
    }
    partner_refund_no: "Optional[str]"
    refund_no: "Optional[str]"
    amount: "Optional[Decimal]"
    status: "Optional[RefundStatus]"
    refund_date: "Optional[datetime]"
    reason: "Optional[str]"


class Status(_Told):
    """What DOKU says of a payment and its refunds."""

    __slots__ = {
        "original_partner_reference_no": "Your own reference.",
        "original_reference_no": "DOKU's reference.",
        "transaction_status": "The state; None where DOKU said nothing readable about it.",
        "transaction_status_desc": "DOKU's words for the state.",
        "is_final": "Whether asking again will not change the answer.",
        "amount": "The amount in rupiah.",
        "fee": "DOKU's fee in rupiah.",
        "paid_time": "When it was paid; a date without a zone is taken as Jakarta's.",
        "approval_code": "The approval code.",
        "original_external_id": "The X-EXTERNAL-ID of the payment.",
        "refunds": "The refunds that DOKU lists.",
        "has_refund_history": "Whether DOKU lists refunds at all: its silence proves nothing about a refund.",
        "response_code": "The seven digits that DOKU answered.",
        "raw_json": "All that DOKU answered, as JSON text.",
    }
    original_partner_reference_no: str
    original_reference_no: "Optional[str]"
    transaction_status: "Optional[TransactionStatus]"
    transaction_status_desc: "Optional[str]"
    is_final: bool
    amount: "Optional[Decimal]"
    fee: "Optional[Decimal]"
    paid_time: "Optional[datetime]"
    approval_code: "Optional[str]"
    original_external_id: "Optional[str]"
    refunds: "tuple[RefundEntry, ...]"
    has_refund_history: bool
    response_code: str
    raw_json: str

    @property
    def is_paid(self) -> bool:
        """Whether the customer has paid. No longer True when the payment was refunded."""
        return self.transaction_status == "paid"


class Record(_Told):
    """What the journal knows of a payment or a refund, as it was when it was read."""

    __slots__ = {
        "operation": "A payment or a refund.",
        "reference": "partner_reference_no of a payment, refund_no of a refund.",
        "original_partner_reference_no": "The payment that a refund is for.",
        "amount": "The amount in rupiah, with two decimals.",
        "state": "What is known of it.",
        "is_open": "Whether its fate is not known.",
        "transaction_status": "What DOKU last said of a payment's money.",
        "is_paid_after_cancel": "Whether a payment was paid after it had been given up or had expired: give the money back.",
        "external_id": "The X-EXTERNAL-ID of its last attempt.",
        "attempts": "How many attempts there were.",
        "created": "When it was first written down.",
        "changed": "When it last changed.",
        "valid_up_to": "When the payment's link dies.",
        "next_inquiry": "When settle() will ask about it again; None where nothing is open.",
        "inquiries": "How often it was asked about.",
        "note": "What a person should know: why it is in conflict, or why it was closed by hand.",
        "trail": "What happened, line by line with its time, for a support desk.",
        "comparison": "How it compares with what DOKU says, where it comes from reconcile().",
        "finding": "What the comparison found, as a sentence.",
        "raw_json": "What DOKU answered, as JSON text; empty where it has not, or a person closed the record.",
        "json": "All of the record as one line of JSON, for an export.",
    }
    operation: "Operation"
    reference: str
    original_partner_reference_no: "Optional[str]"
    amount: "Decimal"
    state: "RecordState"
    is_open: bool
    transaction_status: "Optional[TransactionStatus]"
    is_paid_after_cancel: bool
    external_id: str
    attempts: int
    created: "datetime"
    changed: "datetime"
    valid_up_to: "Optional[datetime]"
    next_inquiry: "Optional[datetime]"
    inquiries: int
    note: "Optional[str]"
    trail: str
    comparison: "Comparison"
    finding: str
    raw_json: str
    json: str


class Settled(_Result):
    """What Client.settle() asked about: to be gone through and counted like a tuple of records."""

    __slots__ = {
        "records": "The records that were asked about, as they are now.",
        "is_complete": "Whether all that was due was asked about; False where the time was over first: call it again.",
    }
    records: "tuple[Record, ...]"
    is_complete: bool

    def __iter__(self) -> "Iterator[Record]":
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)


class Reconciliation(_Result):
    """What Client.reconcile() found."""

    __slots__ = {
        "records": "The records that were compared, the oldest first.",
        "is_complete": "Whether all records of the day were compared; False where the time was over first.",
    }
    records: "tuple[Record, ...]"
    is_complete: bool

    @property
    def differences(self) -> "tuple[Record, ...]":
        """The records that contradict DOKU: a person has to look."""
        return tuple(record for record in self.records if record.comparison == "differs")


class Notification(_Told):
    """What DOKU says has become of a payment."""

    __slots__ = {
        "key": "What tells one event from another: the reference, the status and DOKU's reference.",
        "original_partner_reference_no": "Your own reference of the payment.",
        "original_reference_no": "DOKU's reference.",
        "original_external_id": "The X-EXTERNAL-ID of the payment.",
        "transaction_status": "The state; None where DOKU said something unknown.",
        "transaction_status_desc": "DOKU's words for the state.",
        "amount": "The amount in rupiah, where DOKU gives it.",
        "channel": "The channel.",
        "created_time": "When the transaction began.",
        "finished_time": "When the transaction ended.",
        "raw_json": "All that DOKU sent, as JSON text.",
    }
    key: str
    original_partner_reference_no: str
    original_reference_no: "Optional[str]"
    original_external_id: "Optional[str]"
    transaction_status: "Optional[TransactionStatus]"
    transaction_status_desc: "Optional[str]"
    amount: "Optional[Decimal]"
    channel: "Optional[str]"
    created_time: "Optional[datetime]"
    finished_time: "Optional[datetime]"
    raw_json: str

    @property
    def is_paid(self) -> bool:
        """Whether it says that the customer has paid."""
        return self.transaction_status == "paid"


class WebhookAnswer(_Result):
    """What is to be sent back to DOKU."""

    __slots__ = {
        "status": "The HTTP status.",
        "headers": "Pairs of name and value, Content-Type among them.",
        "body": "The body, as JSON text; it may hold the token that was issued.",
        "reason": "Why it was not accepted, for your own log. DOKU is told less.",
    }
    status: int
    headers: "tuple[tuple[str, str], ...]"
    body: str
    reason: str

    @property
    def is_accepted(self) -> bool:
        """Whether what came in was accepted (HTTP 200)."""
        return self.status == 200


class InboxEntry(_Told):
    """A notification that somebody has yet to look at."""

    __slots__ = {
        "key": "See Notification.key.",
        "reference": "The payment's reference.",
        "is_acknowledged": "Whether you have acknowledged it.",
        "is_stale": "Whether it was DOKU's own but too old to be believed.",
        "is_known": "Whether the journal knew the payment.",
        "first_came": "When it first came.",
        "last_came": "When it last came or was acknowledged.",
        "count": "How often it came or was acknowledged.",
        "raw_json": "All that DOKU sent, as JSON text.",
    }
    key: str
    reference: str
    is_acknowledged: bool
    is_stale: bool
    is_known: bool
    first_came: "datetime"
    last_came: "datetime"
    count: int
    raw_json: str


class Setting(_Result):
    """One setting, as list_settings() tells it."""

    __slots__ = {
        "name": "Its name, the same in every language.",
        "kind": "What its value looks like.",
        "default": "The value when none is given.",
        "required": "Whether a client cannot be made without it.",
        "secret": "Whether its value must not be seen.",
        "help": "What it does, with its unit.",
    }
    name: str
    kind: str
    default: "Optional[str]"
    required: bool
    secret: bool
    help: str


def _shown_as_callers_write_them() -> None:
    """`bayar.Payment`, also in a pickle."""
    for each in list(globals().values()):
        if isinstance(each, type) and issubclass(each, _Result):
            each.__module__ = "bayar" if not each.__name__.startswith("_") else __name__


_shown_as_callers_write_them()
