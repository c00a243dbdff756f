#!/usr/bin/env bash
# What `make demo` runs beside the sandbox: a shop's web server (webhook.c), and a till (pay.c) that takes a payment and
# refunds it. Both have one journal, so that the server knows what was ordered. At the end stands what DOKU, here the
# sandbox, has told the server meanwhile.
#
#     demo.sh FOLDER        the programs pay and webhook are there; the settings are in the environment
set -euo pipefail

programs=$1
work=$(mktemp -d)
export BAYAR_JOURNAL=$work/shop.db BAYAR_NOTIFICATION_PATH=/notify BAYAR_STATUS_INTERVAL_MS=250

port=${BAYAR_SANDBOX_NOTIFICATION_URL#http://127.0.0.1:}
"$programs/webhook" "${port%%/*}" "$work/events" >"$work/said" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" || true; rm -rf "$work"' EXIT

# await TEXT: until the server has printed it, 10 s at the most
await() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        if grep -q "$1" "$work/said"; then return; fi
        sleep 0.1
    done
    echo "The web server has not said '$1', but:" >&2
    cat "$work/said" >&2
    exit 1
}

await '^listening'
"$programs/pay" INV-0001 10000.00 INV-0001-R1
await 'INV-0001 of Rp 10,000.00 is refunded'
echo '7. notified   the shop has heard from DOKU meanwhile, at its web server (examples/c/webhook.c):'
sed -n 's/^DOKU/   DOKU/p' "$work/said"
grep -q 'INV-0001 of Rp 10,000.00 is paid' "$work/said"
