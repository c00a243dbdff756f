"""Sandboxes and servers for the tests."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import bayar
from support import FakeDoku, Sandbox, paid

_numbers = itertools.count(1)

# A shell ignores SIGINT in what it runs in the background, and every process from there on inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def approving() -> Iterator[Sandbox]:
    """A sandbox whose customer pays everything."""
    with Sandbox("--customer", "approves", "--after-ms", "20") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _shared() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_shared: Sandbox) -> Iterator[Sandbox]:
    """A sandbox in which nobody pays by himself; misbehaviour ends with the test."""
    _shared.behave()
    yield _shared
    _shared.behave()


@pytest.fixture
def new() -> Callable[[str], str]:
    """A reference that no other test uses."""
    return lambda prefix="INV": f"{prefix}-{next(_numbers):05}"


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeDoku]:
    """A server that takes every payment."""
    with FakeDoku(paid) as server:
        yield server


def pytest_configure(config: pytest.Config) -> None:
    """What is tested is what was installed, not the source tree beside it."""
    if os.environ.get("BAYAR_TESTS_INSTALLED"):
        assert "site-packages" in str(bayar.__file__), bayar.__file__


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A line that tests/run.sh counts."""
    stats = terminalreporter.stats
    passed, failed = len(stats.get("passed", [])), len(stats.get("failed", [])) + len(stats.get("error", []))
    version = ".".join(str(part) for part in sys.version_info[:3])
    terminalreporter.write_line(f"test result: {passed} passed; {failed} failed (CPython {version})")
