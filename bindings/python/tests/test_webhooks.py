"""Notifications: from the sandbox, as DOKU sends them and as a forger does, through WSGI and ASGI and real frameworks."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

import bayar
import bayar.aio
from bayar import asgi, wsgi

TOKEN_PATH, NOTIFICATION_PATH = "/authorization/v1/access-token/b2b", "/v1.0/debit/notify"


class Shop:
    """A merchant's own side: what it was told."""

    def __init__(self) -> None:
        self.told: "list[bayar.Delivery]" = []
        self.statuses: "list[bayar.Status]" = []
        self.fails: "list[BaseException]" = []

    def paid(self, delivery):
        self.told.append(delivery)
        if self.fails:
            raise self.fails.pop(0)

    async def paid_later(self, delivery):
        await asyncio.sleep(0)
        self.paid(delivery)

    @property
    def keys(self):
        return [delivery.key for delivery in self.told]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def serving_wsgi(application):
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def serving_asgi(application):
    import uvicorn

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def plain_wsgi(client, shop):
    with serving_wsgi(wsgi.Webhook(client, shop.paid, on_status=shop.statuses.append)) as url:
        yield url, ""


@contextmanager
def flask(client, shop):
    from flask import Flask
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    app = Flask("shop")

    @app.route("/")
    def home():
        return "shop"

    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/doku": wsgi.Webhook(client, shop.paid, on_status=shop.statuses.append)})
    with serving_wsgi(app) as url:
        yield url, "/doku"


@contextmanager
def plain_asgi(client, shop):
    webhook = asgi.Webhook(bayar.aio.Client.of(client), shop.paid_later, on_status=shop.statuses.append)
    with serving_asgi(webhook) as url:
        yield url, ""


@contextmanager
def starlette(client, shop):
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Mount, Route

    async def home(request):
        return PlainTextResponse("shop")

    webhook = asgi.Webhook(client, shop.paid, on_status=shop.statuses.append)
    app = Starlette(routes=[Route("/", home), Mount("/doku", app=webhook)])
    with serving_asgi(app) as url:
        yield url, "/doku"


@pytest.fixture(params=[plain_wsgi, flask, plain_asgi, starlette], ids=lambda each: each.__name__)
def house(request, sandbox, tmp_path):
    """A shop with its routes, and the sandbox told where they are."""
    shop = Shop()
    prefix = "/doku" if request.param in (flask, starlette) else ""
    journal = {"journal": tmp_path / "bayar.db", "notification_path": prefix + NOTIFICATION_PATH}
    with sandbox.client(**journal) as client, request.param(client, shop) as (url, root):
        assert root == prefix
        sandbox.ask(
            "notifications/to",
            {"notification_url": url + root + NOTIFICATION_PATH, "token_url": url + root + TOKEN_PATH},
        )
        sandbox.ask("notifications/forget_token", method="POST")
        yield client, shop, sandbox, url


def deliver(sandbox, reference, **more):
    """What was answered in the end: the HTTP status; None where nothing was."""
    attempt = sandbox.ask("notifications/deliver", {"reference": reference, **more})
    return (attempt["notification"] or attempt["token"])["answer_status"]


def wait_for(what, seconds=20):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_customer_pays_and_the_shop_is_told_once(house, new):
    client, shop, sandbox, _ = house
    reference = new("HOOK")
    client.pay(reference, 10_000)
    sandbox.approve(reference)
    wait_for(lambda: shop.told)
    (delivery,) = shop.told
    said = delivery.notification
    assert delivery.is_genuine and delivery.is_paid and delivery.is_known and delivery.mismatch is None
    assert delivery.order is bayar.DeliveryOrder.NEW and said.amount == 10_000 and said.is_paid
    assert said.original_partner_reference_no == reference and said.raw["latestTransactionStatus"] == "00"
    assert said.created_time.tzinfo is not None and delivery.key == said.key and delivery.key in repr(delivery)
    wait_for(lambda: delivery.answer.is_accepted)
    assert deliver(sandbox, reference) == 200
    assert len(shop.told) == 1, "a repeat is acknowledged, and the shop is not told again"
    wait_for(lambda: client.inbox() == ())


def test_a_handler_that_fails_has_doku_send_it_again(house, new, caplog):
    client, shop, sandbox, _ = house
    reference = new("HOOK")
    client.pay(reference, 10_000)
    shop.fails.append(RuntimeError("the database is down"))
    with caplog.at_level(logging.ERROR, "bayar"):
        assert deliver(sandbox, reference, status="00") == 500
    assert "the database is down" in caplog.text
    (entry,) = client.inbox()
    assert entry.reference == reference and not entry.is_acknowledged and entry.raw
    assert deliver(sandbox, reference, status="00") == 200
    assert len(shop.told) == 2 and len(set(shop.keys)) == 1


def test_an_order_that_the_shop_does_not_have(house, new):
    client, shop, sandbox, _ = house
    reference = new("HOOK")
    client.pay(reference, 10_000)
    shop.fails.append(bayar.UnknownOrder(reference))
    assert deliver(sandbox, reference, status="00") == 404


@pytest.mark.parametrize(
    "forgery",
    [
        "changed_amount", "changed_status", "wrong_secret", "unknown_token", "alg_none", "wrong_partner",
        "other_merchants_token", "duplicate_key", {"what": "missing_header", "header": "X-SIGNATURE"},
        {"what": "huge_body", "bytes": 200_000}, "token_request_wrong_key",
    ],
    ids=lambda each: each if isinstance(each, str) else each["what"],
)
def test_a_forgery_reaches_nobody(house, new, forgery):
    client, shop, sandbox, _ = house
    reference = new("HOOK")
    client.pay(reference, 10_000)
    assert deliver(sandbox, reference, status="00", forgery=forgery) in (400, 401, None)
    assert shop.told == []
    assert client.record("payment", reference).transaction_status is None


def test_a_stale_one_is_not_believed_but_asked_about(house, new):
    client, shop, sandbox, _ = house
    reference = new("HOOK")
    client.pay(reference, 10_000)
    assert deliver(sandbox, reference, status="00", forgery={"what": "stale", "age_s": 3600}) == 401
    assert shop.told == []
    (status,) = shop.statuses
    assert status.original_partner_reference_no == reference and not status.is_paid


def test_another_amount_than_was_ordered_is_told(house, new):
    client, shop, sandbox, _ = house
    reference = new("HOOK")
    client.pay(reference, 10_000)
    deliver(sandbox, reference, status="00", amount="1.00")
    assert "10000.00" in shop.told[0].mismatch


def test_another_route_is_none_of_ours(house):
    import urllib.error
    import urllib.request

    _, shop, _, url = house
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{url}/v1.0/other", b"{}", timeout=10)
    assert caught.value.code == 404 and shop.told == []


def test_a_journal_that_fails_is_answered_500(sandbox, tmp_path):
    """The client is closed, which stands for any failure of our own."""
    client = sandbox.client()
    client.close()
    with serving_wsgi(wsgi.Webhook(client, lambda delivery: None)) as url:
        sandbox.ask("notifications/to", {"notification_url": url + NOTIFICATION_PATH, "token_url": url + TOKEN_PATH})
        sandbox.ask("notifications/forget_token", method="POST")
        assert deliver(sandbox, "INV-NONE", status="00", amount="1.00") == 500


def test_headers_may_be_a_mapping_or_pairs_and_the_body_text(sandbox):
    with sandbox.client() as client:
        for headers in ({}, [], (("X-TIMESTAMP", "now"),), {"X-TIMESTAMP": "now"}.items()):
            for body in (b"{}", "{}", bytearray(b"{}"), b"", b"\xff\x00"):
                answer = client.webhook_token("POST", TOKEN_PATH, headers, body)
                assert answer.status == 400 and not answer.is_accepted and answer.reason
                delivery = client.notification("POST", NOTIFICATION_PATH, headers, body)
                assert not delivery.is_genuine and delivery.notification is None and delivery.key is None
                assert delivery.order is None and not delivery.is_paid and delivery.answer.status == 400
                for decide in (client.acknowledge, client.reject_unknown):
                    with pytest.raises(bayar.InvalidArgument):
                        decide(delivery)
                assert delivery.answer.status == 400, "what is not genuine cannot be acknowledged"
        for wrong in (5, [5], [("a",)], None):
            with pytest.raises((TypeError, ValueError)):
                client.webhook_token("POST", TOKEN_PATH, wrong, b"")
        with pytest.raises(TypeError):
            client.notification("POST", NOTIFICATION_PATH, {}, 5)


def test_an_answer_hides_its_body_for_it_may_hold_a_token():
    answer = bayar.WebhookAnswer(200, (), '{"accessToken":"secret"}', "")
    assert "secret" not in repr(answer)
