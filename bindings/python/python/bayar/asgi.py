"""An ASGI application with the two routes at which DOKU tells a shop that a customer has paid.

    import bayar.aio
    from bayar.asgi import Webhook

    async def paid(delivery): ...            # as in bayar.wsgi; a plain function runs in a thread

    application = Webhook(bayar.aio.Client.from_env(), paid)

Mount it anywhere: `app.mount("/doku", application)` in Starlette and FastAPI.
"""

from __future__ import annotations

import asyncio
import inspect

import bayar
import bayar.aio

from ._webhook import FAILED, MOST_READ, NO_ROUTE, NOTIFICATION_PATH, TOKEN_PATH, Paths, log_failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Webhook:
    """The two routes. See the module, and bayar.wsgi.Webhook for the parameters."""

    def __init__(
        self,
        client: bayar.aio.Client | bayar.Client,
        handler: Callable[[bayar.Delivery], object],
        *,
        token_path: str = TOKEN_PATH,
        notification_path: str = NOTIFICATION_PATH,
        on_status: Callable[[bayar.Status], object] | None = None,
    ) -> None:
        self._client = client if isinstance(client, bayar.aio.Client) else bayar.aio.Client.of(client)
        self._handler = handler
        self._on_status = on_status
        self._paths = Paths(token_path, notification_path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"the webhook speaks http, not {scope['type']}")
        answer = await self._answer(scope, receive)
        body = answer.body.encode()
        headers = [*answer.headers, ("Content-Length", str(len(body)))]
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> bayar.WebhookAnswer:
        route = self._paths.route(scope["path"], scope.get("root_path", ""))
        if route is None:
            return NO_ROUTE
        try:
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
            request = (scope["method"], scope["path"], headers, await _body(receive))
            if route == "token":
                return await self._client.webhook_token(*request)
            return await self._take(await self._client.notification(*request))
        except Exception:
            log_failure("A request of DOKU's could not be answered; DOKU will send it again.")
            return FAILED

    async def _take(self, delivery: bayar.Delivery) -> bayar.WebhookAnswer:
        if delivery.is_genuine:
            try:
                if delivery.order is bayar.DeliveryOrder.NEW:
                    await _run(self._handler, delivery)
            except bayar.UnknownOrder:
                await self._client.reject_unknown(delivery)
            except Exception:
                log_failure("The handler of a notification failed; DOKU will send it again.")
            else:
                await self._client.acknowledge(delivery)
        instead = delivery.status_instead
        if instead is not None and self._on_status is not None:
            await _run(self._on_status, instead)
        return delivery.answer


async def _run(function: Callable[..., object], argument: object) -> None:
    """Calls the shop's function: a coroutine function here, a plain one in a thread."""
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None)):
        await function(argument)  # type: ignore[misc]
        return
    result = await asyncio.get_running_loop().run_in_executor(None, function, argument)
    if inspect.isawaitable(result):
        await result


async def _body(receive: Receive) -> bytes:
    pieces = b""
    while len(pieces) < MOST_READ:
        message = await receive()
        if message["type"] != "http.request":
            break
        pieces += message.get("body", b"")
        if not message.get("more_body"):
            break
    return pieces[:MOST_READ]


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
