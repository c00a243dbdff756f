"""The exceptions: by what one must do, with all that is known, also through a pickle."""

from __future__ import annotations

import copy
import pickle
import re
import traceback

import pytest

import bayar
from bayar import errors
from support import REPOSITORY

ALL = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, bayar.BayarError)]


def made(code, outcome, retry="no"):
    return errors.make("What was wrong.", int(code), outcome, retry, "amount", "4035415", 403, "12345")


def test_every_code_and_outcome_has_its_exception():
    for code in bayar.Code:
        for outcome in bayar.Outcome:
            error = made(code, outcome)
            assert error.code is code and error.outcome is outcome
            assert isinstance(error, bayar.OutcomeUnknown) == (outcome is bayar.Outcome.UNKNOWN), (code, outcome)
            by_code = {
                bayar.Code.UNAUTHORIZED: bayar.AuthenticationError,
                bayar.Code.JOURNAL: bayar.JournalError,
                bayar.Code.INTERNAL: bayar.InternalError,
            }
            if code in by_code:
                assert isinstance(error, by_code[code])
            elif outcome is not bayar.Outcome.UNKNOWN and 300 < code < 500:
                assert type(error) is (bayar.NotSent if outcome is bayar.Outcome.NOT_SENT else bayar.Refused)
    assert type(made(bayar.Code.REFERENCE_REUSED, "not_sent")) is bayar.InvalidArgument
    assert type(made(bayar.Code.INVALID_KEY, "not_sent")) is bayar.ConfigurationError
    assert type(made(bayar.Code.SIGNATURE_MISMATCH, "not_sent")) is bayar.SignatureError


def test_the_codes_are_those_of_the_c_header():
    header = (REPOSITORY / "include" / "bayar.h").read_text()
    known = dict(re.findall(r"BAYAR_ERROR_(\w+) = (\d+)", header))
    assert {name: int(number) for name, number in known.items()} == {code.name: int(code) for code in bayar.Code}


def test_an_exception_can_be_pickled_and_copied_with_all_it_says():
    for kind in ALL:
        error = kind(
            "What was wrong.", code=305, outcome="unknown", retry="later", field="f", response_code="5045400",
            http_status=504, external_id="1" * 32,
        )
        for back in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
            assert type(back) is kind and back.__dict__ == error.__dict__ and str(back) == str(error)
            assert back.retryable and back.code is bayar.Code.TIMEOUT and back.outcome is bayar.Outcome.UNKNOWN


def test_what_to_do_is_in_the_text():
    def text(code, outcome, retry):
        return str(made(code, outcome, retry))

    assert "call again with the same reference" in text(305, "unknown", "same_reference")
    assert "a person has to look" in text(405, "unknown", "no")
    assert "Nothing was sent: call again with the same reference" in text(302, "not_sent", "same_reference")
    assert "new reference" in text(402, "refused", "no")
    assert "may be tried again" in text(403, "refused", "later")
    assert "[TIMEOUT, HTTP 403, responseCode 4035415, X-EXTERNAL-ID 12345]" in text(305, "unknown", "no")
    # What the core has said already is not said twice.
    error = errors.make("It is lost; call again with the same reference.", 305, "unknown", "later", None, None, None, None)
    assert str(error) == "It is lost; call again with the same reference. [TIMEOUT]"


def test_an_exception_can_be_made_in_a_shops_own_tests():
    error = bayar.Refused("No.")
    assert error.outcome is bayar.Outcome.REFUSED and error.message == "No." and error.external_id is None
    assert bayar.OutcomeUnknown("?").outcome is bayar.Outcome.UNKNOWN


def test_a_traceback_names_the_exception_as_the_caller_writes_it(fake):
    with fake.client() as client:
        try:
            client.pay("has a space", 1)
        except bayar.BayarError:
            shown = traceback.format_exc()
    assert "bayar.InvalidArgument: partner_reference_no cannot be used" in shown


def test_nothing_listens_so_nothing_was_sent(sandbox):
    with sandbox.client(base_url="http://127.0.0.1:1", timeout_ms=2000) as client:
        with pytest.raises(bayar.NotSent) as caught:
            client.pay("INV-1", 10_000)
    assert caught.value.code is bayar.Code.CONNECT and caught.value.retryable


def test_doku_does_not_accept_the_merchant(sandbox, new):
    with sandbox.client(client_secret="SK-wrong") as client, pytest.raises(bayar.AuthenticationError) as caught:
        client.pay(new(), 10_000)
    assert caught.value.outcome is bayar.Outcome.REFUSED and caught.value.http_status == 401
    assert caught.value.response_code.startswith("401") and len(caught.value.external_id) == 32
