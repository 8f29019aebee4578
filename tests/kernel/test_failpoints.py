"""Failpoints kill, at the place and the time they are told to, and otherwise do nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

PROGRAM = """
from wushu.kernel.failpoints import failpoint
for round in range(5):
    print("before", round, flush=True)
    failpoint("test.point")
    failpoint("other.point")
print("end", flush=True)
"""


def run(armed: str | None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "WUSHU_FAILPOINT"}
    if armed is not None:
        environment["WUSHU_FAILPOINT"] = armed
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_armed_point_kills_the_process_the_first_time():
    done = run("test.point")
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == ["before", "0"]


def test_a_count_says_which_passage_kills():
    done = run("test.point:3")
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split()[-1] == "2"


def test_an_unarmed_point_does_nothing():
    for armed in (None, "no.such.point", "test.point:6"):
        done = run(armed)
        assert done.returncode == 0
        assert done.stdout.split()[-1] == "end"
