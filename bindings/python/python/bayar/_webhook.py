"""What the WSGI and the ASGI application have in common: where the two routes are, and the answers of their own."""

from __future__ import annotations

import bayar

TOKEN_PATH = "/authorization/v1/access-token/b2b"
NOTIFICATION_PATH = "/v1.0/debit/notify"
# The core refuses a longer body, so the rest of it need not be read.
MOST_READ = 64 * 1024 + 1

FAILED = bayar.WebhookAnswer(
    500,
    (("Content-Type", "application/json"),),
    '{"responseCode":"5005600","responseMessage":"Internal Server Error"}',
    "",
)
NO_ROUTE = bayar.WebhookAnswer(404, (("Content-Type", "text/plain"),), "Not Found", "There is no such route.")


class Paths:
    """Which route a request is for."""

    def __init__(self, token_path: str, notification_path: str) -> None:
        self._token_path = token_path
        self._notification_path = notification_path

    def route(self, path: str, root: str) -> str | None:
        """`token`, `notification` or None. `root` is where the application is mounted, if it is."""
        for name, wanted in (("token", self._token_path), ("notification", self._notification_path)):
            if path == wanted or path == root + wanted or (root and path == wanted.removeprefix(root)):
                return name
        return None


def log_failure(what: str) -> None:
    import logging

    logging.getLogger("bayar").exception(what)
