#!/usr/bin/env bash
# Builds the library with AddressSanitizer, its C parts also with UndefinedBehaviorSanitizer, and prints where it is.
#
# The runtime libraries are gcc's: the programs that `tests/c_api/sanitized.rs` links with it bring them, and the library
# leaves their functions undefined. A folder of its own keeps the other builds as they are; --target keeps the sanitizer
# out of build scripts, which have no runtime library.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-${CARGO_TARGET_DIR:-target}/sanitized}
host=$(rustc -vV | sed -n 's/^host: //p')
variable=${host//-/_}

# What a test run or a user set for other builds shall not end this one's flags, or its freshness.
unset CARGO_ENCODED_RUSTFLAGS
# A stable compiler takes -Z with this. Rust has no UndefinedBehaviorSanitizer: its own checks are what there is.
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="-Zsanitizer=address -Cforce-frame-pointers=yes -Cdebug-assertions=on -Coverflow-checks=on"
export "CC_$variable=gcc"
export "CFLAGS_$variable=-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
# The finding's lines are wanted, and no more: with everything that a debugger reads, a stack takes seconds to print.
export CARGO_PROFILE_DEV_DEBUG=line-tables-only
# Building takes longer than running, so the crates around are optimised less than for other tests.
"${CARGO:-cargo}" rustc --lib --features capi --crate-type cdylib --target "$host" --target-dir "$folder" \
    --config 'profile.dev.package."*".opt-level=1' >&2
echo "$folder/$host/debug/libbayar.so"
