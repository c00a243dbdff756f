"""What goes in: amounts, references, text, times, settings. Nothing that is refused here is ever sent."""

from __future__ import annotations

import enum
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as some

import bayar
from support import FakeDoku, paid

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shop():
    """A client, and what it sent."""
    with FakeDoku(paid) as server, server.client() as client:
        yield client, server


def sent(shop, reference, amount, **more):
    """The amount as it went out."""
    import json

    client, server = shop
    server.seen.clear()
    client.pay(reference, amount, **more)
    ((_, _, body),) = server.seen
    return json.loads(body)["amount"]["value"]


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (1, "1.00"),
        (10_000, "10000.00"),
        (9_999_999_999_999_999, "9999999999999999.00"),
        ("10000", "10000.00"),
        ("10000.50", "10000.50"),
        (Decimal("10000"), "10000.00"),
        (Decimal("10000.5"), "10000.50"),
        (Decimal("1E+4"), "10000.00"),
        (Decimal("10000.500000"), "10000.50"),
        (Decimal("9999999999999999.99"), "9999999999999999.99"),
    ],
)
def test_an_amount_goes_out_as_it_is_meant(shop, new, amount, written):
    assert sent(shop, new(), amount) == written


class Price(enum.IntEnum):
    SHOES = 10_000


def test_an_int_of_ones_own_kind_is_an_int(shop, new):
    assert sent(shop, new(), Price.SHOES) == "10000.00"


@pytest.mark.parametrize(
    ("amount", "why"), [(10_000.0, "not float"), (True, "not bool"), (None, "NoneType"), (b"10000", "bytes"), ([1], "list")]
)
def test_an_amount_of_another_type_is_a_type_error_that_says_why(shop, amount, why):
    client, server = shop
    server.seen.clear()
    for call in (lambda: client.pay("INV-T", amount), lambda: client.refund("INV-T", amount, refund_no="R-T")):
        with pytest.raises(TypeError, match=why) as caught:
            call()
        assert not isinstance(caught.value, bayar.BayarError)
    assert server.seen == []


@pytest.mark.parametrize(
    "amount",
    [
        0,
        -1,
        10**16,
        10**400,
        -(10**400),
        "",
        "1,000",
        "10.000",
        "1e4",
        " 10000",
        "١٠٠٠٠",
        "10000.5",
        "10000\x00",
        "\ud800",
        Decimal("0"),
        Decimal("0.99"),
        Decimal("-5"),
        Decimal("10000.001"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
    ],
)
def test_an_amount_that_is_none_is_refused_by_name(shop, amount):
    client, server = shop
    server.seen.clear()
    with pytest.raises(bayar.InvalidArgument) as caught:
        client.pay("INV-T", amount)
    assert caught.value.field == "amount" and caught.value.outcome is bayar.Outcome.NOT_SENT
    assert isinstance(caught.value, ValueError) and not caught.value.retryable
    assert server.seen == []


@QUICK
@given(some.decimals(allow_nan=True, allow_infinity=True) | some.decimals(min_value=0, max_value=10**17, places=2))
@example(Decimal("1E+17"))
def test_any_decimal_is_sent_exactly_or_refused(shop, amount):
    client, server = shop
    server.seen.clear()
    reference = f"D-{hash(str(amount)) & 0xFFFFFFFF}"
    fits = amount.is_finite() and 1 <= amount < 10**16 and amount * 100 == int(amount * 100)
    try:
        payment = client.pay(reference, amount)
    except bayar.InvalidArgument as refused:
        assert refused.code is bayar.Code.REFERENCE_REUSED or not fits, amount
    else:
        assert fits and payment.amount == amount


@QUICK
@given(some.integers())
def test_any_int_is_sent_exactly_or_refused(shop, amount):
    client, _ = shop
    try:
        assert client.pay(f"N-{abs(amount) % 10**12}-{amount < 0}", amount).amount == amount
        assert 1 <= amount < 10**16
    except bayar.InvalidArgument as refused:
        assert refused.code is bayar.Code.REFERENCE_REUSED or not 1 <= amount < 10**16


def is_reference(text):
    return 1 <= len(text) <= 64 and all(33 <= ord(c) <= 126 and c not in '"\\' for c in text)


@QUICK
@given(some.text() | some.text(some.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=70))
def test_any_reference_is_sent_as_it_is_or_refused_by_name(shop, reference):
    client, _ = shop
    if is_reference(reference):
        assert client.pay(reference, 5_000).partner_reference_no == reference
    else:
        with pytest.raises(bayar.InvalidArgument) as caught:
            client.pay(reference, 5_000)
        assert caught.value.field == "partner_reference_no"


def is_title(text):
    def odd(c):
        return ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" or 0xD800 <= ord(c) < 0xE000

    return 1 <= len(text) <= 255 and not any(odd(c) for c in text)


@QUICK
@given(some.text(max_size=300) | some.text(some.characters(), max_size=20))
@example("Kopi susu ☕")
@example("\ud800")
def test_any_title_arrives_as_it_is_or_is_refused_by_name(shop, title):
    import json

    client, server = shop
    server.seen.clear()
    reference = f"T-{hash(title) & 0xFFFFFFFFFFFF}"
    try:
        client.pay(reference, 5_000, title=title)
    except bayar.InvalidArgument as refused:
        assert refused.field == "title" and not is_title(title)
    else:
        assert is_title(title)
        for _, _, body in server.seen:
            assert json.loads(body)["additionalInfo"]["orderTitle"] == title


def test_times_are_aware(shop, new):
    import json

    client, server = shop
    server.seen.clear()
    end = datetime(2098, 7, 10, 1, 2, 3, 999_999, tzinfo=timezone(timedelta(hours=-5, minutes=-30)))
    payment = client.pay(new(), 5_000, valid_up_to=end)
    assert payment.valid_up_to == end.replace(microsecond=0)
    assert json.loads(server.seen[0][2])["validUpTo"] == "2098-07-10T13:32:03+07:00"
    for wrong in (datetime(2098, 1, 1), datetime(2000, 1, 1, tzinfo=timezone.utc), "2098-01-01T00:00:00", "tomorrow"):
        with pytest.raises(bayar.InvalidArgument) as caught:
            client.pay(new(), 5_000, valid_up_to=wrong)
        assert caught.value.field == "valid_up_to"
    for wrong in (date(2098, 1, 1), 4_000_000_000, timedelta(hours=1)):
        with pytest.raises(TypeError, match="aware datetime"):
            client.pay(new(), 5_000, valid_up_to=wrong)


@QUICK
@given(some.datetimes(timezones=some.timezones() | some.just(timezone.utc)))
@example(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))
@example(datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-14))))
def test_any_aware_moment_is_written_in_jakarta_time(moment):
    written = bayar.format_timestamp(moment)
    assert written.endswith("+07:00") and len(written) == 25
    if 2 < moment.year < 9998:
        # In UTC, for an hour that a zone has twice or not at all is equal to nothing in another zone.
        assert datetime.fromisoformat(written) == moment.astimezone(timezone.utc).replace(microsecond=0)


def test_a_moment_without_a_zone_is_none():
    with pytest.raises(ValueError, match="zone"):
        bayar.format_timestamp(datetime(2026, 11, 22))
    with pytest.raises(TypeError):
        bayar.format_timestamp("2026-11-22")


@pytest.mark.parametrize("timeout", [-1, -0.001, float("nan"), timedelta(seconds=-1)])
def test_a_time_that_is_none_is_refused(shop, timeout):
    with pytest.raises(bayar.InvalidArgument) as caught:
        shop[0].wait("INV-1", timeout)
    assert caught.value.field == "timeout"


@pytest.mark.parametrize("timeout", [None, "30", True])
def test_a_time_of_another_type_is_a_type_error(shop, timeout):
    with pytest.raises(TypeError, match="timeout"):
        shop[0].settle(timeout)


def test_extra_members_only_add(shop, new):
    import json

    client, server = shop
    server.seen.clear()
    client.pay(new(), 5_000, extra={"additionalInfo": {"origin": {"source": "till ✓", "n": 1.5}}})
    assert json.loads(server.seen[0][2])["additionalInfo"]["origin"] == {"source": "till ✓", "n": 1.5}
    for wrong in ({"amount": {"value": "1.00"}}, '{"amount":1}', "[]", "{"):
        with pytest.raises(bayar.InvalidArgument) as caught:
            client.pay(new(), 5_000, extra=wrong)
        assert caught.value.field == "extra"
    for wrong in ([1], 5, {"a": object()}, {"a": Decimal("1.5")}):
        with pytest.raises(TypeError):
            client.pay(new(), 5_000, extra=wrong)


def test_what_is_no_text_is_a_type_error(shop, new):
    client, _ = shop
    for keyword in ("title", "return_url", "device_id", "ip_address", "channel", "point_of_initiation"):
        with pytest.raises(TypeError, match=keyword):
            client.pay(new(), 5_000, **{keyword: b"bytes"})
    with pytest.raises(TypeError):
        client.pay(12345, 5_000)
    with pytest.raises(TypeError):
        client.pay(new(), 5_000, is_deep_link="yes")
    with pytest.raises(TypeError, match="refund_no"):
        client.refund("INV-1", 5_000)
    with pytest.raises(TypeError):
        client.pay(new(), 5_000, "https://shop.example/")


def test_operations_and_resolutions_are_words_or_members(shop):
    client, _ = shop
    assert client.record("payment", "NOT-THERE") is None
    assert client.record(bayar.Operation.REFUND, "NOT-THERE") is None
    with pytest.raises(ValueError, match="chargeback"):
        client.record("chargeback", "INV-1")
    with pytest.raises(TypeError):
        client.record(1, "INV-1")
    with pytest.raises(bayar.InvalidArgument) as caught:
        client.resolve("payment", "NOT-THERE", "done", "seen in the dashboard")
    assert caught.value.field == "reference"


def test_days_are_jakartas(shop):
    client, _ = shop
    assert list(client.records(day=date(2001, 1, 1))) == []
    assert client.reconcile("2001-01-01", 5).is_complete
    assert client.reconcile(datetime(2001, 1, 1, tzinfo=timezone.utc), 5).records == ()
    for wrong in ("2001-13-01", "yesterday"):
        with pytest.raises(bayar.InvalidArgument):
            client.records(day=wrong)
    for wrong in (datetime(2001, 1, 1), 20010101):
        with pytest.raises(TypeError):
            client.reconcile(wrong, 5)
    with pytest.raises(bayar.InvalidArgument):
        client.records(open=True, reference="INV-1")


def test_no_reference_is_left_behind(shop, new):
    """What is handed in is not kept."""
    client, _ = shop
    title = "Sepatu " + new()
    before = sys.getrefcount(title)
    client.pay(new(), 5_000, title=title)
    assert sys.getrefcount(title) == before
