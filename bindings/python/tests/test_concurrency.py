"""Threads, forks and signals."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import bayar

if not hasattr(os, "fork"):
    pytest.skip("needs fork and signals as Unix has them", allow_module_level=True)


def test_16_threads_pay_at_once_on_one_client(sandbox, new):
    references = [new("T16") for _ in range(16 * 10)]
    begin = threading.Barrier(16)
    with sandbox.client() as client:

        def lane(number: int):
            begin.wait()
            return [client.pay(reference, 10_000) for reference in references[number::16]]

        with ThreadPoolExecutor(16) as pool:
            made = [payment for lane in pool.map(lane, range(16)) for payment in lane]
    assert {payment.partner_reference_no for payment in made} == set(references)
    for reference in references:
        found = sandbox.payment(reference)
        assert (found["requests"], found["times_made"]) == (1, 1)


def test_threads_that_pay_the_same_reference_get_the_same_payment(sandbox, new):
    reference = new("SAME")
    with sandbox.client() as client, ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: client.pay(reference, 10_000), range(8)))
    assert len(set(made)) == 1 and sandbox.payment(reference)["times_made"] == 1


def test_other_threads_run_while_a_call_waits(sandbox, new):
    with sandbox.client() as client:
        client.warm_up()
        sandbox.misbehave("payment", "delay", ms=1_000)
        thread = threading.Thread(target=client.pay, args=(new(), 10_000))
        begun = last = time.monotonic()
        longest = 0.0
        thread.start()
        while thread.is_alive():
            time.sleep(0.001)
            now = time.monotonic()
            longest, last = max(longest, now - last), now
    assert last - begun > 0.9, "the call did wait"
    assert longest < 0.7, "and this thread did not"


def _pay_in_a_child(arguments):
    client, references = arguments
    return [client.pay(reference, 10_000).redirect_url for reference in references]


_inherited: "bayar.Client | None" = None


def _pay_with_the_inherited(references):
    assert _inherited is not None
    return [(os.getpid(), _inherited.pay(reference, 10_000).redirect_url) for reference in references]


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_a_forked_pool_of_4_pays_with_the_client_that_it_inherited(sandbox, new, tmp_path):
    global _inherited
    shares = [[new("FORK") for _ in range(10)] for _ in range(8)]
    mine = [new("PARENT") for _ in range(5)]
    with sandbox.client(journal=tmp_path / "bayar.db") as client:
        _inherited = client
        client.pay(mine[0], 10_000)
        with multiprocessing.get_context("fork").Pool(4) as pool:
            result = pool.map_async(_pay_with_the_inherited, shares, chunksize=1)
            links = [client.pay(reference, 10_000).redirect_url for reference in mine]
            made = [pair for share in result.get(timeout=60) for pair in share]
        assert len({process for process, _ in made} - {os.getpid()}) >= 2
        assert len({link for _, link in made} | set(links)) == 85
        known = {record.reference for record in client.records()}
    _inherited = None
    for reference in [*mine, *(reference for share in shares for reference in share)]:
        assert sandbox.payment(reference)["times_made"] == 1
        assert reference in known


CHILD = """
    import os, signal, sys, threading, time
    import bayar

    def press(name):
        return 0

    client = bayar.Client.from_env(tls_roots="none", status_interval_ms=60_000, return_url="https://shop.example/")
    what = sys.argv[1]
    if what != "connect":
        client.warm_up()
    if what == "wait":
        client.pay("CTRL-C-wait", 10_000)
    if what == "handler":
        def handler(number, frame):
            try:
                client.warm_up()
            except RuntimeError as error:
                print("nested:", error, flush=True)
        signal.signal(signal.SIGINT, handler)
    if what == "raises":
        class SoftLimit(BaseException): pass
        def raises(number, frame):
            raise SoftLimit
        signal.signal(signal.SIGINT, raises)
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.monotonic()
    try:
        if what == "wait":
            client.wait("CTRL-C-wait", 60)
        elif what == "records":
            for _ in range(1_000_000):
                list(client.records())
        else:
            client.pay("CTRL-C-" + what, 10_000)
        print("no interrupt", time.monotonic() - begun)
    except BaseException as caught:
        ended = time.monotonic()
        cause = caught.__cause__
        print(type(caught).__name__, ended, type(cause).__name__, getattr(cause, "code", None) and cause.code.name)
"""


def interrupted(sandbox, what, after=0.5):
    """What the child tells when it is interrupted, and how long after."""
    environment = {**os.environ, **sandbox.environment}
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert child.stdin and child.stdout
    try:
        assert child.stdout.readline() == "ready\n"
        child.stdin.write("go\n")
        child.stdin.flush()
        time.sleep(after)
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        output = child.stdout.read()
        assert child.wait(timeout=30) == 0
    finally:
        child.kill()
    *before, last = output.splitlines()
    words = last.split()
    return before, words, (float(words[1]) - sent if len(words) == 4 else None)


@pytest.mark.parametrize(
    ("what", "rule", "cause"),
    [
        ("answer", {"on": "payment", "what": "delay", "ms": 20_000}, ["OutcomeUnknown", "CANCELLED"]),
        ("connect", {"on": "any", "what": "no_handshake"}, ["NotSent", "CANCELLED"]),
        # It has an answer to give, which was not final; the interrupt comes first.
        ("wait", None, ["NoneType", "None"]),
    ],
)
def test_ctrl_c_ends_a_call_that_waits_and_tells_the_truth(sandbox, what, rule, cause):
    if rule:
        sandbox.ask("misbehave", {"times": 1, **rule})
    _, words, took = interrupted(sandbox, what)
    assert words[0] == "KeyboardInterrupt", words
    assert words[2:] == cause
    # Some 20 ms; a busy machine takes longer.
    assert took < 1, f"{took * 1000:.0f} ms"
    print(f"{what}: {took * 1000:.0f} ms")


def test_what_another_handler_raises_ends_a_call_as_well(sandbox):
    sandbox.misbehave("payment", "delay", ms=20_000)
    _, words, took = interrupted(sandbox, "raises")
    assert words[0] == "SoftLimit" and words[2:] == ["OutcomeUnknown", "CANCELLED"] and took < 1


def test_a_handler_that_returns_lets_the_call_go_on_and_cannot_call_in_the_middle_of_it(sandbox):
    sandbox.misbehave("payment", "delay", ms=1_500)
    before, words, _ = interrupted(sandbox, "handler")
    assert before[0].startswith("nested: A signal handler cannot call bayar")
    assert words[:2] == ["no", "interrupt"] and float(words[2]) > 1
    assert sandbox.payment("CTRL-C-handler")["times_made"] == 1


def test_a_loop_of_short_calls_is_interrupted_between_them(sandbox):
    _, words, took = interrupted(sandbox, "records")
    assert words[0] == "KeyboardInterrupt" and took < 1
