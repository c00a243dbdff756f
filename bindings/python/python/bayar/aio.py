"""The client for asyncio, with the same names: every call is a coroutine, run in a thread of a pool of its own.

    import bayar.aio

    async with bayar.aio.Client.from_env() as client:
        payment = await client.pay("INV-0001", 10_000, return_url="https://shop.example/thanks")

Cancelling a task, also by a timeout, ends its call at once and truthfully (within some 50 ms): the CancelledError has the
call's own exception as its cause, NotSent where no byte of the payment or refund was sent, else OutcomeUnknown. Then the next
call with the same reference settles it.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import bayar

from ._bayar import Cancel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from datetime import date, datetime, timedelta
    from decimal import Decimal
    from typing import Any, TypeVar, Union

    from typing_extensions import Self, Unpack

    from .settings import Settings

    Amount = Union[int, Decimal, str]
    Headers = Union[Mapping[str, str], Iterable[tuple[str, str]]]
    T = TypeVar("T")

# How many records are fetched in one go.
_PAGE = 100


class Client:
    """bayar.Client for asyncio; see there for what the calls do. `threads` of them run at once, further ones wait."""

    def __init__(self, *, threads: int = 32, **settings: Unpack[Settings]) -> None:
        self._begin(bayar.Client(**settings), threads)

    def _begin(self, client: bayar.Client, threads: int) -> None:
        self._client = client
        self._threads = threads
        self._pools: dict[int, ThreadPoolExecutor] = {}

    @classmethod
    def of(cls, client: bayar.Client, *, threads: int = 32) -> Self:
        """The same client for asyncio: connections, token and journal are shared, and closed together."""
        self = cls.__new__(cls)
        self._begin(client, threads)
        return self

    @classmethod
    def from_env(cls, *, threads: int = 32, **settings: Unpack[Settings]) -> Self:
        """See bayar.Client.from_env()."""
        return cls.of(bayar.Client.from_env(**settings), threads=threads)

    @classmethod
    def from_file(
        cls, path: Union[str, os.PathLike[str]], *, threads: int = 32, **settings: Unpack[Settings]
    ) -> Self:
        """See bayar.Client.from_file()."""
        return cls.of(bayar.Client.from_file(path, **settings), threads=threads)

    async def pay(
        self,
        partner_reference_no: str,
        amount: Amount,
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
    ) -> bayar.Payment:
        """See bayar.Client.pay()."""
        return await self._call(
            lambda client: client.pay(
                partner_reference_no,
                amount,
                return_url=return_url,
                title=title,
                valid_up_to=valid_up_to,
                is_deep_link=is_deep_link,
                point_of_initiation=point_of_initiation,
                support_deep_link_checkout_url=support_deep_link_checkout_url,
                channel=channel,
                device_id=device_id,
                ip_address=ip_address,
                extra=extra,
            )
        )

    async def refund(
        self,
        original_partner_reference_no: str,
        amount: Amount,
        *,
        refund_no: str,
        reason: str | None = None,
        original_external_id: str | None = None,
        allow_over_refund: bool = False,
        channel: str | None = None,
        device_id: str | None = None,
        ip_address: str | None = None,
        extra: Mapping[str, Any] | str | None = None,
    ) -> bayar.Refund:
        """See bayar.Client.refund()."""
        return await self._call(
            lambda client: client.refund(
                original_partner_reference_no,
                amount,
                refund_no=refund_no,
                reason=reason,
                original_external_id=original_external_id,
                allow_over_refund=allow_over_refund,
                channel=channel,
                device_id=device_id,
                ip_address=ip_address,
                extra=extra,
            )
        )

    async def status(self, original_partner_reference_no: str) -> bayar.Status:
        """See bayar.Client.status()."""
        return await self._call(lambda client: client.status(original_partner_reference_no))

    async def wait(self, original_partner_reference_no: str, timeout: float | timedelta) -> bayar.Status:
        """See bayar.Client.wait(). It has a thread for as long as it waits."""
        return await self._call(lambda client: client.wait(original_partner_reference_no, timeout))

    async def warm_up(self) -> None:
        """See bayar.Client.warm_up()."""
        await self._call(lambda client: client.warm_up())

    async def settle(self, timeout: float | timedelta) -> bayar.Settled:
        """See bayar.Client.settle()."""
        return await self._call(lambda client: client.settle(timeout))

    async def resolve(
        self,
        operation: bayar.Operation | str,
        reference: str,
        resolution: bayar.Resolution | str,
        reason: str,
    ) -> bayar.Record:
        """See bayar.Client.resolve()."""
        return await self._call(lambda client: client.resolve(operation, reference, resolution, reason))

    async def reconcile(self, day: date | str, timeout: float | timedelta) -> bayar.Reconciliation:
        """See bayar.Client.reconcile()."""
        return await self._call(lambda client: client.reconcile(day, timeout))

    async def records(
        self, *, open: bool = False, reference: str | None = None, day: date | str | None = None
    ) -> AsyncIterator[bayar.Record]:
        """See bayar.Client.records(): `async for record in client.records():`."""
        found = self._client.records(open=open, reference=reference, day=day)
        while page := await self._call(lambda _: list(islice(found, _PAGE))):
            for record in page:
                yield record

    async def record(self, operation: bayar.Operation | str, reference: str) -> bayar.Record | None:
        """See bayar.Client.record()."""
        return await self._call(lambda client: client.record(operation, reference))

    async def create_journal(self) -> None:
        """See bayar.Client.create_journal()."""
        await self._call(lambda client: client.create_journal())

    async def webhook_token(
        self, method: str, path: str, headers: Headers, body: bytes | str
    ) -> bayar.WebhookAnswer:
        """See bayar.Client.webhook_token()."""
        return await self._call(lambda client: client.webhook_token(method, path, headers, body))

    async def notification(self, method: str, path: str, headers: Headers, body: bytes | str) -> bayar.Delivery:
        """See bayar.Client.notification()."""
        return await self._call(lambda client: client.notification(method, path, headers, body))

    async def acknowledge(self, delivery: bayar.Delivery) -> None:
        """See bayar.Client.acknowledge()."""
        await self._call(lambda client: client.acknowledge(delivery))

    async def reject_unknown(self, delivery: bayar.Delivery) -> None:
        """See bayar.Client.reject_unknown()."""
        await self._call(lambda client: client.reject_unknown(delivery))

    async def inbox(self) -> tuple[bayar.InboxEntry, ...]:
        """See bayar.Client.inbox()."""
        return await self._call(lambda client: client.inbox())

    async def close(self) -> None:
        """Close the client once the calls under way are over. Closing again is nothing."""
        pool = self._pools.pop(os.getpid(), None)
        if pool is not None:
            await asyncio.get_running_loop().run_in_executor(None, pool.shutdown)
        self._client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return repr(self._client).replace("<bayar.Client", "<bayar.aio.Client", 1)

    async def _call(self, call: Callable[[bayar.Client], T]) -> T:
        cancel = Cancel()
        work = self._pool().submit(call, self._client._with_cancel(cancel))
        done = asyncio.wrap_future(work)
        # Whatever becomes of it is asked for, or told by the cause below.
        done.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError as stopped:
            if work.cancel():
                raise  # No thread had taken it up: nothing was sent.
            cancel.set()
            await asyncio.wait({done})
            if done.cancelled():
                raise
            raise stopped from done.exception()

    def _pool(self) -> ThreadPoolExecutor:
        # After a fork the parent's pool has no threads in the child.
        pool = self._pools.get(os.getpid())
        if pool is None:
            pool = ThreadPoolExecutor(self._threads, thread_name_prefix="bayar")
            pool = self._pools.setdefault(os.getpid(), pool)
        return pool
