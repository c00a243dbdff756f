"""The till's closing: asks about what is open, holds a day against DOKU, and exports the records as JSON lines.

    python reconcile.py [DAY] [FILE]          such as: python reconcile.py 2026-11-22 records.jsonl

Without a day it is today, in Jakarta. Needs BAYAR_JOURNAL. Ends with 1 where a person has to look.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone

import bayar


def main() -> int:
    if len(sys.argv) > 3:
        print(__doc__, file=sys.stderr)
        return 2
    today = datetime.now(timezone(timedelta(hours=7))).date().isoformat()
    day = sys.argv[1] if len(sys.argv) > 1 else today
    with bayar.Client.from_env() as client:
        for record in client.settle(timeout=60):
            print(f"asked      {record.operation} {record.reference}: {record.state}")

        found = client.reconcile(day, timeout=600)
        for record in found.differences:
            print(f"DIFFERS    {record.operation} {record.reference} over {record.amount}: {record.finding}")
        print(f"{day}  {len(found.records)} compared, {len(found.differences)} differ")
        if not found.is_complete:
            print("           the time was over before all were compared: run it again")

        open_ones = list(client.records(open=True))
        for record in open_ones:
            print(f"open       {record.operation} {record.reference} since {record.created}, asked again {record.next_inquiry}")
        # A person closes what DOKU does not tell, after a look into its dashboard:
        # client.resolve(bayar.Operation.REFUND, "INV-0001-R1", bayar.Resolution.DONE, "seen in DOKU's dashboard")

        if len(sys.argv) == 3:
            with open(sys.argv[2], "w", encoding="utf-8") as file:
                file.writelines(record.json + "\n" for record in client.records(day=day))
    return 1 if found.differences or open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
