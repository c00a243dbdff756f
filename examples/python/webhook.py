"""A shop's web server: the two routes at which DOKU tells it that a customer has paid, and an order book on SQLite.

    python webhook.py PORT DATABASE           such as: python webhook.py 8089 orders.db

The settings come from the environment, BAYAR_DOKU_PUBLIC_KEY_FILE and BAYAR_JOURNAL among them. Port 0 is any free one;
which, is printed. This is Python's own small server: in earnest the same application runs below gunicorn or in Flask
(docs: bayar.wsgi), behind a proxy that speaks HTTPS. Ends with Ctrl-C.
"""

from __future__ import annotations

import sqlite3
import sys
from wsgiref.simple_server import make_server

import bayar
from bayar.wsgi import Webhook


class Orders:
    """The shop's own database. The key of an event is unique: what was acted upon is not acted upon again."""

    def __init__(self, path: str) -> None:
        self._path = path
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE IF NOT EXISTS doku_event (key TEXT PRIMARY KEY, what TEXT NOT NULL)")

    def take(self, delivery: bayar.Delivery) -> None:
        said = delivery.notification
        assert said is not None  # It is called for genuine ones only.
        if delivery.mismatch is not None:
            what = f"LOOK: {delivery.mismatch}"
        elif delivery.is_paid:
            what = f"PAID {said.amount}"
        else:
            what = str(said.transaction_status)
        # Committed when this returns; then DOKU is told that the shop has it. Whatever is raised has DOKU send it again.
        with sqlite3.connect(self._path) as database:
            added = database.execute(
                "INSERT INTO doku_event (key, what) VALUES (?, ?) ON CONFLICT DO NOTHING", (said.key, what)
            )
            if added.rowcount:
                print(f"{said.original_partner_reference_no}  {what}", flush=True)
                # Here: UPDATE invoice SET paid = TRUE ..., in the same transaction.


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with bayar.Client.from_env() as client:
        application = Webhook(client, Orders(sys.argv[2]).take)
        with make_server("127.0.0.1", int(sys.argv[1]), application) as server:
            print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
