"""The journal from Python: what is open is asked about, closed by hand, listed, and held against DOKU."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone

import pytest

import bayar

JAKARTA = timezone(timedelta(hours=7))


@pytest.fixture
def journal(tmp_path):
    return {"journal": tmp_path / "bayar.db"}


def test_another_client_on_the_same_journal_knows_what_was_done(sandbox, new, journal):
    reference = new("J")
    with sandbox.client(**journal) as client:
        payment = client.pay(reference, 10_000)
    with sandbox.client(**journal) as client:
        assert client.pay(reference, 10_000) == payment
        record = client.record("payment", reference)
    assert sandbox.payment(reference)["requests"] == 1
    assert record.state is bayar.RecordState.DONE and record.external_id == payment.external_id
    assert record.raw == payment.raw and json.loads(record.json)["reference"] == reference
    assert abs(datetime.now(timezone.utc) - record.created) < timedelta(minutes=5)


def test_what_is_open_is_listed_and_closed_by_hand(sandbox, new, journal):
    reference, number = new("J"), new("R")
    with sandbox.client(**journal) as client:
        client.pay(reference, 10_000)
        sandbox.approve(reference)
        sandbox.misbehave("refund", "close_before_work", times=1000)
        with pytest.raises(bayar.OutcomeUnknown):
            client.refund(reference, 4_000, refund_no=number)
        (record,) = client.records(open=True)
        assert record.reference == number and record.is_open and record.original_partner_reference_no == reference
        assert record.next_inquiry > record.created and record.state == "unknown"
        closed = client.resolve(bayar.Operation.REFUND, number, bayar.Resolution.REFUSED, "not in DOKU's dashboard")
        assert closed.state is bayar.RecordState.REFUSED and "dashboard" in closed.note
        assert list(client.records(open=True)) == []
        with pytest.raises(bayar.Refused) as caught:
            client.refund(reference, 4_000, refund_no=number)
        assert "dashboard" in str(caught.value)


def test_settling_asks_and_sends_nothing(sandbox, new, journal):
    reference = new("J")
    with sandbox.client(**journal) as client:
        sandbox.misbehave("payment", "close_after_work", times=1000)
        with pytest.raises(bayar.OutcomeUnknown):
            client.pay(reference, 10_000)
        requests = sandbox.payment(reference)["requests"]
        settled = client.settle(timeout=1)
        assert settled.records == () and settled.is_complete, "it is not yet time to ask"
    assert sandbox.payment(reference)["requests"] == requests


def test_a_day_is_held_against_doku(approving, new, journal):
    references = [new("J") for _ in range(3)]
    with approving.client(**journal) as client:
        for reference in references:
            client.pay(reference, 10_000)
            client.wait(reference, 20)
        found = client.reconcile(datetime.now(JAKARTA).date(), timeout=30)
        assert found.is_complete and found.differences == ()
        assert [record.comparison for record in found.records] == [bayar.Comparison.AGREES] * 3
        assert all(record.finding for record in found.records)


def test_records_are_read_as_they_are_wanted_and_many(fake, new, journal):
    with fake.client(**journal) as client:
        for _ in range(450):
            client.pay(new("MANY"), 10_000)
        records = client.records()
        first = next(records)
        assert iter(records) is records
        rest = list(records)
        assert len({record.reference for record in [first, *rest]}) == 450
        with pytest.raises(StopIteration):
            next(records)


def test_paid_after_it_was_given_up(sandbox, new, journal):
    reference = new("J")
    with sandbox.client(**journal) as client:
        client.pay(reference, 10_000)
        given_up = client.resolve("payment", reference, "abandoned", "the customer went away")
        assert given_up.state == "abandoned"
        sandbox.approve(reference)
        time.sleep(0.05)
        client.status(reference)
        assert client.record("payment", reference).is_paid_after_cancel
