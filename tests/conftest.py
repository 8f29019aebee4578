"""What every test may ask for: a home of its own, the real tables, the real servers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis

from tests.support import clamav, postgres
from tests.support.runs import begin_run, has_its_turn

hypothesis.register_profile("suite", deadline=None)  # speed is measured, never asserted
hypothesis.load_profile("suite")

_DATABASES_OF_THEIR_OWN = {"evidence", "journeys", "upgrade"}
"""Folders whose tests come to the suite's engine by ways of their own."""
_OWN_NODES = {"visitor", "known", "chromium"}
"""Fixtures that are nodes of their own, behind a server, or browsers that look at them."""
_LONGEST = (
    "browser/test_accessibility", "journeys/test_backup", "dataplane/ingest/test_kills",
    "journeys/test_upgrade", "casework/test_real_exploration", "dataplane/storage/test_node",
    "journeys/test_tampering", "journeys/test_grants", "config/test_serve", "portal/test_pages",
    "journeys/test_writing_surfaces", "browser/test_printing", "harvest/test_neighbour", "browser/test_keyboard",
    "dataplane/ingest/test_real_tables", "config/test_demo_whole", "dataplane/query/test_bounds",
)  # fmt: skip
"""A module runs in one process: those that take longest begin first, so that none is waited for alone."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked with what this machine lacks are skipped with the package that brings it.

    Those that the suite's database is nothing to are no part of the suite on PostgreSQL; those marked
    ``rota`` take turns.
    """
    if config.getoption("--engine") == "postgres":
        config.hook.pytest_deselected(items=[item for item in items if _once_is_enough(item)])
        items[:] = [item for item in items if not _once_is_enough(item)]
    # Each was asked on SQLite a moment ago: of the suite on PostgreSQL a run takes a third.
    parts = 3 if config.getoption("--engine") == "postgres" else 1
    config.hook.pytest_deselected(items=[one for one in items if not has_its_turn(one, parts)])
    items[:] = [one for one in items if has_its_turn(one, parts)]
    gone = [name for name in _LONGEST if not (Path(__file__).parent / f"{name}.py").is_file()]
    assert not gone, f"_LONGEST names no module any more: {gone}"
    place = {name: at for at, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(_module(item), len(place)))
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


def pytest_configure(config: pytest.Config) -> None:
    """Before the workers are started, which are told of it by the environment."""
    begin_run(config)


def pytest_sessionstart() -> None:
    """Once Django is set up."""
    from tests.support.flushing import flush_by_deleting

    flush_by_deleting()


def pytest_runtest_setup() -> None:
    """A test begins in the settings' language, not in that of the last page asked before it."""
    translation.deactivate()


def _module(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).with_suffix("").as_posix()


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
