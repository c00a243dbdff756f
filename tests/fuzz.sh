#!/usr/bin/env bash
# Builds the fuzz targets in fuzz/ and runs each for some seconds (15 if not said) from its seeds: tests/fuzz.sh [seconds] [target...]
#
# What is found stays in fuzz/artifacts/ and is printed; the inputs that were interesting grow in fuzz/corpus/, which is
# nobody's but this machine's. AddressSanitizer is on, for the C API hands out raw pointers: it finds leaks and what is
# used after it was freed. With it the build takes about a tenth longer (3 minutes of processor time), and a second has
# room for a fifth of the inputs, which is still hundreds to tens of thousands. Both it and the counters of what was
# reached need a nightly compiler, and work with the stable one, which is told to be one for this only.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-15}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "How many seconds? '$seconds' is no whole number from 1 on." >&2; exit 2; }
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cd fuzz/targets && ls -- *.rs | sed 's/\.rs$//')

export RUSTC_BOOTSTRAP=1
triple=$(rustc -vV | sed -n 's/^host: //p')
cargo fuzz build --fuzz-dir fuzz --target "$triple"

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
mkdir -p fuzz/artifacts

run() { # run TARGET: what it prints goes to its log, and its exit code to a file beside it
    local target=$1 status=0
    mkdir -p "fuzz/corpus/$target"
    RUST_BACKTRACE=0 ASAN_OPTIONS=detect_odr_violation=0 "fuzz/target/$triple/release/$target" "fuzz/corpus/$target" "fuzz/seeds/$target" \
        -dict="fuzz/dictionaries/$target.dict" -artifact_prefix="fuzz/artifacts/$target-" \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 >"$logs/$target" 2>&1 </dev/null || status=$?
    echo "$status" >"$logs/$target.status"
}
export -f run
export seconds triple logs
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I {} bash -c 'run {}'

failed=0
for target in "${targets[@]}"; do
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target")
    if [ "$(cat "$logs/$target.status")" -eq 0 ] && [ "${inputs:-0}" -gt 0 ]; then
        echo "ok      fuzz $target: $inputs inputs in $seconds s"
        continue
    fi
    failed=$((failed + 1))
    sed -n '/panicked at/,/^note: run with/p; /ERROR: [A-Z][A-Za-z]*Sanitizer/,/^SUMMARY/p; /^SUMMARY/p' "$logs/$target" | head -n 60
    grep -q '^SUMMARY' "$logs/$target" || tail -n 20 "$logs/$target"
    file=$(sed -n 's/.*Test unit written to //p' "$logs/$target" | tail -n 1)
    if [ -n "$file" ]; then
        echo "The input is $file, in base64:"
        base64 -w 0 "$file"
        echo
        echo "Again: echo '<the base64>' | base64 -d > input; RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir fuzz $target input"
    fi
    echo "FAILED  fuzz $target: ${inputs:-0} inputs"
done
[ "$failed" -eq 0 ]
