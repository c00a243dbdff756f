#!/usr/bin/env bash
# Installs what the tests need and this machine lacks, from Debian's packages and, for the fuzz targets, from Rust's; with
# `demo` only what `make demo` needs. Says what is needed elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-tests}

missing=()
need() { # need COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}
need cc gcc
# A library for the example of a web server, not a command.
printf '#include <microhttpd.h>\n' | cc -E -x c - >/dev/null 2>&1 || missing+=(libmicrohttpd-dev)
if [ "$what" = tests ]; then
    need g++ g++
    need nm binutils
    need valgrind valgrind
    need strace strace
    need unshare util-linux
    need mount mount
    need openssl openssl
    need python3 python3
    if command -v python3 >/dev/null 2>&1 && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then missing+=(python3-venv); fi
    need php php-cli
    if command -v php >/dev/null 2>&1 && ! php -m | grep -ix ffi >/dev/null; then missing+=(php-cli); fi
    # PHP under a real web server, as shops run it. Debian keeps both programs out of the path of users.
    compgen -G '/usr/sbin/php-fpm*' >/dev/null || missing+=(php-fpm)
    [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
    need composer composer
    need phpunit phpunit
    for module in curl mbstring xml; do
        if ! command -v php >/dev/null 2>&1 || ! php -m | grep -ix "$module" >/dev/null; then missing+=("php-$module"); fi
    done
    [ -f /usr/share/php/Psr/Log/autoload.php ] || missing+=(php-psr-log)
    [ -f /usr/share/php/Nyholm/Psr7/autoload.php ] || missing+=(php-nyholm-psr7)
    # For the PHPs of other versions, and pyright.
    need node nodejs
    need npm npm
    # The server's programs are not in the path there, but in a folder for each version.
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need initdb postgresql
    need ps procps
fi
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
[ "$what" = demo ] && exit 0
command -v cargo-fuzz >/dev/null 2>&1 || cargo install cargo-fuzz --version 0.13.2 --locked

# Real PHPs of other versions, compiled to WebAssembly, for the package's syntax.
others=target/other-php
if [ ! -d "$others/node_modules/@php-wasm/node-8-5" ]; then
    mkdir -p "$others"
    npm install --prefix "$others" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
        @php-wasm/node-7-4@3.1.56 @php-wasm/node-8-5@3.1.56 @php-wasm/universal@3.1.56
fi
