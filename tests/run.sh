#!/usr/bin/env bash
# Runs every check and every test, also after a failure, and says on its last line how many passed.
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# check NAME COMMAND...: one thing that is clean or not; what it printed is shown only if it is not.
check() {
    local name=$1
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name"
    else
        failed=$((failed + 1))
        cat "$log"
        echo "FAILED  $name"
    fi
}

# tests NAME COMMAND...: tests that count themselves; a command that ran none, or could not be built, is a failure.
tests() {
    local name=$1
    shift
    "$@" 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]}
    local ok bad
    ok=$(awk '/^test result:/ { for (i = 1; i < NF; i++) if ($(i + 1) ~ /^passed/) n += $i } END { print n + 0 }' "$log")
    bad=$(awk '/^test result:/ { for (i = 1; i < NF; i++) if ($(i + 1) ~ /^failed/) n += $i } END { print n + 0 }' "$log")
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] || [ "$ok" -eq 0 ]; then bad=$((bad + 1)); fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    if [ "$bad" -eq 0 ]; then echo "ok      $name: $ok"; else echo "FAILED  $name: $bad"; fi
}

check "cargo fmt" cargo fmt --all --check
check "cargo fmt, fuzz targets" cargo fmt --manifest-path fuzz/Cargo.toml --check
check "clippy, all features" cargo clippy --workspace --all-targets --all-features -- -D warnings
check "clippy, without the C API" cargo clippy --workspace --all-targets -- -D warnings
check "clippy, fuzz targets" env RUSTC_BOOTSTRAP=1 RUSTFLAGS="--cfg fuzzing" \
    cargo clippy --manifest-path fuzz/Cargo.toml --all-targets -- -D warnings
check "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --workspace --all-features --no-deps
check "PHP lint" bash -c 'set -e; git ls-files -co --exclude-standard "*.php" | while read -r file; do php -l "$file"; done'
check "shell lint" bash -c 'set -e; for file in tests/*.sh examples/c/*.sh .ci/run; do bash -n "$file"; done'
# The tests would build it themselves; here it is seen how long that takes, and that it is what fails.
check "library with sanitizers" tests/sanitized.sh
tests "tests" cargo test --workspace --all-features --no-fail-fast
tests "Python package" tests/python.sh
check "fuzz targets, 15 s each" tests/fuzz.sh 15
check "make demo" make demo
# That of a release has other frames on the stack than the one that the tests above were built with.
tests "wiped memory, in the library of a release" env BAYAR_LIBRARY_DIR="$PWD/target/release" cargo test --all-features --test c_api wiped
check "make install" tests/installed.sh

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
