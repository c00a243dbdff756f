"""The failure table: each misbehaviour of the network and of DOKU's answers, once and for good, on a payment and on a refund.

The rows are those of the Rust tests (tests/failures); here it is held that Python tells the same, by its exceptions.
"""

from __future__ import annotations

import queue
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import bayar
from support import Sandbox, is_day_safe

ALWAYS = 1000
LONG_MS, SHORT_MS, HELD_MS = 10_000, 900, 1_800

# What a misbehaviour amounts to.
NOTHING, BEFORE, AFTER, HANG = "nothing", "lost before the work", "lost after the work", "hang"
LOST, BAD, TIMEOUT = bayar.Code.CONNECTION_LOST, bayar.Code.BAD_ANSWER, bayar.Code.TIMEOUT

ON_THE_WAY = [
    ("close_before_work", {}, BEFORE, LOST),
    ("close_after_work", {}, AFTER, LOST),
    ("close_after_answer", {}, NOTHING, None),
    ("reset_before_work", {}, BEFORE, LOST),
    ("reset_after_work", {}, AFTER, LOST),
    ("half_answer", {}, AFTER, LOST),
    ("half_then_silence", {}, HANG, TIMEOUT),
    ("trickle", {"bytes_per_s": 1}, HANG, TIMEOUT),
    ("delay", {"ms": 60_000}, HANG, TIMEOUT),
    ("rubbish", {}, AFTER, BAD),
    ("html", {"status": 502}, BEFORE, BAD),
    ("html", {"status": 403}, BEFORE, BAD),
    ("html", {"status": 200}, BEFORE, BAD),
    ("html_after_work", {"status": 502}, AFTER, BAD),
    ("html_after_work", {"status": 404}, AFTER, BAD),
    ("redirect", {"status": 302}, BEFORE, BAD),
    ("redirect", {"status": 307}, BEFORE, BAD),
    ("redirect", {"status": 308}, BEFORE, BAD),
    ("empty_body", {}, AFTER, BAD),
    ("oversized", {"bytes": 20 << 20}, AFTER, BAD),
    ("duplicate_headers", {}, NOTHING, None),
    ("two_lengths", {}, AFTER, BAD),
    ("no_content_type", {}, NOTHING, None),
    ("no_content_length", {}, NOTHING, None),
    ("chunked", {}, NOTHING, None),
    ("no_date", {}, NOTHING, None),
]

BEFORE_THE_MONEY = [
    ("too_many", {"retry_after_s": 1}, bayar.Refused, bayar.Code.TRY_LATER),
    ("old_token", {}, bayar.AuthenticationError, bayar.Code.UNAUTHORIZED),
    ("unknown_token", {}, bayar.AuthenticationError, bayar.Code.UNAUTHORIZED),
]

TOKEN = [
    ("close_before_work", {}, LOST),
    ("reset_after_work", {}, LOST),
    ("half_answer", {}, LOST),
    ("half_then_silence", {}, TIMEOUT),
    ("delay", {"ms": 60_000}, TIMEOUT),
    ("rubbish", {}, BAD),
    ("html", {"status": 502}, BAD),
    ("redirect", {"status": 302}, BAD),
    ("empty_body", {}, BAD),
    ("two_lengths", {}, BAD),
    ("code", {"http": 401, "code": "4017300"}, bayar.Code.UNAUTHORIZED),
    ("code", {"http": 500, "code": "5007300"}, bayar.Code.SERVER_ERROR),
    ("too_many", {"retry_after_s": 1}, bayar.Code.TRY_LATER),
    ("missing", {"field": "accessToken"}, BAD),
    ("nul_in", {"field": "accessToken"}, BAD),
]


class Stage:
    """One payment or refund in a sandbox that has it for itself."""

    def __init__(self, sandbox: Sandbox, name: str, call: str, timeout_ms: int) -> None:
        self.sandbox, self.call = sandbox, call
        self.reference, self.number = f"INV-{name}", f"R-{name}"
        sandbox.behave()
        if call == "refund":
            with sandbox.client() as client:
                client.pay(self.reference, 10_000)
            sandbox.approve(self.reference)
        self.client = sandbox.client(timeout_ms=timeout_ms)

    def press(self) -> "type[bayar.BayarError] | None":
        try:
            if self.call == "payment":
                self.client.pay(self.reference, 10_000)
            else:
                self.client.refund(self.reference, 4_000, refund_no=self.number)
        except bayar.BayarError as error:
            self.error = error
            return type(error)
        return None

    def made(self) -> int:
        payment = self.sandbox.payment(self.reference)
        if self.call == "payment":
            return payment["times_made"] if payment else 0
        return sum(refund["times_made"] for refund in payment["refunds"])


def walk(rows, play) -> None:
    """Plays all rows, several at a time, each in one of a few sandboxes, and fails with all that went wrong."""
    sandboxes: "queue.Queue[Sandbox]" = queue.Queue()
    opened = [Sandbox() for _ in range(6)]
    for sandbox in opened:
        sandboxes.put(sandbox)

    def one(numbered):
        number, row = numbered
        sandbox = sandboxes.get()
        try:
            return [f"{row}: {problem}" for problem in play(sandbox, number, row)]
        except Exception as error:
            return [f"{row}: {type(error).__name__}: {error}"]
        finally:
            sandboxes.put(sandbox)

    try:
        with ThreadPoolExecutor(len(opened)) as pool:
            problems = [problem for found in pool.map(one, enumerate(rows)) for problem in found]
    finally:
        for sandbox in opened:
            sandbox.close()
    assert not problems, f"{len(problems)}:\n" + "\n".join(problems)


def expected(amounts: str, call: str, times: int) -> "type[bayar.BayarError] | None":
    """By journal.md: a payment of unknown fate is sent once more within the call, a refund is not."""
    if amounts == NOTHING or (amounts in (BEFORE, AFTER) and call == "payment" and times == 1):
        return None
    return bayar.OutcomeUnknown


def test_a_connection_or_an_answer_that_fails_on_the_way():
    rows = [(row, call, times) for row in ON_THE_WAY for call in ("payment", "refund") for times in (1, ALWAYS)]

    def play(sandbox, number, row):
        (what, more, amounts, code), call, times = row
        hangs = amounts == HANG
        stage = Stage(sandbox, f"w{number}", call, SHORT_MS if hangs else LONG_MS)
        stage.client.warm_up()
        sandbox.misbehave(call, what, times, **more)
        begun = time.monotonic()
        first = stage.press()
        took = time.monotonic() - begun
        made = stage.made()
        wanted = expected(amounts, call, times)
        if is_day_safe():
            if first is not wanted:
                yield f"first press: {first}, not {wanted}"
            if wanted and stage.error.code is not code:
                yield f"first press: {stage.error!r}"
            if wanted and "same reference" not in str(stage.error):
                yield f"does not say what to do: {stage.error}"
        if took > (SHORT_MS if hangs else LONG_MS) / 1000 + 2:
            yield f"it took {took:.1f} s"
        yield from truth(first, made)
        sandbox.behave()
        for _ in range(2):
            said = stage.press()
            made = stage.made()
            yield from truth(said, made)
        if call == "payment" and said is not None and is_day_safe():
            yield f"pressed again, it is still {said}"
        stage.client.close()

    walk(rows, play)


def truth(said, made):
    """Never made twice; never denied when it was made, nor told as done when it was not."""
    if made > 1:
        yield f"it was made {made} times"
    if said in (bayar.NotSent, bayar.Refused) and made:
        yield f"{said} was told, and it was made"
    if said is None and not made:
        yield "done was told, and it was not made"


def test_what_doku_says_before_it_looks_at_the_money():
    rows = [(row, call, times) for row in BEFORE_THE_MONEY for call in ("payment", "refund") for times in (1, ALWAYS)]

    def play(sandbox, number, row):
        (what, more, kind, code), call, times = row
        stage = Stage(sandbox, f"b{number}", call, LONG_MS)
        stage.client.warm_up()
        sandbox.misbehave(call, what, times, **more)
        first = stage.press()
        wanted = None if times == 1 else kind
        if first is not wanted:
            yield f"{first}, not {wanted}"
        elif wanted and (stage.error.code is not code or stage.error.outcome is not bayar.Outcome.REFUSED):
            yield repr(stage.error)
        yield from truth(first, stage.made())
        sandbox.behave()
        if stage.press() is not None:
            yield f"pressed again: {stage.error!r}"
        yield from truth(None, stage.made())
        stage.client.close()

    walk(rows, play)


def test_whatever_befalls_the_token_request_nothing_is_sent():
    rows = [(row, call) for row in TOKEN for call in ("payment", "refund")]

    def play(sandbox, number, row):
        (what, more, code), call = row
        stage = Stage(sandbox, f"t{number}", call, SHORT_MS if code is TIMEOUT else LONG_MS)
        sandbox.misbehave("token", what, ALWAYS, **more)
        before = sandbox.counts()[f"{call}_requests"]
        kind = bayar.AuthenticationError if code is bayar.Code.UNAUTHORIZED else bayar.NotSent
        if stage.press() is not kind or stage.error.code is not code:
            yield repr(stage.error)
        elif stage.error.outcome is not bayar.Outcome.NOT_SENT:
            yield f"outcome {stage.error.outcome}"
        if sandbox.counts()[f"{call}_requests"] != before:
            yield "a request was sent"
        sandbox.behave()
        if stage.press() is not None:
            yield f"pressed again: {stage.error!r}"
        stage.client.close()

    walk(rows, play)


@pytest.mark.parametrize("what", ["code", "code_after_work"])
def test_a_server_error_proves_nothing(sandbox, new, what):
    reference = new()
    with sandbox.client() as client:
        sandbox.misbehave("payment", what, ALWAYS, http=504, code="5045400")
        with pytest.raises(bayar.OutcomeUnknown) as caught:
            client.pay(reference, 10_000)
    assert caught.value.code is bayar.Code.SERVER_ERROR and caught.value.response_code == "5045400"
    assert caught.value.http_status == 504 and caught.value.retryable
