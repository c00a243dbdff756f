#!/usr/bin/env bash
# Installs what the tests need and this machine lacks, from Debian's packages and, for the fuzz targets, from Rust's. Says
# what is needed elsewhere.
set -euo pipefail

missing=()
need() { # need COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}
need cc gcc
need g++ g++
need nm binutils
need valgrind valgrind
need strace strace
need unshare util-linux
need mount mount
need openssl openssl
need python3 python3
if command -v python3 >/dev/null 2>&1 && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then missing+=(python3-venv); fi
# pyright runs on it.
need node nodejs
need npm npm
need php php-cli
if command -v php >/dev/null 2>&1 && ! php -m | grep -ix ffi >/dev/null; then missing+=(php-cli); fi
# The server's programs are not in the path there, but in a folder for each version.
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need initdb postgresql
need ps procps
# A library for the example of a web server, not a command.
printf '#include <microhttpd.h>\n' | cc -E -x c - >/dev/null 2>&1 || missing+=(libmicrohttpd-dev)
command -v cargo >/dev/null 2>&1 || { echo "Rust is needed (cargo, rustc 1.89 or later, with clippy and rustfmt)." >&2; exit 1; }

if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing: ${missing[*]}"
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "There is no apt-get here. Please install by hand: ${missing[*]}" >&2
        exit 1
    fi
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
fi

# After the compilers, which it needs.
command -v cargo-fuzz >/dev/null 2>&1 || cargo install cargo-fuzz --version 0.13.2 --locked
