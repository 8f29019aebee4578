"""One run of the suite, with all its workers."""

from __future__ import annotations

import os
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Protocol

import pytest

_NAME = "TEST_RUN_FOLDER"
_TURN = "TEST_RUN_TURN"


def begin_run(config: pytest.Config) -> None:
    """Make the folder that the workers of this run share; it goes when the run ends."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="wushu-run-", ignore_cleanup_errors=True)
        os.environ[_NAME] = folder.name
        os.environ[_TURN] = str(_commit() if config.getoption("--rota") else "")
        config.add_cleanup(folder.cleanup)


def _commit() -> int:
    """A number that changes with each commit; 0 without Git."""
    told = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return int(told.stdout.strip() or "0", 16)


class Marked(Protocol):
    """What of a test says whose turn it is."""

    @property
    def nodeid(self) -> str: ...

    def get_closest_marker(self, name: str) -> pytest.Mark | None: ...


def has_its_turn(item: Marked, unmarked: int = 1) -> bool:
    """Whether a test belongs to this run: of those marked ``rota`` one part in so many.

    ``unmarked``: into how many parts the others are divided.

    Which part follows from the commit, so that a run can be repeated and the next commits bring the others.
    """
    mark, turn = item.get_closest_marker("rota"), os.environ[_TURN]
    parts: int = unmarked if mark is None else mark.args[0]
    return not turn or (zlib.crc32(item.nodeid.encode()) + int(turn)) % parts == 0


def run_folder() -> Path:
    """What is made once for all workers lies there."""
    return Path(os.environ[_NAME])
