"""Payments through bayar and the same POSTs through urllib3 take turns; benches/python.rs starts it and reads what it prints.

    side_by_side.py BASE_URL CA_FILE KEY_FILE ROUNDS CALLS

One line a round, nanoseconds a call: bayar's and urllib3's by the clock, then of this process's own processor time.
"""

import gc
import re
import sys
import time

import urllib3

import bayar


def main(base_url, ca_file, key_file, rounds, calls):
    client = bayar.Client(
        environment="sandbox",
        base_url=base_url,
        ca_file=ca_file,
        tls_roots="none",
        client_id="BRN-0211-1696919651918",
        client_secret="SK-bayar-benchmark",
        private_key_file=key_file,
        return_url="https://shop.example/thanks",
    )
    number = 0

    def pay():
        nonlocal number
        number += 1
        assert client.pay(f"INV-{number:012}", 10_000).redirect_url

    pay()
    pool = urllib3.HTTPSConnectionPool(base_url.split("//")[1].split(":")[0], int(base_url.rsplit(":", 1)[1]), ca_certs=ca_file)
    path, headers, body = take_apart(pool.request("GET", "/recorded").data)

    def post():
        nonlocal number
        number += 1
        reference = b"INV-%012d" % number
        sent = body.replace(b"INV-000000000001", reference)
        answer = pool.request("POST", path, body=sent, headers=headers)
        assert answer.status == 200 and reference in answer.data

    gc.disable()
    # The first round is for warming up and goes unprinted.
    for index in range(int(rounds) + 1):
        gc.collect()
        ours, theirs = measure(pay, int(calls)), measure(post, int(calls))
        if index:
            print(*(round(figure) for pair in zip(ours, theirs) for figure in pair))


def measure(call, calls):
    clock, processor = time.perf_counter_ns(), time.process_time_ns()
    for _ in range(calls):
        call()
    return (time.perf_counter_ns() - clock) / calls, (time.process_time_ns() - processor) / calls


def take_apart(request):
    """The path, the headers and the body that bayar sent. Host and length urllib3 writes itself, the same."""
    head, body = request.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(re.split(": *", line, maxsplit=1) for line in lines)
    kept = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
    return first.split(" ")[1], kept, body


if __name__ == "__main__":
    main(*sys.argv[1:])
