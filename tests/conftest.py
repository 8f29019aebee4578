"""What every test may ask for: a home of its own, the real tables, the real servers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support import clamav, postgres

_DATABASES_OF_THEIR_OWN = {"evidence", "journeys", "upgrade"}
"""Folders whose tests come to the suite's engine by ways of their own."""
_OWN_NODES = {"visitor", "known", "chromium"}
"""Fixtures that are nodes of their own, behind a server, or browsers that look at them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked with what this machine lacks are skipped with the package that brings it.

    Those that the suite's database is nothing to are no part of the suite on PostgreSQL.
    """
    if config.getoption("--engine") == "postgres":
        config.hook.pytest_deselected(items=[item for item in items if _once_is_enough(item)])
        items[:] = [item for item in items if not _once_is_enough(item)]
    lacking: dict[str, str] = {}
    if postgres.binaries() is None:
        lacking["postgres"] = "PostgreSQL is not installed (Debian package postgresql)"
    if not Path("/usr/bin/chromium").exists():
        lacking["browser"] = "Chromium is not installed (Debian package chromium)"
    if not clamav.is_installed():
        lacking["clamav"] = "ClamAV's daemon is not installed (Debian package clamav-daemon)"
    if shutil.which("go") is None or not Path("/usr/share/gocode/src/golang.org/x/mod").is_dir():
        lacking["go"] = "Go is not installed (Debian packages golang-go, golang-golang-x-mod-dev)"
    if not os.environ.get("WUSHU_TEST_DATA"):
        lacking["data"] = "WUSHU_TEST_DATA does not name the folder of real tables"
    if not (config.getoption("--slow") or config.getoption("--no-skips")):
        lacking["slow"] = "slow: left out by --fast"
    for item in items:
        for marker, reason in lacking.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def _once_is_enough(item: pytest.Item) -> bool:
    """Whether a test asks no database, or starts nodes with databases of their own."""
    if item.get_closest_marker("once"):
        return True
    fixtures = set(getattr(item, "fixturenames", ()))
    asks = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return bool(fixtures & _OWN_NODES) or not (asks or folder in _DATABASES_OF_THEIR_OWN)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With ``--no-skips`` a skipped test is a failed run."""
    if not session.config.getoption("--no-skips") or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and exitstatus == 0:
        reporter.write_line(f"--no-skips: {len(skipped)} tests were skipped", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of the real tables and vectors; tests that use it carry the marker ``data``."""
    folder = os.environ.get("WUSHU_TEST_DATA")
    if not folder:
        pytest.skip("WUSHU_TEST_DATA does not name the folder of real tables")
    return Path(folder)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """URL of a fresh cluster's first database."""
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    with postgres.cluster() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_cluster: str) -> str:
    """URL of a database of this test's own, for tests that start programs of their own."""
    import psycopg

    name = f"fresh_{uuid4().hex}"
    with psycopg.connect(postgres_cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgres_cluster.rpartition('/')[0]}/{name}"


@pytest.fixture
def node_home(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    """A home of this test's own; the settings' folders point into it."""
    settings.HOME = tmp_path
    settings.SECRETS_DIR = tmp_path / "secrets"
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.CHECKPOINT_DIR = tmp_path / "checkpoint"
    settings.OBJECTS_DIR = tmp_path / "objects"
    settings.SERVING_DIR = tmp_path / "serving"
    settings.SEARCH_DIR = tmp_path / "search"
    return tmp_path
