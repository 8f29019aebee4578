"""Programs at the same moment: no more than a day gives, and each run once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
A_DAY = 3


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def raced(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Eight submissions where three are left, then six workers at one of them."""
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path}/wushu.db"
    done = subprocess.run(
        [sys.executable, "-m", "tests.opening.race"],
        env=os.environ | {
            "WUSHU_HOME": str(tmp_path), "WUSHU_DATABASE_URL": url,
            "WUSHU_COMPUTATIONS_PER_DAY": str(A_DAY), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        },
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_racing_gains_no_program_and_no_second_run(raced: Any) -> None:
    assert raced == {
        "handed in": {"done": A_DAY, "computations-full": 8 - A_DAY},
        "held": A_DAY, "copies": 1, "results": 1,
    }  # fmt: skip
