"""The examples, as a person runs them, against the sandbox."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from support import REPOSITORY

EXAMPLES = REPOSITORY / "examples" / "python"


def environment(sandbox, tmp_path):
    more = {"BAYAR_STATUS_INTERVAL_MS": "50", "BAYAR_JOURNAL": str(tmp_path / "bayar.db"), "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **sandbox.environment, **more}


def run(sandbox, tmp_path, *arguments):
    command = [sys.executable, *(str(each) for each in arguments)]
    return subprocess.run(
        command, cwd=EXAMPLES, env=environment(sandbox, tmp_path), capture_output=True, text=True, timeout=60, encoding="utf-8"
    )


def test_pay_refund_and_reconcile(approving, new, tmp_path):
    reference, numbers = new("EX"), [new("EXR"), new("EXR")]
    first = run(approving, tmp_path, "pay.py", reference, "10000.00")
    assert first.returncode == 0 and "paid       10000.00 IDR" in first.stdout, first.stdout + first.stderr
    again = run(approving, tmp_path, "pay.py", reference, "10000.00")
    assert again.stdout == first.stdout and approving.payment(reference)["requests"] == 1

    batch = tmp_path / "refunds.csv"
    lines = [f"{reference},4000.00,{numbers[0]},Wrong size", f"{reference},7000.00,{numbers[1]},Too much"]
    batch.write_text("\n".join(lines))
    for _ in range(2):
        refunded = run(approving, tmp_path, "refund.py", batch)
        assert refunded.returncode == 0, refunded.stdout + refunded.stderr
        assert f"{numbers[0]}  done     4000.00 IDR" in refunded.stdout
        assert f"{numbers[1]}  refused" in refunded.stdout
    assert [refund["times_made"] for refund in approving.payment(reference)["refunds"]] == [1]

    export = tmp_path / "records.jsonl"
    day = json.loads(run(approving, tmp_path, "-c", DAY).stdout)
    closing = run(approving, tmp_path, "reconcile.py", day, export)
    assert closing.returncode == 0 and "2 compared, 0 differ" in closing.stdout, closing.stdout + closing.stderr
    records = [json.loads(line) for line in export.read_text().splitlines()]
    assert [record["reference"] for record in records] == [reference, numbers[0]]


DAY = "import bayar, json; print(json.dumps(next(bayar.Client.from_env().records()).created.date().isoformat()))"


def test_an_example_that_fails_says_what_to_do(approving, new, tmp_path):
    wrong = run(approving, tmp_path, "pay.py", new("EX"), "10,000")
    assert wrong.returncode == 1 and "comma" in wrong.stderr and "Traceback" not in wrong.stderr
    for name in ("pay.py", "refund.py", "webhook.py"):
        assert run(approving, tmp_path, name).returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="ends it with SIGINT")
def test_the_web_server_is_told_once(sandbox, new, tmp_path):
    database = tmp_path / "orders.db"
    shop = subprocess.Popen(
        [sys.executable, "webhook.py", "0", str(database)],
        cwd=EXAMPLES,
        env=environment(sandbox, tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert shop.stdout
    try:
        url = shop.stdout.readline().split()[-1]
        sandbox.ask(
            "notifications/to",
            {
                "notification_url": url + "/v1.0/debit/notify",
                "token_url": url + "/authorization/v1/access-token/b2b",
            },
        )
        sandbox.ask("notifications/forget_token", method="POST")
        reference = new("EX")
        with sandbox.client(journal=tmp_path / "bayar.db") as client:
            client.pay(reference, 10_000)
        sandbox.approve(reference)
        assert shop.stdout.readline() == f"{reference}  PAID 10000.00\n"
        for _ in range(2):
            sandbox.ask("notifications/deliver", {"reference": reference})
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with sqlite3.connect(database) as orders:
                rows = orders.execute("SELECT what FROM doku_event").fetchall()
            if rows:
                break
        assert rows == [("PAID 10000.00",)]
        shop.send_signal(signal.SIGINT)
        assert shop.wait(timeout=20) == 0
    finally:
        shop.kill()
        shop.wait()
