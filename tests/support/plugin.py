"""What must be settled before Django's settings are read: the home and the database.

Loaded by ``-p tests.support.plugin`` (see ``pyproject.toml``), so that it comes before pytest-django.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import postgres

_stack = ExitStack()
_home = Path(tempfile.mkdtemp(prefix="wushu-test-home-"))
(_home / "static").mkdir()  # whitenoise warns when it is missing
os.environ["WUSHU_HOME"] = str(_home)
os.environ.setdefault("WUSHU_BASE_URL", "http://testserver")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The choices of ``bin/test``."""
    group = parser.getgroup("wushu")
    group.addoption(
        "--engine", choices=["sqlite", "postgres"], default="sqlite",
        help="the database the suite runs on",
    )  # fmt: skip
    group.addoption(
        "--slow", action="store_true",
        help="run the tests marked slow too, as bin/test does without --fast",
    )  # fmt: skip
    group.addoption(
        "--rota", action="store_true",
        help="of tests marked rota take the part whose turn it is, as bin/test does without --exhaustive",
    )  # fmt: skip
    group.addoption("--no-skips", action="store_true", help="a skipped test fails the run")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the run's one PostgreSQL cluster, in the controller, before settings load."""
    engine = early_config.known_args_namespace.engine
    if engine == "postgres" and "WUSHU_DATABASE_URL" not in os.environ:
        if postgres.binaries() is None:
            raise pytest.UsageError(f"--engine postgres needs Debian's package {postgres.PACKAGE}")
        os.environ["WUSHU_DATABASE_URL"] = _stack.enter_context(postgres.cluster())
    return (yield)


def pytest_unconfigure() -> None:
    """Stop the cluster and remove the home."""
    _stack.close()
    shutil.rmtree(_home, ignore_errors=True)
