"""The exceptions, by what one must do about them.

    BayarError
      ConfigurationError     mend the settings; `field` names the one
      InvalidArgument        mend the argument; `field` names it (also a ValueError)
      NotSent                nothing happened: mend the cause (the network), call again with the same reference
      Refused                DOKU said no, nothing happened: `retryable` says whether the same may be tried again
      OutcomeUnknown         it may have happened: call again with the same reference, never with a new one
      AuthenticationError    DOKU does not accept the client id, the key or the token: mend the credentials
      SignatureError         a signature that was to be verified does not match
      JournalError           the journal cannot be used: nothing was sent
      InternalError          a fault of the library's own: please report it

Whatever the class, `outcome` says what is true about the money. Where the outcome of something that may have been sent is not
known, the exception is always an OutcomeUnknown, and also an AuthenticationError, JournalError or InternalError where it is one.
"""

from ._words import Code, Outcome, Retry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


class BayarError(Exception):
    """Why a call failed, what that means for the money, and what to do. All others are of this class."""

    message: str
    """The sentence for people, without what to do next and without any secret."""
    code: "Code"
    """What went wrong."""
    outcome: "Outcome"
    """What is true about the payment or refund."""
    retry: "Retry"
    """What to do next."""
    field: "Optional[str]"
    """The argument or setting at fault."""
    response_code: "Optional[str]"
    """The seven digits that DOKU answered, if it did."""
    http_status: "Optional[int]"
    """The HTTP status of the answer, if one came."""
    external_id: "Optional[str]"
    """The X-EXTERNAL-ID under which it was or would have been sent: what DOKU's support asks for."""

    _usual = Outcome.NOT_SENT

    def __init__(
        self,
        message: str,
        *,
        code: "int" = Code.INTERNAL,
        outcome: "Optional[str]" = None,
        retry: "str" = Retry.NO,
        field: "Optional[str]" = None,
        response_code: "Optional[str]" = None,
        http_status: "Optional[int]" = None,
        external_id: "Optional[str]" = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = Code(code)
        self.outcome = Outcome(outcome or self._usual)
        self.retry = Retry(retry)
        self.field = field
        self.response_code = response_code
        self.http_status = http_status
        self.external_id = external_id

    @property
    def retryable(self) -> bool:
        """Whether calling again with the same reference may help, at once or later."""
        return self.retry is not Retry.NO

    def __str__(self) -> str:
        # The core says it as well, where it knows more.
        said = "same reference" in self.message or "new reference" in self.message
        return " ".join(filter(None, (self.message, "" if said else self._advice(), self._details())))

    def _advice(self) -> str:
        return ""

    def _details(self) -> str:
        known = (
            ("HTTP", self.http_status),
            ("responseCode", self.response_code),
            ("X-EXTERNAL-ID", self.external_id),
        )
        told = ", ".join(f"{name} {value}" for name, value in known if value is not None)
        return f"[{self.code.name}{', ' if told else ''}{told}]"

    def __reduce__(self) -> "Any":
        return _restored, (type(self), self.message, {name: getattr(self, name) for name in _KEPT})


_KEPT = ("code", "outcome", "retry", "field", "response_code", "http_status", "external_id")


def _restored(kind: "type[BayarError]", message: str, kept: "dict[str, Any]") -> BayarError:
    return kind(message, **kept)


class ConfigurationError(BayarError):
    """A setting is missing, unknown or unusable; `field` names it. Nothing was sent."""


class InvalidArgument(BayarError, ValueError):
    """A value given to the call cannot be used; `field` names it. Nothing was sent."""


class NotSent(BayarError):
    """Nothing was sent, so nothing can have happened. Call again with the same reference."""

    def _advice(self) -> str:
        return "Nothing was sent: call again with the same reference." if self.retryable else "Nothing was sent."


class Refused(BayarError):
    """DOKU said no: nothing happened. Where it is `retryable`, the same reference may be tried again."""

    _usual = Outcome.REFUSED

    def _advice(self) -> str:
        if self.retryable:
            return "Nothing happened: the same reference may be tried again."
        return "Nothing happened: a changed request needs a new reference."


class OutcomeUnknown(BayarError):
    """It may have happened. Call again with the same reference, or ask its status; never use a new reference.

    Where it is not `retryable`, a person has to look first.
    """

    _usual = Outcome.UNKNOWN

    def _advice(self) -> str:
        if self.retryable:
            return "It may have happened: call again with the same reference, never with a new one."
        return "It may have happened: a person has to look, and must not use a new reference before."


class AuthenticationError(BayarError):
    """DOKU does not accept the client id, the signature or the token. Mend the credentials."""


class SignatureError(BayarError):
    """The signature does not match."""


class JournalError(BayarError):
    """The journal could not be read or written, so nothing was sent."""


class InternalError(BayarError):
    """A fault inside this library. Please report it."""


class AuthenticationOutcomeUnknown(OutcomeUnknown, AuthenticationError):
    """DOKU does not accept the credentials any more, and what was sent before may have happened."""


class JournalOutcomeUnknown(OutcomeUnknown, JournalError):
    """The journal failed, and what was sent before may have happened."""


class InternalOutcomeUnknown(OutcomeUnknown, InternalError):
    """A fault inside this library, and it may have happened. Please report it."""


class UnknownOrder(LookupError):
    """For your webhook's handler to raise: there is no such order. DOKU is then answered HTTP 404."""


_BY_CODE: dict[Code, tuple[type[BayarError], type[BayarError]]] = {
    Code.UNAUTHORIZED: (AuthenticationError, AuthenticationOutcomeUnknown),
    Code.INTERNAL: (InternalError, InternalOutcomeUnknown),
    Code.JOURNAL: (JournalError, JournalOutcomeUnknown),
    Code.SIGNATURE_MISMATCH: (SignatureError, OutcomeUnknown),
}
_BY_GROUP: dict[int, type[BayarError]] = {1: InvalidArgument, 2: ConfigurationError}
_BY_OUTCOME: dict[Outcome, type[BayarError]] = {Outcome.NOT_SENT: NotSent, Outcome.REFUSED: Refused, Outcome.UNKNOWN: OutcomeUnknown}


def make(
    message: str,
    code: int,
    outcome: str,
    retry: str,
    field: "Optional[str]",
    response_code: "Optional[str]",
    http_status: "Optional[int]",
    external_id: "Optional[str]",
) -> BayarError:
    """The exception for an error of the core's; called from the native part."""
    is_unknown = outcome == Outcome.UNKNOWN
    pair = _BY_CODE.get(Code(code))
    kind: type[BayarError]
    if pair is not None:
        kind = pair[is_unknown]
    elif is_unknown:
        kind = OutcomeUnknown
    else:
        kind = _BY_GROUP.get(code // 100) or _BY_OUTCOME[Outcome(outcome)]
    return kind(
        message,
        code=code,
        outcome=outcome,
        retry=retry,
        field=field,
        response_code=response_code,
        http_status=http_status,
        external_id=external_id,
    )


def _shown_as_callers_write_them() -> None:
    """A traceback says `bayar.NotSent`, and so does a pickle."""
    for each in list(globals().values()):
        if isinstance(each, type) and each.__module__ == __name__:
            each.__module__ = "bayar"


_shown_as_callers_write_them()
