# The native part. What its members do is in their docstrings.

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Union, final

from typing_extensions import Self, Unpack

from ._results import (
    InboxEntry,
    Notification,
    Payment,
    Reconciliation,
    Record,
    Refund,
    Setting,
    Settled,
    Status,
    WebhookAnswer,
)
from ._words import DeliveryOrder, Operation, Resolution
from .settings import Settings

_Amount = Union[int, Decimal, str]
_Headers = Union[Mapping[str, str], Iterable[tuple[str, str]]]

__all__ = [
    "Cancel",
    "Client",
    "Delivery",
    "RecordIterator",
    "list_settings",
    "format_timestamp",
    "minify",
    "new_external_id",
    "request_string_to_sign",
    "sign_request",
    "sign_token_request",
    "verify_request",
    "verify_token_request",
    "__version__",
]

__version__: str

@final
class Client:
    def __new__(cls, **settings: Unpack[Settings]) -> Self: ...
    @classmethod
    def from_env(cls, **settings: Unpack[Settings]) -> Client: ...
    @classmethod
    def from_file(cls, path: str | os.PathLike[str], **settings: Unpack[Settings]) -> Client: ...
    def pay(
        self,
        partner_reference_no: str,
        amount: _Amount,
        *,
        return_url: str | None = None,
        title: str | None = None,
        valid_up_to: datetime | str | None = None,
        is_deep_link: bool = False,
        point_of_initiation: str | None = None,
        support_deep_link_checkout_url: bool | None = None,
        channel: str | None = None,
        device_id: str | None = None,
        ip_address: str | None = None,
        extra: Mapping[str, Any] | str | None = None,
    ) -> Payment: ...
    def refund(
        self,
        original_partner_reference_no: str,
        amount: _Amount,
        *,
        refund_no: str,
        reason: str | None = None,
        original_external_id: str | None = None,
        allow_over_refund: bool = False,
        channel: str | None = None,
        device_id: str | None = None,
        ip_address: str | None = None,
        extra: Mapping[str, Any] | str | None = None,
    ) -> Refund: ...
    def status(self, original_partner_reference_no: str) -> Status: ...
    def wait(self, original_partner_reference_no: str, timeout: float | timedelta) -> Status: ...
    def warm_up(self) -> None: ...
    def settle(self, timeout: float | timedelta) -> Settled: ...
    def resolve(
        self, operation: Operation | str, reference: str, resolution: Resolution | str, reason: str
    ) -> Record: ...
    def reconcile(self, day: date | str, timeout: float | timedelta) -> Reconciliation: ...
    def records(
        self, *, open: bool = False, reference: str | None = None, day: date | str | None = None
    ) -> Iterator[Record]: ...
    def record(self, operation: Operation | str, reference: str) -> Record | None: ...
    def create_journal(self) -> None: ...
    def webhook_token(self, method: str, path: str, headers: _Headers, body: bytes | str) -> WebhookAnswer: ...
    def notification(self, method: str, path: str, headers: _Headers, body: bytes | str) -> Delivery: ...
    def acknowledge(self, delivery: Delivery) -> None: ...
    def reject_unknown(self, delivery: Delivery) -> None: ...
    def inbox(self) -> tuple[InboxEntry, ...]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...
    def _with_cancel(self, cancel: Cancel) -> Client: ...

@final
class Delivery:
    @property
    def notification(self) -> Notification | None: ...
    @property
    def is_genuine(self) -> bool: ...
    @property
    def is_paid(self) -> bool: ...
    @property
    def key(self) -> str | None: ...
    @property
    def order(self) -> DeliveryOrder | None: ...
    @property
    def is_known(self) -> bool: ...
    @property
    def mismatch(self) -> str | None: ...
    @property
    def status_instead(self) -> Status | None: ...
    @property
    def answer(self) -> WebhookAnswer: ...

@final
class Cancel:
    def __new__(cls) -> Self: ...
    def set(self) -> None: ...

@final
class RecordIterator:
    def __iter__(self) -> Self: ...
    def __next__(self) -> Record: ...

def list_settings() -> list[Setting]: ...
def sign_request(
    client_secret: str, method: str, path: str, token: str, body: bytes | str, timestamp: str
) -> str: ...
def request_string_to_sign(method: str, path: str, token: str, body: bytes | str, timestamp: str) -> str: ...
def verify_request(
    client_secret: str, method: str, path: str, token: str, body: bytes | str, timestamp: str, signature: str
) -> None: ...
def sign_token_request(
    private_key_pem: str, client_id: str, timestamp: str, *, passphrase: str | None = None
) -> str: ...
def verify_token_request(public_key_pem: str, client_id: str, timestamp: str, signature: str) -> None: ...
def minify(json: bytes | str) -> bytes: ...
def format_timestamp(moment: datetime) -> str: ...
def new_external_id() -> str: ...
