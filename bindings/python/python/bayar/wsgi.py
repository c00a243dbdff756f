"""A WSGI application with the two routes at which DOKU tells a shop that a customer has paid.

    import bayar
    from bayar.wsgi import Webhook

    def paid(delivery):                      # called once for each genuine notification that is new
        with database.transaction():
            if database.insert_key(delivery.key):           # a unique key: acts once, however often it is sent
                if delivery.mismatch: ...                   # another amount than ordered: a person has to look
                elif delivery.is_paid: ...                  # mark it as paid

    application = Webhook(bayar.Client.from_env(), paid)

Where `paid` returns, DOKU is told that you have it; where it raises, that it failed, and DOKU sends it again. Where it raises
bayar.UnknownOrder, that you have no such order. Mount it anywhere: in Flask with werkzeug's DispatcherMiddleware.
"""

from __future__ import annotations

import bayar

from ._webhook import FAILED, MOST_READ, NO_ROUTE, NOTIFICATION_PATH, TOKEN_PATH, Paths, log_failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Environ = dict[str, Any]


class Webhook:
    """The two routes. See the module.

    token_path, notification_path: where they are, below the place where the application is mounted, or as a whole.
    on_status: called with what DOKU said when it was asked instead of believing a notification that was its own but too old.
    """

    def __init__(
        self,
        client: bayar.Client,
        handler: Callable[[bayar.Delivery], object],
        *,
        token_path: str = TOKEN_PATH,
        notification_path: str = NOTIFICATION_PATH,
        on_status: Callable[[bayar.Status], object] | None = None,
    ) -> None:
        self._client = client
        self._handler = handler
        self._on_status = on_status
        self._paths = Paths(token_path, notification_path)

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        answer = self._answer(environ)
        body = answer.body.encode()
        headers = [*answer.headers, ("Content-Length", str(len(body)))]
        start_response(f"{answer.status} {_PHRASES.get(answer.status, 'Answer')}", headers)
        return [body]

    def _answer(self, environ: Environ) -> bayar.WebhookAnswer:
        path, root = environ.get("PATH_INFO", ""), environ.get("SCRIPT_NAME", "")
        route = self._paths.route(path, root)
        if route is None:
            return NO_ROUTE
        try:
            request = (environ["REQUEST_METHOD"], root + path, _headers(environ), _body(environ))
            if route == "token":
                return self._client.webhook_token(*request)
            return self._take(self._client.notification(*request))
        except Exception:
            log_failure("A request of DOKU's could not be answered; DOKU will send it again.")
            return FAILED

    def _take(self, delivery: bayar.Delivery) -> bayar.WebhookAnswer:
        if delivery.is_genuine:
            try:
                # What is no news was acted upon before, or says less than what is known.
                if delivery.order is bayar.DeliveryOrder.NEW:
                    self._handler(delivery)
            except bayar.UnknownOrder:
                self._client.reject_unknown(delivery)
            except Exception:
                log_failure("The handler of a notification failed; DOKU will send it again.")
            else:
                self._client.acknowledge(delivery)
        instead = delivery.status_instead
        if instead is not None and self._on_status is not None:
            self._on_status(instead)
        return delivery.answer


_PHRASES = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 500: "Internal Server Error"}


def _headers(environ: Environ) -> list[tuple[str, str]]:
    headers = [(key[5:].replace("_", "-"), value) for key, value in environ.items() if key.startswith("HTTP_")]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", environ["CONTENT_TYPE"]))
    return headers


def _body(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit():
        most = min(int(length), MOST_READ)
    else:
        # Without a length there is an end only where the server says so.
        most = MOST_READ if environ.get("wsgi.input_terminated") else 0
    pieces: list[bytes] = []
    while most > 0:
        piece: bytes = environ["wsgi.input"].read(most)
        if not piece:
            break
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)
