#!/usr/bin/env bash
# What `make install` puts in place is enough to build the example, with the shared library and with the static one; and
# valgrind has nothing to say about it but what the suppressions for users name.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

make install PREFIX="$root"
test -s "$root/lib/pkgconfig/bayar.pc"
cc -std=c99 -Wall -Wextra -Wpedantic -Werror -I"$root/include" examples/c/pay.c -L"$root/lib" -lbayar -Wl,-rpath,"$root/lib" -o "$root/shared"
cc -std=c99 -I"$root/include" examples/c/pay.c "$root/lib/libbayar.a" -o "$root/static"
cc -std=c99 -I"$root/include" examples/c/journal.c "$root/lib/libbayar.a" -o "$root/journal"
for program in shared static; do
    BAYAR_STATUS_INTERVAL_MS=250 target/debug/bayar-sandbox run -- "$root/$program" "INV-$program" 10000.00
    BAYAR_STATUS_INTERVAL_MS=250 BAYAR_TIMEOUT_MS=120000 BAYAR_CONNECT_TIMEOUT_MS=120000 target/debug/bayar-sandbox run -- \
        valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
        --suppressions=tests/c/valgrind.supp "$root/$program" "INV-$program" 10000.00 "INV-$program-R1"
done
