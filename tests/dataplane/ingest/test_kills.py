"""Killed at any point, the way in leaves the old state or the new one, and the next start finishes."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once  # these homes are; tests/journeys kills on both databases
ROOT = Path(__file__).parents[3]
TABLE = "编号,数量\n" + "".join(f"{n:05d},{n}\n" for n in range(3000)) + "x,y\n"
NEXT = TABLE + "99999,1\n"

POINTS = [
    "ingest.original.written",
    "ingest.original.stored",
    "ingest.upload.committed",
    "ingest.staged",
    "ingest.parquet.written",
    "ingest.serving.built",
    "ingest.version.built",
    "ingest.version.placed",
    "ingest.version.entered",
]
QUICK = ["ingest.version.placed"]
"""One of them in every run of the suite; all with --slow."""


@dataclass
class Home:
    """A node's home with one published version, on SQLite."""

    path: Path
    account: str
    body: str
    entry: str

    def run(
        self, *arguments: str, failpoint: str = "", kill_after: float = 0
    ) -> list[dict[str, Any]]:
        """What the program acknowledged; it must have been killed if that was asked."""
        environment = {
            **{k: v for k, v in os.environ.items() if k != "WUSHU_DATABASE_URL"},
            "WUSHU_HOME": str(self.path),
            "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
            "WUSHU_FAILPOINT": failpoint,
        }
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.dataplane.ingest.program", *arguments],
            env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if kill_after:
            try:
                program.wait(kill_after)
            except subprocess.TimeoutExpired:
                program.send_signal(signal.SIGKILL)
        out, errors = program.communicate(timeout=120)
        wanted = (-signal.SIGKILL,) if failpoint else (0, -signal.SIGKILL) if kill_after else (0,)
        assert program.returncode in wanted, errors[-3000:]
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path / "wushu.db") as database:
            return database.execute(sql).fetchall()

    def numbers(self) -> list[int]:
        """Versions the database names."""
        return [n for (n,) in self.query("SELECT number FROM catalog_version ORDER BY number")]

    def faults(self) -> list[str]:
        """What doctor would say of the files."""
        done = subprocess.run(
            [sys.executable, "-c",
             "import django; django.setup()\n"
             "from wushu.dataplane.selectors import file_faults\n"
             "for fault in file_faults(): print(fault.kind, fault.where)"],
            env={**os.environ, "WUSHU_HOME": str(self.path),
                 "DJANGO_SETTINGS_MODULE": "wushu.config.settings"},
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("template") / "home", "", "", "")
    home.path.mkdir()
    (prepared,) = home.run("prepare")
    home.account, home.body = prepared["account"], prepared["body"]
    (home.path / "a.csv").write_text(TABLE, encoding="utf-8")
    said = home.run("publish", home.account, home.body, str(home.path / "a.csv"))
    assert said[-1]["state"] == "loaded"
    home.entry = next(line["entry"] for line in said if line["what"] == "confirmed")
    assert home.faults() == []
    return home


@pytest.fixture
def home(template: Home, tmp_path: Path) -> Home:
    shutil.copytree(template.path, tmp_path / "home")
    (tmp_path / "home" / "b.csv").write_text(NEXT, encoding="utf-8")
    return Home(tmp_path / "home", template.account, template.body, template.entry)


def publish_next(home: Home, **how: Any) -> list[dict[str, Any]]:
    return home.run("publish", home.account, home.body, str(home.path / "b.csv"), home.entry, **how)


def check_old_or_new(home: Home, said: list[dict[str, Any]]) -> None:
    """What was acknowledged is there; the first version is untouched; whatever is named is whole."""
    versions = home.path / "objects" / "versions" / home.entry
    first = json.loads((versions / "1" / "manifest.json").read_bytes())
    assert first["rows"] == {"declared": 3001, "loaded": 3000, "rejected": 1}
    numbers = home.numbers()
    assert numbers in ([1], [1, 2])
    for number in numbers:
        folder = versions / str(number)
        names = {"manifest.json", "data.parquet", "rejects.parquet", "profile.json"}
        assert {path.name for path in folder.iterdir()} == names
    for line in said:
        if line["what"] == "received":
            assert home.query(f"SELECT 1 FROM dataplane_upload WHERE sha256 = '{line['sha256']}'")
        if line["what"] == "loaded":
            assert numbers == [1, 2]


def check_finished(home: Home, said: list[dict[str, Any]]) -> None:
    """After the next start nothing half-made is left, and a confirmed load is loaded."""
    old = time.time() - 7200
    for path in (home.path / "objects").rglob("*"):
        os.utime(path, (old, old))  # orphans of more than an hour are swept
    home.run("resume")
    assert home.numbers() == ([1, 2] if any(line["what"] == "confirmed" for line in said) else [1])
    assert home.faults() == []
    assert list((home.path / "objects" / "incoming").iterdir()) == []
    assert not [p for p in (home.path / "serving").iterdir() if p.name.startswith(".")]


@pytest.mark.rota(4)
@pytest.mark.parametrize(
    "point",
    [pytest.param(p, marks=() if p in QUICK else pytest.mark.slow) for p in POINTS],
)
def test_killed_at_a_failpoint(home: Home, point: str):
    said = publish_next(home, failpoint=point)
    assert not any(line["what"] == "loaded" for line in said)
    check_old_or_new(home, said)
    check_finished(home, said)


@pytest.mark.rota(4)
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_killed_at_a_random_time(home: Home, seed: int):
    said = publish_next(home, kill_after=random.Random(seed).uniform(0.8, 4.0))
    check_old_or_new(home, said)
    check_finished(home, said)


def test_every_failpoint_of_the_way_in_is_tried():
    import re

    source = ROOT / "src" / "wushu" / "dataplane"
    named = re.compile(r'failpoint\("(ingest\.[a-z.]+)"\)')
    found = {n for p in source.rglob("*.py") for n in named.findall(p.read_text("utf-8"))}
    assert found == set(POINTS)


def test_a_load_that_kills_its_worker_twice_is_not_tried_a_third_time(home: Home):
    said = publish_next(home, failpoint="ingest.staged")
    assert not any(line["what"] == "loaded" for line in said)
    home.run("resume", failpoint="ingest.staged")
    assert home.query("SELECT state, tries FROM dataplane_load WHERE version IS NULL") == [
        ("loading", 2)
    ]
    home.run("resume")
    ((state, tries, refusal),) = home.query(
        "SELECT state, tries, refusal FROM dataplane_load WHERE version IS NULL"
    )
    assert (state, tries, json.loads(refusal)["name"]) == ("failed", 0, "load-aborted")
    assert home.numbers() == [1]
    assert home.faults() == []
