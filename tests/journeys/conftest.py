"""Databases of a journey's own, for processes that are not the test's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.node import Database


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Databases on the engine that this run of the suite is for."""
    made = Database(request.config.getoption("--engine"), tmp_path)
    yield made
    made.drop()
