#!/usr/bin/env bash
# The Python package as its users get it: the wheel is built, and that wheel, not the source tree, is installed into a clean
# environment of every CPython that is here, and tested in it; its types are checked and its ABI. All of it below target/python.
#
#     tests/python.sh [PYTEST-ARGUMENT...]
set -uo pipefail
cd "$(dirname "$0")/.."

place=$PWD/target/python
export BAYAR_SANDBOX_PROGRAM=$PWD/target/debug/bayar-sandbox BAYAR_TESTS_INSTALLED=1
# What the caller's shell has for another Python is not for this one.
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
failed=0
mkdir -p "$place"

# check NAME COMMAND...: counted by run.sh, as the tests are; what it printed is shown only if it failed.
check() {
    local name=$1
    shift
    if "$@" >"$place/log" 2>&1; then
        echo "ok      python: $name"
        echo "test result: 1 passed; 0 failed"
    else
        failed=1
        cat "$place/log"
        echo "FAILED  python: $name"
        echo "test result: 0 passed; 1 failed"
    fi
}

# Those in the path, and those of a pyenv; one for each minor version.
pythons() {
    local candidate version seen=" "
    for candidate in python3 python3.{9..15} "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
        version=$("$candidate" -c 'import sys, ensurepip, venv
if sys.implementation.name == "cpython" and sys.version_info >= (3, 9) and not getattr(sys.flags, "nogil", 0):
    print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        [ -n "$version" ] && [[ $seen != *" $version "* ]] || continue
        seen+="$version "
        # A shim of pyenv's is one program for all of them.
        echo "$version $("$candidate" -c 'import sys; print(sys.executable)')"
    done
}

# environment NAME PYTHON PACKAGE...: a clean one, with these packages and the wheel.
environment() {
    rm -rf "${place:?}/$1"
    "$2" -m venv "$place/$1" || return
    "$place/$1/bin/pip" install --quiet "${@:3}" || return
    # The wheel brings nothing with it, and nothing else of that name is taken.
    "$place/$1/bin/pip" install --quiet --no-index "$wheel"
}

build() {
    local maturin="$place/build/bin/maturin"
    [ -x "$maturin" ] || { "$python" -m venv "$place/build" && "$place/build/bin/pip" install --quiet 'maturin==1.16.0'; } || return
    rm -rf "$place/wheel"
    cargo build --package bayar-sandbox || return
    "$maturin" build --release --locked --manifest-path bindings/python/Cargo.toml --target-dir "$place/cargo" --out "$place/wheel" \
        --interpreter "$python"
}

all=$(pythons)
[ -n "$all" ] || { echo "There is no CPython of 3.9 or later with venv here." >&2; exit 1; }
python=$(head -n 1 <<<"$all" | cut -d ' ' -f 2)
echo "python: $(cut -d ' ' -f 1 <<<"$all" | tr '\n' ' ')"
check "the wheel" build
wheel=$(ls "$place"/wheel/bayar-*.whl 2>/dev/null) || { echo "There is no wheel." >&2; exit 1; }
echo "python: $(basename "$wheel"), $(stat -c %s "$wheel") bytes"

# Everything on the first one and on the newest; on the others what Python's versions differ in.
newest=$(cut -d ' ' -f 1 <<<"$all" | sort -V | tail -n 1)
first=$(head -n 1 <<<"$all" | cut -d ' ' -f 1)
short=(tests/test_pay.py tests/test_settings.py tests/test_errors.py tests/test_concurrency.py tests/test_aio.py tests/test_log.py)
while read -r version interpreter; do
    what=("${short[@]}") frameworks=()
    if [ "$version" = "$first" ] || [ "$version" = "$newest" ]; then
        what=(tests)
        frameworks=(flask starlette uvicorn)
    fi
    echo "python: CPython $version"
    if environment "$version" "$interpreter" pytest hypothesis "${frameworks[@]}" >"$place/log" 2>&1; then
        (cd bindings/python && "$place/$version/bin/python" -m pytest -q -p no:cacheprovider "${what[@]}" "$@") || failed=1
    else
        failed=1
        cat "$place/log"
        echo "test result: 0 passed; 1 failed"
    fi
done <<<"$all"

tools() {
    environment tools "$python" mypy==2.4.1 pyright==1.1.414 abi3audit==0.0.26
}
check "tools" tools
bin=$place/tools/bin
check "mypy --strict, package" "$bin/mypy" --strict --python-executable "$bin/python" -p bayar
for example in examples/python/*.py; do
    check "mypy --strict, $(basename "$example")" "$bin/mypy" --strict --python-executable "$bin/python" "$example"
done
# Of the package as it is installed: beside the source tree, each class would be there twice. The paths are relative, or pyright
# leaves them out.
pyright() {
    local installed
    installed=$(cd "$place" && ls -d tools/lib/python3.*/site-packages/bayar) || return
    printf '{"typeCheckingMode": "strict", "include": ["%s", "../../examples/python"], "exclude": []}\n' "$installed" \
        >"$place/pyrightconfig.json"
    "$bin/pyright" --project "$place/pyrightconfig.json" --pythonpath "$bin/python" --outputjson >"$place/pyright.json"
    "$bin/python" - "$place/pyright.json" <<'CHECK'
import json, sys
found = json.load(open(sys.argv[1]))
for each in found["generalDiagnostics"]:
    print(each["file"], each["range"]["start"]["line"] + 1, each["message"])
sys.exit(found["summary"]["errorCount"] != 0 or found["summary"]["filesAnalyzed"] < 12)
CHECK
}
check "pyright, strict" pyright
# The native part is the one whose stubs are written by hand; the rest has its types in its source.
check "stubtest" "$bin/python" -m mypy.stubtest bayar._bayar
check "abi3audit" "$bin/abi3audit" --strict --assume-minimum-abi3 3.9 "$wheel"
check "rustfmt" cargo fmt --manifest-path bindings/python/Cargo.toml --check
check "clippy" cargo clippy --manifest-path bindings/python/Cargo.toml --target-dir "$place/cargo" --locked --all-targets \
    --all-features -- -D warnings
exit "$failed"
