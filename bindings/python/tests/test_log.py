"""The log goes to the logger `bayar`, without secrets."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

import bayar


def test_what_was_done_is_logged_by_the_loggers_level(sandbox, new, caplog):
    reference = new("LOG")
    with caplog.at_level(logging.INFO, "bayar"), sandbox.client() as client:
        client.pay(reference, 10_000)
    assert any(reference in record.message and record.levelno == logging.INFO for record in caplog.records)
    assert not any(record.levelno == logging.DEBUG for record in caplog.records)
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "bayar"), sandbox.client() as client:
        client.pay(new("LOG"), 10_000)
    assert any(record.levelno == logging.DEBUG for record in caplog.records)
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "bayar"), sandbox.client(log_level="off") as client:
        client.pay(new("LOG"), 10_000)
    assert caplog.records == []


def test_no_secret_is_in_the_log_nor_in_an_exception(sandbox, new, caplog):
    with caplog.at_level(logging.DEBUG, "bayar"), sandbox.client() as client:
        client.pay(new("LOG"), 10_000)
        sandbox.misbehave("payment", "code", http=403, code="4035415")
        with pytest.raises(bayar.Refused) as caught:
            client.pay(new("LOG"), 10_000)
    for text in (caplog.text, str(caught.value), repr(caught.value)):
        assert sandbox.environment["BAYAR_CLIENT_SECRET"] not in text
        assert "Bearer" not in text and "PRIVATE KEY" not in text and "eyJ" not in text


def test_a_log_that_fails_takes_away_no_payment(sandbox, new, monkeypatch):
    class Broken(logging.Handler):
        def handle(self, record):
            raise OSError("the disk is full")

    seen = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    logger, handler = logging.getLogger("bayar"), Broken()
    logger.addHandler(handler)
    try:
        with sandbox.client() as client:
            logger.setLevel(logging.DEBUG)
            assert client.pay(new("LOG"), 10_000).redirect_url
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert any("disk is full" in str(each.exc_value) for each in seen)


def test_a_program_that_has_set_up_no_logging_prints_nothing(sandbox):
    code = """if True:
        import logging, bayar
        try:
            bayar.Client.from_env(base_url="http://127.0.0.1:1").pay("INV-1", 10_000, return_url="https://shop.example/")
        except bayar.NotSent:
            print("not sent")"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **sandbox.environment})
    assert (done.stdout, done.stderr) == ("not sent\n", "")


def test_importing_the_package_imports_little():
    code = "import bayar, sys; print(*sorted(sys.modules))"
    names = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"logging", "typing", "dataclasses", "asyncio", "json", "decimal", "datetime", "inspect", "ssl", "re"}
    bare = subprocess.run(
        [sys.executable, "-I", "-c", "import enum, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not (heavy & set(names)) - set(bare)
