"""Several reviewers at the same moment, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.catalog import race

ROOT = Path(__file__).parents[2]


def run(tmp_path: Path, url: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.catalog.race"],
        cwd=ROOT,
        env=os.environ
        | {"WUSHU_HOME": str(tmp_path), "WUSHU_DATABASE_URL": url, "PYTHONPATH": f"{ROOT}/src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def hold(result: Any) -> None:
    for one in result["rounds"]:
        assert sorted(one["outcomes"]) == ["done", "not-in-review", "not-in-review"]
        assert one["reviews"] == 1
    followed = result["followed"]
    assert followed["writers_done"] == race.WRITERS
    assert followed["listed"] >= race.WRITERS * race.EACH
    assert (followed["missed"], followed["same_moment"]) == (0, 0)
    assert followed["in_the_index"] == followed["listed"]


def test_a_revision_is_decided_once_and_no_public_change_is_missed_on_sqlite(
    tmp_path: Path,
) -> None:
    hold(run(tmp_path, f"sqlite:///{tmp_path}/wushu.db"))


@pytest.mark.postgres
def test_a_revision_is_decided_once_and_no_public_change_is_missed_on_postgresql(
    tmp_path: Path, postgres_url: str
) -> None:
    hold(run(tmp_path, postgres_url))
