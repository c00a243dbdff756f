"""A payment from beginning to end: the link, the customer pays, the status.

    python pay.py REFERENCE AMOUNT            such as: python pay.py INV-0001 10000.00

The settings come from the environment (BAYAR_ENVIRONMENT, BAYAR_CLIENT_ID, ...; see docs/settings.md) and, if BAYAR_CONFIG
names one, from a file. Run it again with the same reference: nothing is paid twice. Set BAYAR_JOURNAL=bayar.db as well, and
every run has the same link to show, also after a power cut.
"""

from __future__ import annotations

import logging
import sys

import bayar

WAIT_S = 300


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    reference, amount = sys.argv[1:]
    logging.basicConfig(level=logging.WARNING)
    try:
        with bayar.Client.from_env() as client:
            return pay(client, reference, amount)
    except bayar.BayarError as error:
        return failed(error)


def pay(client: bayar.Client, reference: str, amount: str) -> int:
    payment = client.pay(reference, amount, title="Kopi susu ☕", return_url="https://shop.example/thanks")
    if payment.redirect_url is None:
        print(f"payment    {reference} is known to DOKU already, without a link")
    else:
        print(f"payment    {reference} over {payment.amount} IDR, X-EXTERNAL-ID {payment.external_id}")
        print(f"           send the customer to {payment.redirect_url} (until {payment.valid_up_to})")
    if not payment.is_recorded:
        print("           the journal could not be written: is the disk full? (The payment is true all the same.)")

    # Without a notification this is how a till learns of it. Ctrl-C ends it at once.
    status = client.wait(reference, timeout=WAIT_S)
    if not status.is_paid:
        print(f"not paid   DOKU says: {status.transaction_status_desc}")
        return 1
    print(f"paid       {status.amount} IDR at {status.paid_time}, DOKU's reference {status.original_reference_no}")
    return 0


def failed(error: bayar.BayarError) -> int:
    """The exception says by its class what to do; its text says it as well."""
    print(f"failed     {error}", file=sys.stderr)
    if isinstance(error, bayar.OutcomeUnknown) and error.retryable:
        print("           Run this again with the same reference.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
