#!/usr/bin/env python3
"""Makes the shared test vectors, or with --check compares them with what it computes.

    python3 make.py            write the files
    python3 make.py --check    exit 1 when a file differs from what is computed, or fails the second look below

Needs Python 3.8 or later and openssl. Nothing here comes from Bayar's own code.
"""
import base64
import hashlib
import json
import os
import sys

sys.dont_write_bytecode = True

from maker import answers, inputs, requests, signatures, wire  # noqa: E402

FILES = {"signature.json": signatures.signature, "minify.json": signatures.minify, "external_id.json": signatures.external_id,
         "payment.json": requests.payment, "refund.json": requests.refund, "status.json": requests.status,
         "token.json": requests.token, "answers.json": answers.answers, "bad_input.json": inputs.bad,
         "good_input.json": inputs.good}
PUBLISHED = {"asymmetric.json": "d972af9e6e579d83c319603ac519ecccd30f66c3e66fb06cfe57b109e9cee361",
             "minify.json": "c64af3489bd9bf3068dcae9fccc78d1838317e6d3eee9a8fd54f1b5ce8cbbe3a",
             "symmetric.json": "3b5ac56d528d2b7b6a545b7fb87cce5fca58bb1a2312080357614258607c369a"}


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    problems = []
    for name, digest in PUBLISHED.items():
        with open(os.path.join(wire.HERE, "published", name), "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != digest:
                problems.append("published/%s is not what was published" % name)
    for name, make in FILES.items():
        text = (json.dumps(make(), ensure_ascii=False, indent=1) + "\n").encode()
        path = os.path.join(wire.HERE, name)
        if check:
            try:
                with open(path, "rb") as file:
                    same = file.read() == text
            except OSError:
                same = False
            if not same:
                problems.append(name + " differs from what make.py computes")
        else:
            with open(path, "wb") as file:
                file.write(text)
        problems += second_look(name)
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


# ---- the second look: the files as they lie on disk, by other means than those that made them ---------------------------

def second_look(name):
    problems = []
    try:
        with open(os.path.join(wire.HERE, name), encoding="utf-8") as file:
            data = json.load(file, object_pairs_hook=once)
    except (OSError, ValueError) as error:
        return ["%s: %s" % (name, error)]
    names = [case["name"] for case in data["cases"]]
    problems += ["%s: the name %r twice" % (name, n) for n in set(names) if names.count(n) > 1]
    if not all(isinstance(data.get(k), str) for k in ("about", "source")):
        problems.append(name + ": no about or source")
    for case in data["cases"]:
        try:
            LOOKS[name](case, data)
        except (AssertionError, KeyError, ValueError) as error:
            problems.append("%s: %s: %s %s" % (name, case["name"], type(error).__name__, error))
    return problems


def once(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key twice in %r" % keys)
    return dict(pairs)


def openssl_hmac(secret, text):
    arguments = ["dgst", "-sha512", "-mac", "HMAC", "-macopt", "hexkey:" + secret.encode().hex(), "-binary"]
    return base64.b64encode(wire.openssl(arguments, text.encode())[1]).decode()


def openssl_sha256(text):
    return wire.openssl(["dgst", "-sha256", "-binary"], text.encode())[1].hex()


def look_signature(case, data):
    kind = case["kind"]
    if kind.startswith("asymmetric"):
        text = case["client_id"] + "|" + case["timestamp"]
        right = wire.rsa_verifies(case["public_key_pem"], text, case["signature"])
        assert right == case.get("valid", True) and text == case.get("string_to_sign", text)
        return
    text = case.get("string_to_sign") or wire.string_to_sign(*(case[k] for k in ("method", "path", "token", "body", "timestamp")))
    assert (openssl_hmac(case["client_secret"], text) == case["signature"]) == case.get("valid", True)
    if kind == "symmetric":
        assert text.split(":", 4)[3] == case["body_sha256"]
        if case["body"].strip() and "\\u" not in case["body"]:
            body = json.dumps(json.loads(case["body"]), ensure_ascii=False, separators=(",", ":"))
            assert openssl_sha256(body) == case["body_sha256"]


def look_minify(case, data):
    pairs = lambda text: json.loads(text, object_pairs_hook=list, parse_float=str, parse_int=str) if text.strip() else None
    assert pairs(case["input"]) == pairs(case["minified"])
    assert wire.minify(case["minified"]) == case["minified"] and len(case["minified"]) <= len(case["input"])


def look_external_id(case, data):
    sha256 = lambda key, text: wire.openssl(["dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:" + key.hex(), "-binary"], text)[1]
    key = sha256(case["client_secret"].encode(), b"bayar external id v1")
    amount = case["amount"] if "." in case["amount"] else case["amount"] + ".00"
    text = "\n".join([case["environment"], case["client_id"], case["kind"], case["reference"], amount]).encode()
    number = int(sha256(key, text)[:16].hex(), 16) % 10**32
    assert case["external_id"] == "%032d" % number and len(case["external_id"]) == 32


def look_request(case, data):
    body, headers = case["body"], dict(case["headers"])
    assert body == json.dumps(json.loads(body, object_pairs_hook=once), ensure_ascii=False, separators=(",", ":")), "not compact"
    assert not any(ord(c) < 32 or c in "\u2028\u2029" for c in body)
    assert len(headers) == len(case["headers"])
    stamp = headers["X-TIMESTAMP"]
    if "X-CLIENT-KEY" in headers:
        text = case["client_id"] + "|" + stamp
        assert wire.rsa_verifies(data["public_key_pem"], text, headers["X-SIGNATURE"])
    else:
        text = "POST:%s:%s:%s:%s" % (case["path"], case["token"], openssl_sha256(body), stamp)
        assert openssl_hmac(case["client_secret"], text) == headers["X-SIGNATURE"]
        assert headers["X-EXTERNAL-ID"] == case["external_id"] and headers["Authorization"] == "Bearer " + case["token"]
    assert text == case["string_to_sign"]


def look_answer(case, data):
    assert case["meaning"] in {"done", "in_progress", "refused", "retry_later", "unknown", "renew_token", "ask_status"}
    assert case["operation"] in {"payment", "refund", "status", "token"} and 100 <= case["http_status"] <= 599
    if case["meaning"] != "unknown":
        body = json.loads(case["body"], object_pairs_hook=once)
        code = str(body.get("responseCode", "2007300"))
        assert len(code) == 7 and case["replay"] == (case["http_status"] == 409 and code[:3] != "409")
        assert (case["meaning"] == "done") == (code[:3] == "200")


def look_input(case, data):
    assert case["operation"] in {"payment", "refund", "status"}
    if "field" in case:
        assert case["field"] in case["request"] or "missing" in case["name"]
        assert case.get("has_nul", False) == any("\0" in v for v in case["request"].values() if isinstance(v, str))
    elif "extra_json" in case["request"]:
        json.loads(case["request"]["extra_json"], object_pairs_hook=once)


LOOKS = {"signature.json": look_signature, "minify.json": look_minify, "external_id.json": look_external_id,
         "payment.json": look_request, "refund.json": look_request, "status.json": look_request, "token.json": look_request,
         "answers.json": look_answer, "bad_input.json": look_input, "good_input.json": look_input}

if __name__ == "__main__":
    main()
