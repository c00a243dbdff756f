"""The way of the money: what README and docstrings promise of a payment, its status and a refund."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

import bayar


def test_a_payment_is_made_paid_and_refunded(approving, new):
    reference, number = new("INV"), new("R")
    with approving.client() as client:
        payment = client.pay(reference, 10_000, title="Sepatu 👟", return_url="https://shop.example/thanks")
        assert payment.partner_reference_no == reference
        assert payment.amount == Decimal("10000") and str(payment.amount) == "10000.00"
        assert payment.redirect_url.startswith(approving.url)
        assert payment.is_recorded and payment.response_code == "2005400"
        assert payment.raw["webRedirectUrl"] == payment.redirect_url
        assert payment.valid_up_to.utcoffset() == timedelta(hours=7)
        assert abs(payment.valid_up_to - datetime.now(timezone.utc) - timedelta(hours=1)) < timedelta(minutes=5)

        status = client.wait(reference, timeout=20)
        assert status.is_paid and status.is_final and status.transaction_status is bayar.TransactionStatus.PAID
        assert status.paid_time.tzinfo is not None and status.refunds == ()

        refund = client.refund(reference, Decimal("4000"), refund_no=number, reason="Request by customer")
        assert refund.partner_refund_no == number and refund.amount == 4000
        again = client.refund(reference, "4000.00", refund_no=number)
        assert again == refund, "the same number is the same one refund"

        listed = client.status(reference).refunds
        assert [(entry.partner_refund_no, entry.amount, entry.status) for entry in listed] == [
            (number, 4000, bayar.RefundStatus.DONE)
        ]
    made = approving.payment(reference)
    assert made["times_made"] == 1 and [refund["times_made"] for refund in made["refunds"]] == [1]


def test_the_same_reference_is_the_same_payment_and_another_amount_is_an_error(sandbox, new):
    reference = new()
    with sandbox.client() as client:
        assert client.pay(reference, 10_000) == client.pay(reference, "10000.00")
        with pytest.raises(bayar.InvalidArgument) as caught:
            client.pay(reference, 20_000)
    assert caught.value.code is bayar.Code.REFERENCE_REUSED and caught.value.field == "amount"
    assert sandbox.payment(reference)["requests"] == 1


def test_results_are_frozen_comparable_and_can_be_pickled(sandbox, new):
    reference = new()
    with sandbox.client() as client:
        payment = client.pay(reference, 10_000)
        status = client.status(reference)
        (record,) = client.records(reference=reference)
    for result in (payment, status, record):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            back = pickle.loads(pickle.dumps(result, protocol))
            assert back == result and hash(back) == hash(result) and back.raw == result.raw
        assert copy.deepcopy(result) == result
        name = next(iter(type(result).__slots__))
        with pytest.raises(AttributeError):
            setattr(result, name, "other")
        with pytest.raises(AttributeError):
            delattr(result, name)
        with pytest.raises(AttributeError):
            result.anything = 1
        assert type(result).__module__ == "bayar" and type(result).__name__ in repr(result)
        assert result.as_dict()[name] == getattr(result, name)
    assert payment != status


def test_a_results_members_are_documented_and_typed_alike():
    from bayar import _results

    for each in vars(_results).values():
        if isinstance(each, type) and not each.__name__.startswith("_"):
            assert list(each.__slots__) == list(each.__annotations__), each
            assert all(each.__slots__.values()) and each.__doc__


def test_a_client_cannot_be_pickled_and_shows_no_secret(sandbox):
    with sandbox.client() as client:
        shown = repr(client) + str(client)
        assert sandbox.environment["BAYAR_CLIENT_ID"] in shown
        assert sandbox.environment["BAYAR_CLIENT_SECRET"] not in shown
        with pytest.raises(TypeError):
            pickle.dumps(client)


def test_a_closed_client_says_so_and_closing_again_is_nothing(sandbox):
    client = sandbox.client()
    client.close()
    client.close()
    with pytest.raises(bayar.InvalidArgument, match="closed"):
        client.warm_up()


def test_waiting_ends_with_its_time(sandbox, new):
    reference = new()
    with sandbox.client() as client:
        client.pay(reference, 10_000)
        status = client.wait(reference, timeout=timedelta(milliseconds=300))
        assert not status.is_final and not status.is_paid


def test_help_is_the_manual():
    for name in bayar.__all__:
        each = getattr(bayar, name)
        assert isinstance(each, str) or each.__doc__, name
    for name, member in vars(bayar.Client).items():
        if not name.startswith("_"):
            assert getattr(bayar.Client, name).__doc__, name
