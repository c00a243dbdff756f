"""One payment through bayar, and the end: BASE_URL CA_FILE KEY_FILE."""

import sys

import bayar

base_url, ca_file, key_file = sys.argv[1:]
with bayar.Client(
    environment="sandbox",
    base_url=base_url,
    ca_file=ca_file,
    tls_roots="none",
    client_id="BRN-0211-1696919651918",
    client_secret="SK-bayar-benchmark",
    private_key_file=key_file,
    return_url="https://shop.example/thanks",
) as client:
    assert client.pay("INV-000000000001", 10_000).redirect_url
