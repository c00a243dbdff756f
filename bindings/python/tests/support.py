"""What the tests share: a sandbox in a process of its own, and a server that answers what a test says."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable

import bayar

REPOSITORY = Path(__file__).resolve().parents[3]
VECTORS = REPOSITORY / "tests" / "vectors"
RETURN_URL = "https://shop.example/thanks"


def program() -> str:
    given = os.environ.get("BAYAR_SANDBOX_PROGRAM")
    return given or str(REPOSITORY / "target" / "debug" / "bayar-sandbox")


class Sandbox:
    """A sandbox that serves until it is closed."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [program(), "serve", *arguments], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.environment: dict[str, str] = {}
        assert self._process.stdout is not None
        for line in self._process.stdout:
            found = re.match(r"export (\w+)='(.*)'$", line)
            if found:
                self.environment[found[1]] = found[2]
                if found[1] == "BAYAR_CA_FILE":
                    break
        self.url = self.environment["BAYAR_SANDBOX_URL"]
        self._tls = ssl.create_default_context(cafile=self.environment["BAYAR_CA_FILE"])

    def settings(self, **more: Any) -> dict[str, Any]:
        names = {setting.name for setting in bayar.list_settings()}
        found = {key[6:].lower(): value for key, value in self.environment.items()}
        settings = {name: value for name, value in found.items() if name in names}
        return {**settings, "tls_roots": "none", "status_interval_ms": 50, "return_url": RETURN_URL, **more}

    def client(self, **more: Any) -> bayar.Client:
        return bayar.Client(**self.settings(**more))

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        method = method or ("GET" if body is None else "POST")
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, context=self._tls, timeout=20) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from None
        return json.loads(text) if text else None

    def counts(self) -> Any:
        return self.ask("counts")

    def payment(self, reference: str) -> Any:
        return self.ask(f"payments/{reference}")

    def approve(self, reference: str) -> None:
        self.ask(f"payments/{reference}/approve", method="POST")

    def misbehave(self, on: str, what: str, times: int = 1, **more: Any) -> None:
        self.ask("misbehave", {"on": on, "times": times, "what": what, **more})

    def behave(self) -> None:
        self.ask("behave", method="POST")

    def close(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=20)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


Answer = "tuple[int, str] | None"


class FakeDoku:
    """A server on this machine whose answers a test gives; it keeps what was sent. None hangs up without an answer."""

    def __init__(self, answer: Callable[[str, bytes], Any] | None = None, token: str = "token-1") -> None:
        self.seen: list[tuple[str, list[tuple[str, str]], bytes]] = []
        self.answer = answer or (lambda path, body: (500, "{}"))
        self.token: Any = (200, json.dumps({"responseCode": "2007300", "accessToken": token, "expiresIn": "900"}))
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                is_token = self.path.endswith("/access-token/b2b")
                if not is_token:
                    fake.seen.append((self.path, list(self.headers.items()), body))
                answer = fake.token if is_token else fake.answer(self.path, body)
                if answer is None:
                    self.close_connection = True
                    self.connection.shutdown(2)
                    return
                status, text = answer
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def settings(self, **more: Any) -> dict[str, Any]:
        settings = {
            "environment": "sandbox",
            "base_url": self.url,
            "client_id": "BRN-0211-1696919651918",
            "client_secret": "SK-bayar-vectors-0001",
            "private_key": merchant_key(),
            "return_url": RETURN_URL,
        }
        return {**settings, **more}

    def client(self, **more: Any) -> bayar.Client:
        return bayar.Client(**self.settings(**more))

    def __enter__(self) -> FakeDoku:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def paid(path: str, body: bytes) -> tuple[int, str]:
    """DOKU's answer to a payment that it takes."""
    reference = json.loads(body).get("partnerReferenceNo")
    return 200, json.dumps(
        {
            "responseCode": "2005400",
            "responseMessage": "Successful",
            "partnerReferenceNo": reference,
            "referenceNo": "2020102977770000000009",
            "webRedirectUrl": "https://doku.example/link",
        }
    )


def is_day_safe() -> bool:
    """Near midnight in Jakarta or in Greenwich the library rightly resends nothing (journal.md rule 4)."""
    return all(720 <= (time.time() + zone) % 86_400 < 86_400 - 780 for zone in (0, 7 * 3600))


def merchant_key() -> str:
    return str(vectors("token")["private_key_pem"])


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
