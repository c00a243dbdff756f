"""Refunds from a list, as a back office makes them: one line each, and the file may be run again as often as one likes.

    python refund.py FILE                     lines such as: INV-0001,4000.00,INV-0001-R1,Wrong size

The columns are the payment's reference, the amount, your own number of the refund, and the reason. The number is the refund's
identity: with BAYAR_JOURNAL=bayar.db a line that was done is told again and not made again, whatever interrupted the last run.
"""

from __future__ import annotations

import csv
import sys

import bayar


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    open_ones = 0
    with open(sys.argv[1], newline="", encoding="utf-8") as file, bayar.Client.from_env() as client:
        for reference, amount, number, reason in csv.reader(file):
            open_ones += refund(client, reference, amount, number, reason)
    if open_ones:
        print(f"{open_ones} not known yet: run this file again, with the same numbers.", file=sys.stderr)
    return 1 if open_ones else 0


def refund(client: bayar.Client, reference: str, amount: str, number: str, reason: str) -> bool:
    """Makes one, and says whether its fate is open."""
    try:
        made = client.refund(reference, amount, refund_no=number, reason=reason)
    except (bayar.NotSent, bayar.OutcomeUnknown) as error:
        print(f"{number}  open     {error}")
        return True
    except (bayar.Refused, bayar.InvalidArgument) as error:
        # Nothing happened. The others go on.
        print(f"{number}  refused  {error}")
        return False
    print(f"{number}  done     {made.amount} IDR, DOKU's number {made.refund_no}")
    return False


if __name__ == "__main__":
    sys.exit(main())
