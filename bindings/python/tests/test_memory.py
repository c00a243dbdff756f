"""Memory: flat over many failing calls, and nothing secret left behind by the library."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import textwrap

import pytest

import bayar
from support import FakeDoku, merchant_key, paid

FAILING = int(os.environ.get("BAYAR_FAILING_CALLS", "20000"))


def resident_kib() -> int:
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs Linux")
@pytest.mark.parametrize("kind", ["not sent", "argument", "type", "settings", "signature"])
def test_many_failing_calls_leave_memory_flat(fake, kind):
    client = fake.client(base_url="http://127.0.0.1:1", timeout_ms=1000, log_level="off")

    def fail(number: int) -> None:
        try:
            if kind == "not sent":
                client.warm_up()
            elif kind == "argument":
                client.pay(f"has a space {number}", 10_000, title="Kopi", extra={"a": number})
            elif kind == "type":
                client.pay(f"INV-{number}", 1.5)
            elif kind == "settings":
                bayar.Client(environment="sandbox", client_id=str(number))
            else:
                bayar.verify_request("secret", "POST", "/", "token", b"{}" * 100, "now", "AAAA")
        except (bayar.BayarError, TypeError):
            return
        raise AssertionError("it did not fail")

    # Each asks the kernel for a connection, and waits a little.
    times = FAILING // 5 if kind == "not sent" else FAILING
    for number in range(times // 10):
        fail(number)
    before = resident_kib()
    for number in range(times):
        fail(number)
    grown = resident_kib() - before
    client.close()
    print(f"{kind}: {times} failing calls, {grown} KiB more")
    # One lost pointer each would be 160 KiB; an exception or a text more than 1,500.
    assert grown < 1024, f"{grown} KiB"


def test_results_and_iterators_free_what_they_hold(fake, new):
    with fake.client(log_level="off") as client:

        def use() -> None:
            client.pay(new("FREE"), 10_000).as_dict()
            next(client.records())
            client.notification("POST", "/v1.0/debit/notify", {}, b"{}").answer
            fake.seen.clear()

        for _ in range(200):
            use()
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(500):
            use()
        gc.collect()
        assert len(gc.get_objects()) - before < 100


CHILD = """
    import gc, sys
    import bayar

    client = bayar.Client.from_file(sys.argv[1])
    client.pay("WIPED-1", 10_000)
    print("open", flush=True)
    sys.stdin.readline()
    client.close()
    del client
    gc.collect()
    print("closed", flush=True)
    sys.stdin.readline()
"""


def holds(process: int, needle: bytes) -> int:
    """How often the needle is in the memory that the process can write to."""
    found = 0
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            addresses, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(address, 16) for address in addresses.split("-"))
            try:
                memory.seek(begin)
                found += memory.read(end - begin).count(needle)
            except (OSError, ValueError, OverflowError):
                continue
    return found


def may_look() -> bool:
    """Whether this machine lets a parent read its child's memory."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with open(f"/proc/{child.pid}/mem", "rb"):
            return True
    except OSError:
        return False
    finally:
        child.kill()
        child.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_nothing_secret_is_left_of_a_client_that_was_closed(tmp_path):
    if not may_look():
        pytest.skip("this machine does not let a parent read its child's memory")
    token = "token-yang-harus-lenyap-" + os.urandom(12).hex()
    secret = "SK-rahasia-" + os.urandom(12).hex()
    with FakeDoku(paid, token=token) as server:
        key_file, settings = tmp_path / "key.pem", tmp_path / "shop.toml"
        key_file.write_text(merchant_key())
        given = server.settings(private_key=None, private_key_file=key_file, client_secret=secret)
        settings.write_text("\n".join(f"{name} = '{value}'" for name, value in given.items() if value))
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(CHILD), str(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdin and child.stdout
        pem_line = merchant_key().splitlines()[10].encode()
        try:
            assert child.stdout.readline() == "open\n"
            assert holds(child.pid, token.encode()), "the token is found while the client lives"
            child.stdin.write("\n")
            child.stdin.flush()
            assert child.stdout.readline() == "closed\n"
            left = {text: holds(child.pid, text) for text in (token.encode(), secret.encode(), pem_line)}
        finally:
            child.kill()
            child.wait()
    assert not any(left.values()), left


