"""A node on a bucket, killed, backed up, and restored to another bucket and to a folder."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once  # these homes are
ROOT = Path(__file__).parents[3]
TABLE = "编号,数量\n" + "".join(f"{n:05d},{n}\n" for n in range(3000)) + "x,y\n"
POINTS = [
    "ingest.original.written",
    "ingest.original.stored",
    "ingest.version.built",
    "storage.file.put",
    "ingest.version.placed",
]
QUICK = ["storage.file.put"]


class Node:
    """A home whose files a bucket keeps, or (no address) a folder."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.url = url

    def _environment(self, **more: str) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if k != "WUSHU_DATABASE_URL"}
        return {
            **inherited, "WUSHU_HOME": str(self.home), "WUSHU_STORAGE_URL": self.url,
            "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
            "DJANGO_SETTINGS_MODULE": "wushu.config.settings", **more,
        }  # fmt: skip

    def run(self, *arguments: str, failpoint: str = "") -> list[dict[str, Any]]:
        """A clerk's program: what it acknowledged; killed if that was asked."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.dataplane.ingest.program", *arguments],
            env=self._environment(WUSHU_FAILPOINT=failpoint), cwd=ROOT, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == (-signal.SIGKILL if failpoint else 0), done.stderr[-3000:]
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def wushu(self, *arguments: str, code: int = 0) -> Any:
        """A command of the operator's; its JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "wushu.config", *arguments, "--json"],
            env=self._environment(), cwd=ROOT, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr[-3000:]
        return json.loads(done.stdout) if done.stdout else None

    def faults(self) -> list[tuple[str, str]]:
        """What doctor says of the files."""
        script = (
            "import django; django.setup()\n"
            "from wushu.dataplane.selectors import file_faults\n"
            "for fault in file_faults(): print(fault.kind, fault.where)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], env=self._environment(), cwd=ROOT,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [tuple(line.split(" ", 1)) for line in done.stdout.splitlines()]  # type: ignore[misc]

    def numbers(self) -> list[int]:
        with sqlite3.connect(self.home / "wushu.db") as database:
            return [n for (n,) in database.execute("SELECT number FROM catalog_version")]

    def publish(self, table: str, failpoint: str = "") -> list[dict[str, Any]]:
        (self.home / "a.csv").write_text(table, encoding="utf-8")
        ((prepared),) = json.loads((self.home / "prepared").read_text())
        return self.run(
            "publish", prepared["account"], prepared["body"], str(self.home / "a.csv"),
            failpoint=failpoint,
        )  # fmt: skip


@pytest.fixture
def node(tmp_path: Path, new_bucket: Callable[[], str]) -> Node:
    found = Node(tmp_path / "home", new_bucket())
    found.home.mkdir()
    (found.home / "prepared").write_text(json.dumps(found.run("prepare")))
    return found


@pytest.mark.rota(4)
@pytest.mark.parametrize(
    "point", [pytest.param(p, marks=() if p in QUICK else pytest.mark.slow) for p in POINTS]
)
def test_killed_on_the_way_into_the_bucket_nothing_half_made_is_a_version(node: Node, point: str):
    said = node.publish(TABLE, failpoint=point)
    assert not any(line["what"] == "loaded" for line in said)
    assert node.numbers() == []
    assert {kind for kind, _ in node.faults()} <= {"orphan"}
    node.run("resume")
    confirmed = any(line["what"] == "confirmed" for line in said)
    assert node.numbers() == ([1] if confirmed else [])
    assert {kind for kind, _ in node.faults()} <= {"orphan"}, "swept a day later"


@pytest.mark.slow
def test_a_backup_of_a_bucket_is_restored_to_another_and_to_a_folder(
    node: Node, tmp_path: Path, new_bucket: Callable[[], str]
):
    node.publish(TABLE)
    made = node.wushu(
        "backup", "make", str(tmp_path / "backup"), "--with-secrets", str(tmp_path / "keys.tar")
    )
    assert made["missing"] == []
    assert node.wushu("backup", "check", str(tmp_path / "backup"))["faults"] == []
    second = node.wushu(
        "backup", "make", str(tmp_path / "second"), "--base", str(tmp_path / "backup")
    )
    assert second["linked"] == 5
    for name, url in (("bucket", new_bucket()), ("folder", ""), ("same", node.url)):
        copy = Node(tmp_path / name, url)
        copy.wushu(
            "restore", str(tmp_path / "backup"), "--home", str(copy.home), "--secrets", str(tmp_path / "keys.tar"),
            "--checkpoint-of-backup",
        )  # fmt: skip
        assert copy.numbers() == [1]
        assert {kind for kind, _ in copy.faults()} <= {"missing"}
        copy.wushu("rebuild")
        assert copy.faults() == []
