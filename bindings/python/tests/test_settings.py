"""Settings by keyword, environment and file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import bayar
from bayar.settings import Settings


def test_the_keywords_are_the_settings_of_the_core():
    assert list(Settings.__annotations__) == [setting.name for setting in bayar.list_settings()]
    assert all(setting.help for setting in bayar.list_settings())


def test_settings_come_from_the_environment_a_file_and_keywords_in_this_order(sandbox, monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("BAYAR_"):
            monkeypatch.delenv(name)
    with pytest.raises(bayar.ConfigurationError) as caught:
        bayar.Client.from_env()
    assert caught.value.code is bayar.Code.MISSING_SETTING and caught.value.field == "environment"
    file = tmp_path / "shop.toml"
    lines = [f"{name} = '{value}'" for name, value in sandbox.settings(client_id="of-the-file").items()]
    file.write_text("\n".join(lines))
    with bayar.Client.from_file(file) as client:
        assert "of-the-file" in repr(client)
    monkeypatch.setenv("BAYAR_CONFIG", str(file))
    with bayar.Client.from_env() as client:
        assert "of-the-file" in repr(client)
    monkeypatch.setenv("BAYAR_CLIENT_ID", "of-the-environment")
    with bayar.Client.from_env() as client:
        assert "of-the-environment" in repr(client)
    with bayar.Client.from_env(client_id="of-the-keyword", timeout_ms=5000, proxy=None) as client:
        assert "of-the-keyword" in repr(client)
    with bayar.Client.from_file(str(file), client_id="of-the-keyword") as client:
        assert "of-the-keyword" in repr(client)


def test_a_setting_that_is_wrong_is_named_and_a_secret_is_not_repeated(sandbox):
    def refused(code, field, **more):
        with pytest.raises(bayar.ConfigurationError) as caught:
            sandbox.client(**more)
        assert (caught.value.code, caught.value.field) == (code, field)
        return str(caught.value)

    assert "Did you mean 'client_id'" in refused(bayar.Code.UNKNOWN_SETTING, "clientid", clientid="x")
    refused(bayar.Code.INVALID_SETTING, "timeout_ms", timeout_ms=-1)
    refused(bayar.Code.INVALID_SETTING, "environment", environment="live")
    text = refused(bayar.Code.INVALID_SETTING, "client_secret", client_secret="SK rahasia")
    assert "rahasia" not in text
    refused(bayar.Code.INVALID_SETTING, "private_key_file", private_key_file=Path("/nowhere/key.pem"))
    with pytest.raises(TypeError, match="timeout_ms"):
        sandbox.client(timeout_ms=1.5)
    with pytest.raises(TypeError, match="timeout_ms"):
        sandbox.client(timeout_ms=True)
    with pytest.raises(TypeError):
        bayar.Client("sandbox")


def test_a_journal_that_others_can_read_is_refused(sandbox, tmp_path):
    journal = tmp_path / "bayar.db"
    journal.write_bytes(b"")
    journal.chmod(0o644)
    with pytest.raises(bayar.JournalError):
        sandbox.client(journal=journal)
