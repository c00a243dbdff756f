"""The shared vectors (tests/vectors), through Python. Every case is walked before a test fails."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

import bayar
from support import FakeDoku, merchant_key, paid, vectors


def walk(cases: list[Any], hold: Callable[[Any], object], at_once: int = 1) -> None:
    """Holds every case, and fails with all that were not met."""
    assert cases

    def problem(case: Any) -> str | None:
        try:
            hold(case)
        except Exception as error:  # Whatever it is, the case is not met.
            return f"{case['name']}: {type(error).__name__}: {error}"
        return None

    with ThreadPoolExecutor(at_once) as pool:
        problems = [found for found in pool.map(problem, cases) if found]
    assert not problems, f"{len(problems)} of {len(cases)}:\n" + "\n".join(problems)


def of_kind(*kinds: str) -> list[Any]:
    return [case for case in vectors("signature")["cases"] if case["kind"] in kinds]


def covered(case: Any) -> list[Any]:
    return [case[name] for name in ("method", "path", "token", "body", "timestamp")]


def test_symmetric_signatures():
    def hold(case):
        assert bayar.request_string_to_sign(*covered(case)) == case["string_to_sign"]
        method, path, token, body, timestamp = covered(case)
        assert bayar.sign_request(case["client_secret"], method, path, token, body.encode(), timestamp) == case["signature"]
        assert bayar.sign_request(case["client_secret"], *covered(case)) == case["signature"]
        bayar.verify_request(case["client_secret"], *covered(case), case["signature"])

    walk(of_kind("symmetric"), hold)


def test_symmetric_signatures_that_are_to_be_verified():
    def hold(case):
        try:
            bayar.verify_request(case["client_secret"], *covered(case), case["signature"])
            valid = True
        except bayar.SignatureError as error:
            assert error.code is bayar.Code.SIGNATURE_MISMATCH
            valid = False
        assert valid == case["valid"]

    walk(of_kind("symmetric_verify"), hold)


def test_asymmetric_signatures():
    def hold(case):
        signed = bayar.sign_token_request(case["private_key_pem"], case["client_id"], case["timestamp"])
        assert signed == case["signature"]

    walk(of_kind("asymmetric"), hold)


def test_asymmetric_signatures_that_are_to_be_verified():
    def hold(case):
        given = (case["public_key_pem"], case["client_id"], case["timestamp"], case["signature"])
        if case["valid"]:
            bayar.verify_token_request(*given)
        else:
            with pytest.raises(bayar.SignatureError):
                bayar.verify_token_request(*given)

    walk(of_kind("asymmetric_verify"), hold)


def test_every_kind_of_signature_is_known():
    known = {"symmetric", "symmetric_verify", "asymmetric", "asymmetric_verify", "symmetric_string"}
    assert {case["kind"] for case in vectors("signature")["cases"]} == known


def test_token_requests():
    def hold(case):
        headers = dict(case["headers"])
        signed = bayar.sign_token_request(merchant_key(), case["client_id"], headers["X-TIMESTAMP"])
        assert signed == headers["X-SIGNATURE"]

    walk(vectors("token")["cases"], hold)


def test_minifying():
    def hold(case):
        assert bayar.minify(case["input"]) == case["minified"].encode()
        assert bayar.minify(case["input"].encode()) == case["minified"].encode()

    walk(vectors("minify")["cases"], hold)


# The keywords that have another name in Python.
KEYWORDS = {"partner_refund_no": "refund_no", "extra_json": "extra"}
POSITIONAL = {
    "payment": ("partner_reference_no", "amount"),
    "refund": ("original_partner_reference_no", "amount"),
    "status": ("original_partner_reference_no",),
}


def call(client: bayar.Client, case: Any) -> Any:
    given = dict(case["request"])
    first = [given.pop(name) for name in POSITIONAL[case["operation"]]]
    function = {"payment": client.pay, "refund": client.refund, "status": client.status}[case["operation"]]
    return function(*first, **{KEYWORDS.get(name, name): value for name, value in given.items()})


def done(path: str, body: bytes) -> tuple[int, str]:
    """DOKU's answer to a request of whichever kind."""
    if path.endswith("payment-host-to-host"):
        return paid(path, body)
    if path.endswith("refund"):
        return 200, '{"responseCode":"2005800","responseMessage":"Successful"}'
    return 200, '{"responseCode":"2005500","responseMessage":"Successful","latestTransactionStatus":"03"}'


def is_over(case: Any) -> bool:
    """The end of the link is behind the real clock, so that the library rightly refuses it."""
    end = case["request"].get("valid_up_to")
    return end is not None and datetime.fromisoformat(end.replace("Z", "+00:00")).timestamp() < time.time()


@pytest.mark.parametrize("name", ["payment", "refund", "status"])
def test_what_is_sent(name):
    walked = 0

    def hold(case):
        nonlocal walked
        if is_over(case):
            return
        with FakeDoku(done, token=case["token"]) as server:
            settings = {**case["settings"], "client_id": case["client_id"], "client_secret": case["client_secret"]}
            with server.client(return_url=None, environment=case["environment"], **settings) as client:
                call(client, {**case, "operation": name})
            ((path, headers, body),) = server.seen
        assert path == case["path"]
        wanted = case["body"]
        if name == "payment" and "valid_up_to" not in case["request"]:
            spelling = settings.get("valid_up_to_field", "validUpTo")
            ours, theirs = json.loads(body)[spelling], json.loads(wanted)[spelling]
            wanted = wanted.replace(theirs, ours)
        assert body.decode() == wanted
        ours = {key.lower(): value for key, value in headers}
        for key, value in case["headers"]:
            if key in ("X-TIMESTAMP", "X-SIGNATURE") or (key == "X-EXTERNAL-ID" and case["external_id_is"] == "given"):
                continue
            assert ours[key.lower()] == value, key
        assert len(ours["x-external-id"]) == 32
        token = ours["authorization"].removeprefix("Bearer ")
        signed = bayar.sign_request(case["client_secret"], "POST", path, token, body, ours["x-timestamp"])
        assert ours["x-signature"] == signed
        walked += 1

    cases = vectors(name)["cases"]
    walk(cases, hold)
    assert walked > len(cases) // 2


def test_the_external_id_of_a_first_attempt():
    def hold(case):
        with FakeDoku(done) as server:
            settings = {name: case[name] for name in ("environment", "client_id", "client_secret")}
            with server.client(**settings) as client:
                if case["kind"] == "payment":
                    result = client.pay(case["reference"], case["amount"])
                else:
                    result = client.refund("INV-0001", case["amount"], refund_no=case["reference"])
        assert result.external_id == case["external_id"]

    walk(vectors("external_id")["cases"], hold)


def test_bad_input_is_refused_by_name_and_nothing_is_sent():
    with FakeDoku(done) as server, server.client() as client:

        def hold(case):
            if case.get("needs_clock"):
                return
            required = {"payment": {"partner_reference_no", "amount"}, "status": {"original_partner_reference_no"}}
            required["refund"] = {"original_partner_reference_no", "amount", "partner_refund_no"}
            if not required[case["operation"]] <= set(case["request"]):
                # Python's own business: there is no call without them.
                assert case["field"] in required[case["operation"]]
                return
            with pytest.raises(bayar.InvalidArgument) as caught:
                call(client, case)
            wanted = KEYWORDS.get(case["field"], case["field"])
            assert caught.value.field == wanted and caught.value.outcome is bayar.Outcome.NOT_SENT

        walk(vectors("bad_input")["cases"], hold)
        assert server.seen == []


def test_good_input_is_accepted():
    def hold(case):
        if case.get("needs_clock"):
            return
        with FakeDoku(done) as server, server.client(**case["settings"]) as client:
            call(client, case)
            assert len(server.seen) == 1

    walk(vectors("good_input")["cases"], hold)


OUTCOMES = {
    "in_progress": bayar.OutcomeUnknown,
    "unknown": bayar.OutcomeUnknown,
    "ask_status": bayar.OutcomeUnknown,
    "refused": (bayar.Refused, bayar.AuthenticationError),
    "retry_later": bayar.Refused,
    "renew_token": bayar.AuthenticationError,
}


@pytest.mark.parametrize("operation", ["payment", "refund"])
def test_what_an_answer_means_for_the_money(operation):
    def hold(case):
        answers = iter([(case["http_status"], case["body"])] * (3 if case["meaning"] == "renew_token" else 1))
        # What is asked or sent after it finds nothing out.
        with FakeDoku(lambda path, body: next(answers, None)) as server, server.client(timeout_ms=1500) as client:
            sent = {"operation": operation, "request": case["sent"]}
            if case["meaning"] == "done":
                names = {"redirect_url", "reference_no"} if operation == "payment" else {"refund_no"}
                result = call(client, sent)
                for name in set(case["fields"]) & {*names, "response_code"}:
                    assert getattr(result, name) == case["fields"][name], name
                assert result.raw_json == case["body"].strip()
                return
            with pytest.raises(OUTCOMES[case["meaning"]]) as caught:
                call(client, sent)
        error = caught.value
        is_unknown = OUTCOMES[case["meaning"]] is bayar.OutcomeUnknown
        assert error.outcome is (bayar.Outcome.UNKNOWN if is_unknown else bayar.Outcome.REFUSED)
        if case["meaning"] in ("retry_later", "renew_token"):
            assert error.retryable
        if case["meaning"] == "refused":
            assert error.http_status == case["http_status"]
            assert error.response_code == case["fields"].get("response_code", error.response_code)

    walk([case for case in vectors("answers")["cases"] if case["operation"] == operation], hold, at_once=8)


def test_what_an_answer_says_of_a_payments_status():
    def hold(case):
        answers = iter([(case["http_status"], case["body"])] * (3 if case["meaning"] == "renew_token" else 1))
        with FakeDoku(lambda path, body: next(answers, None)) as server, server.client(timeout_ms=1500) as client:
            sent = {"operation": "status", "request": case["sent"]}
            if case["meaning"] != "done":
                with pytest.raises(bayar.OutcomeUnknown):
                    call(client, sent)
                return
            status = call(client, sent)
        assert status.raw_json == case["body"].strip()
        for name, value in case["fields"].items():
            if name in ("original_reference_no", "transaction_status_desc", "response_code", "original_external_id"):
                assert getattr(status, name) == value, name
            elif name == "amount":
                assert (status.amount and str(status.amount)) == value
            elif name == "transaction_status":
                order = [*bayar.TransactionStatus]
                by_code = ["paid", "initiated", "paying", "pending", "refunded", "cancelled", "failed", "not_found"]
                assert [str(word) for word in order] == by_code
                assert status.transaction_status == (by_code[int(value)] if value is not None else None)
            elif name == "refunds":
                assert status.has_refund_history == (value is not None)
                assert len(status.refunds) == len(value or [])

    walk([case for case in vectors("answers")["cases"] if case["operation"] == "status"], hold, at_once=8)
