"""The same two POSTs through urllib3, signed before, and the end: BASE_URL CA_FILE TOKEN_REQUEST PAYMENT_REQUEST."""

import re
import sys

import urllib3

base_url, ca_file, *files = sys.argv[1:]
host, port = base_url.split("//")[1].split(":")
pool = urllib3.HTTPSConnectionPool(host, int(port), ca_certs=ca_file)
for file in files:
    with open(file, "rb") as recorded:
        head, body = recorded.read().split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(re.split(": *", line, maxsplit=1) for line in lines)
    kept = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length")}
    assert pool.request("POST", first.split(" ")[1], body=body, headers=kept).status == 200
