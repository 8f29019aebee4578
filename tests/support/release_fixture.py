"""A node of this release, packed for the releases after it to upgrade.

``python -m tests.support.release_fixture tests/upgrade`` makes ``<release>-<engine>.tar.xz`` of the
database in use: a backup of a node with accounts, organisations, listed datasets, a conditional grant
and a log, its keys, and what a reader of it found (``told.json``). Run it once when a release is made,
on SQLite and on PostgreSQL, and commit what it wrote; ``tests/journeys/test_upgrade.py`` upgrades every
fixture it finds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make(target: Path) -> Path:
    """Make a node in a folder of its own and pack its backup; returns the file."""
    url = os.environ.get("WUSHU_DATABASE_URL", "")
    engine = "postgres" if url.startswith("postgres") else "sqlite"
    with tempfile.TemporaryDirectory(prefix="wushu-release-") as folder:
        work = Path(folder)
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("WUSHU_")},
            **({"WUSHU_DATABASE_URL": url} if url else {}),
            "WUSHU_HOME": str(work / "home"),
            "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
        }

        def run(*arguments: str) -> dict[str, object]:
            done = subprocess.run(
                [sys.executable, "-m", *arguments], env=environment, cwd=ROOT, check=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            return dict(json.loads(done.stdout.splitlines()[-1]))

        facts = run("tests.support.busy", "prepare")
        run("tests.support.busy", "work", json.dumps(facts))
        run("wushu.config", "evidence", "sequence", "--json")
        (work / "told.json").write_text(json.dumps(run("tests.support.busy", "tell"), indent=1))
        run(
            "wushu.config", "backup", "make", str(work / "backup"), "--json",
            "--with-secrets", str(work / "secrets.tar"),
        )  # fmt: skip
        packed = target / f"{version('wushu')}-{engine}.tar.xz"
        target.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed, "w:xz") as archive:
            for name in ("backup", "secrets.tar", "told.json"):
                archive.add(work / name, name)
    return packed


if __name__ == "__main__":
    sys.stdout.write(f"{make(Path(sys.argv[1]))}\n")
