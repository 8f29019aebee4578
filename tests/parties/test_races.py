"""What must happen once, or at most so often, does so when many try at the same moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

LIMIT, ADDRESS_LIMIT = 5, 7
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ends(request, tmp_path) -> dict[str, dict[str, int]]:
    environment = dict(os.environ)
    environment.pop("WUSHU_DATABASE_URL", None)
    if request.param == "postgres":
        environment["WUSHU_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    environment |= {
        "WUSHU_HOME": str(tmp_path),
        "WUSHU_SIGN_IN_FAILURES": str(LIMIT),
        "WUSHU_SIGN_IN_ADDRESS_FAILURES": str(ADDRESS_LIMIT),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.parties.race"],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_racing_gains_nothing(ends):
    assert ends == {
        "guesses on one name": {"sign-in-failed": LIMIT, "sign-in-locked": 24 - LIMIT},
        "guesses from one address": {
            "sign-in-failed": ADDRESS_LIMIT,
            "sign-in-locked": 40 - ADDRESS_LIMIT,
        },
        "one code": {"done": 1, "sign-in-failed": 4},
        "one role": {"done": 1, "membership-exists": 7},
        "one credit code": {"done": 1, "organisation-exists": 7},
        "one username": {"done": 1, "username-taken": 7},
        "one revocation": {"done": 1, "api-key-revoked": 7},
    }
