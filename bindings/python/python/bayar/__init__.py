"""DANA e-wallet payments through DOKU: payments, refunds, their status, notifications, and a journal.

    import bayar

    with bayar.Client.from_env() as client:
        payment = client.pay("INV-0001", 10_000, return_url="https://shop.example/thanks", title="Shoes")
        print(payment.redirect_url)                        # send the customer there
        status = client.wait("INV-0001", timeout=300)      # until the customer has paid
        client.refund("INV-0001", 10_000, refund_no="INV-REF-0001", reason="Request by customer")

Every failure says what is true about the money: `except bayar.NotSent`, `bayar.Refused` or `bayar.OutcomeUnknown`; see
bayar.errors. Calling again with the same reference is always safe: the same one payment or refund comes of it, with the
setting `journal` also after a crash.

Amounts are rupiah: `int`, `Decimal` or `str`, never `float`. Times are aware datetimes. The log goes to the logger `bayar`.
`bayar.aio` has the same for asyncio; `bayar.wsgi` and `bayar.asgi` are the two webhook routes.
"""

from ._bayar import (
    Client,
    Delivery,
    __version__,
    format_timestamp,
    list_settings,
    minify,
    new_external_id,
    request_string_to_sign,
    sign_request,
    sign_token_request,
    verify_request,
    verify_token_request,
)
from ._results import (
    InboxEntry,
    Notification,
    Payment,
    Reconciliation,
    Record,
    Refund,
    RefundEntry,
    Setting,
    Settled,
    Status,
    WebhookAnswer,
)
from ._words import (
    Code,
    Comparison,
    DeliveryOrder,
    Operation,
    Outcome,
    RecordState,
    RefundStatus,
    Resolution,
    Retry,
    TransactionStatus,
)
from .errors import (
    AuthenticationError,
    AuthenticationOutcomeUnknown,
    BayarError,
    ConfigurationError,
    InternalError,
    InternalOutcomeUnknown,
    InvalidArgument,
    JournalError,
    JournalOutcomeUnknown,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignatureError,
    UnknownOrder,
)

__all__ = [
    "AuthenticationError",
    "AuthenticationOutcomeUnknown",
    "BayarError",
    "Client",
    "Code",
    "Comparison",
    "ConfigurationError",
    "Delivery",
    "DeliveryOrder",
    "InboxEntry",
    "InternalError",
    "InternalOutcomeUnknown",
    "InvalidArgument",
    "JournalError",
    "JournalOutcomeUnknown",
    "NotSent",
    "Notification",
    "Operation",
    "Outcome",
    "OutcomeUnknown",
    "Payment",
    "Reconciliation",
    "Record",
    "RecordState",
    "Refund",
    "RefundEntry",
    "RefundStatus",
    "Refused",
    "Resolution",
    "Retry",
    "Setting",
    "Settled",
    "SignatureError",
    "Status",
    "TransactionStatus",
    "UnknownOrder",
    "WebhookAnswer",
    "__version__",
    "format_timestamp",
    "list_settings",
    "minify",
    "new_external_id",
    "request_string_to_sign",
    "sign_request",
    "sign_token_request",
    "verify_request",
    "verify_token_request",
]
