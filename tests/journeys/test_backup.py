"""A backup is taken beside writers, is whole or is none, and becomes the same node elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.node import ROOT
from wushu.config.backup import files
from wushu.config.backup.checking import backup_faults, facts_of
from wushu.kernel.errors import Refusal

pytestmark = pytest.mark.once

FAILPOINTS = (
    "backup.database-copied", "backup.evidence-copied", "backup.objects-copied",
    "backup.facts-written",
)  # fmt: skip

PATIENCE = 600
"""Seconds for one command: many times what it takes on a machine with other work, so only a hang ends it."""


@dataclass
class Home:
    """A node as its operator sees it: a folder, a database, the command line."""

    path: Path
    url: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("WUSHU_")}
        url = {"WUSHU_DATABASE_URL": self.url} if self.url else {}
        return {
            **kept, **url, "WUSHU_HOME": str(self.path), "WUSHU_LANG": "en",
            "DJANGO_SETTINGS_MODULE": "wushu.config.settings", **self.more,
        }  # fmt: skip

    def start(self, *arguments: str, under: Sequence[str] = ()) -> subprocess.Popen[str]:
        """``under``: a command that starts it, such as one that sets limits."""
        return subprocess.Popen(
            [*under, sys.executable, "-X", "faulthandler", "-m", *arguments],
            env=self.environment, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def busy(self, *arguments: str) -> dict[str, Any]:
        """The last line that the busy node said."""
        done = self.start("tests.support.busy", *arguments)
        out, errors = done.communicate(timeout=PATIENCE)
        assert done.returncode == 0, errors[-3000:]
        return dict(json.loads(out.splitlines()[-1]))

    def wushu(self, *arguments: str, code: int = 0, under: Sequence[str] = ()) -> dict[str, Any]:
        """What a command answers as JSON (a list under ``said``)."""
        done = self.start("wushu.config", *arguments, "--json", under=under)
        out, errors = done.communicate(timeout=PATIENCE)
        assert done.returncode == code, (out[-2000:], errors[-3000:])
        said = json.loads(out.splitlines()[-1]) if out.strip() else {}
        return said if isinstance(said, dict) else {"said": said}

    def faults(self) -> list[str]:
        """Kinds of what the doctor finds, notes apart."""
        done = self.start("wushu.config", "doctor", "--json")
        out, errors = done.communicate(timeout=PATIENCE)
        assert out.strip(), errors[-3000:]
        return [one["kind"] for one in json.loads(out) if one["level"] == "fault"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An initialised node on SQLite with one listed dataset."""
    home = Home(tmp_path_factory.mktemp("backup") / "home")
    home.more = {"FACTS": json.dumps(home.busy("prepare"))}
    return home


@pytest.fixture
def home(template: Home, tmp_path: Path) -> Home:
    """A copy of it."""
    shutil.copytree(template.path, tmp_path / "home")
    return Home(tmp_path / "home", more=dict(template.more))


@pytest.fixture(scope="module")
def taken(template: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the template."""
    folder = tmp_path_factory.mktemp("taken") / "backup"
    template.wushu("backup", "make", str(folder), "--with-secrets", str(folder) + ".tar")
    return folder


@pytest.fixture
def backup(taken: Path, tmp_path: Path) -> Path:
    """A copy of the backup, to be spoilt."""
    return Path(shutil.copytree(taken, tmp_path / "backup"))


@pytest.fixture
def two_databases(request: pytest.FixtureRequest) -> Callable[[str], tuple[str, str]]:
    """URLs of the node's database and of the empty one it is restored to."""

    def make(engine: str) -> tuple[str, str]:
        if engine == "sqlite":
            return "", ""
        import psycopg

        first = request.getfixturevalue("postgres_url")
        with psycopg.connect(first, autocommit=True) as connection:
            name = first.rpartition("/")[2] + "_again"
            connection.execute(f"CREATE DATABASE {name}")
        return first, f"{first.rpartition('/')[0]}/{name}"

    return make


def acknowledged(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        said = json.loads(line)
        assert said["what"] != "broke", said
        yield said


def backup_beside(
    working: subprocess.Popen[str], home: Home, folder: Path
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What was acknowledged before a backup began, and what the backup said."""
    said = acknowledged(working)
    before: list[dict[str, Any]] = []
    while sum(one["what"] == "listed" for one in before) < 2:
        before.append(next(said))
    copying = home.start(
        "wushu.config", "backup", "make", str(folder / "backup"), "--json",
        "--with-secrets", str(folder / "secrets.tar"),
    )  # fmt: skip
    during = []
    while copying.poll() is None:
        during.append(next(said)["what"])
    out, errors = copying.communicate()
    assert copying.returncode == 0, errors
    assert working.stdin is not None
    working.stdin.close()
    during += [one["what"] for one in said]
    assert {"listed", "registered", "sequenced"} <= set(during), "nobody wrote meanwhile"
    return before, json.loads(out)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_backup_taken_under_load_is_the_same_node_elsewhere(
    tmp_path: Path, engine: str, two_databases: Callable[[str], tuple[str, str]]
) -> None:
    first, second = two_databases(engine)
    home, restored = Home(tmp_path / "home", first), Home(tmp_path / "elsewhere" / "home", second)
    facts = json.dumps(home.busy("prepare"))
    with home.start("tests.support.busy", "work", facts) as working:
        before, made = backup_beside(working, home, tmp_path)
    assert made["missing"] == []
    assert restored.wushu("backup", "check", made["folder"])["faults"] == []
    restored.wushu(
        "restore", made["folder"], "--home", str(restored.path),
        "--secrets", str(tmp_path / "secrets.tar"), "--checkpoint-of-backup",
    )  # fmt: skip
    restored.wushu("evidence", "audit")
    assert restored.wushu("rebuild")["unbuildable"] == []
    # What waited to enter the tree may have waited long on a slow machine; nothing else is wrong.
    assert set(restored.faults()) <= {"log-backlog"}
    there, now = home.busy("tell"), restored.busy("tell")
    assert {one["code"] for one in before if one["what"] == "registered"} <= set(now["codes"])
    assert {one["entry"] for one in before if one["what"] == "listed"} <= set(now["rows"])
    assert now["rows"].items() <= there["rows"].items()
    assert now["published"] == made["checkpoint_size"]
    # The restored node goes on: what waited enters the tree, and everything still agrees.
    restored.wushu("evidence", "sequence")
    assert restored.wushu("evidence", "audit")["size"] >= made["checkpoint_size"]
    assert restored.faults() == []
    shutil.rmtree(tmp_path / "backup")


@pytest.mark.rota(4)
@pytest.mark.slow
@pytest.mark.parametrize("point", FAILPOINTS)
def test_a_backup_that_was_killed_passes_no_check(home: Home, tmp_path: Path, point: str) -> None:
    home.more["WUSHU_FAILPOINT"] = point
    home.wushu("backup", "make", str(tmp_path / "broken"), code=-signal.SIGKILL)
    with pytest.raises(Refusal, match=r"backup\.json is missing"):
        list(backup_faults(tmp_path / "broken"))
    with pytest.raises(Refusal, match="backup-faulty"):
        facts_of(tmp_path / "broken")


def test_a_whole_backup_has_no_fault_and_sha256sum_agrees(taken: Path) -> None:
    assert list(backup_faults(taken)) == []
    done = subprocess.run(["sha256sum", "--check", "--quiet", files.SUMS], cwd=taken, check=False)
    assert done.returncode == 0
    assert {name.split("/")[0] for name, _ in files.sums(taken)} == {
        "database", "evidence", "checkpoint", "objects",
    }  # fmt: skip


def spoilt(backup: Path, how: str) -> str:
    """Spoil a backup in one way; where."""
    parquet = next(backup.glob("objects/versions/*/*/data.parquet"))
    name = parquet.relative_to(backup).as_posix()
    match how:
        case "file-changed":
            parquet.write_bytes(parquet.read_bytes()[:-1] + b"!")
        case "file-missing":
            parquet.unlink()
        case "file-unknown":
            (backup / "objects/beside").write_text("x")
            return "objects/beside"
        case "list-changed":
            (backup / files.SUMS).write_text((backup / files.SUMS).read_text()[65:])
            return files.SUMS
    return name


@pytest.mark.parametrize("how", ["file-changed", "file-missing", "file-unknown", "list-changed"])
def test_what_was_done_to_a_backup_is_named_and_nothing_of_it_is_restored(
    home: Home, backup: Path, tmp_path: Path, how: str
) -> None:
    where = spoilt(backup, how)
    assert [(one.kind, one.where) for one in backup_faults(backup)] == [(how, where)]
    if how == "file-changed":  # the command line says the same
        assert home.wushu("backup", "check", str(backup), code=3)["faults"][0]["where"] == where
        said = home.wushu(
            "restore", str(backup), "--home", str(tmp_path / "new"), "--checkpoint-of-backup",
            code=1,
        )  # fmt: skip
        assert said["name"] == "backup-faulty"
        assert where in said["en"]
        assert not (tmp_path / "new").exists()


def test_a_full_disk_is_named_and_leaves_no_backup(home: Home, tmp_path: Path) -> None:
    # By a program of its own: code between fork and exec is not safe in a process that has threads.
    little = ("prlimit", "--fsize=20000:20000")
    # Python would leave half of a module that it compiles now, and every later command would stumble.
    home.more["PYTHONDONTWRITEBYTECODE"] = "1"
    said = home.wushu("backup", "make", str(tmp_path / "full"), code=1, under=little)
    assert said["name"] == "backup-disk-full"
    with pytest.raises(Refusal):
        facts_of(tmp_path / "full")


def test_objects_of_the_last_backup_are_linked_and_outlive_it(
    home: Home, taken: Path, tmp_path: Path
) -> None:
    before = Path(shutil.copytree(taken, tmp_path / "before"))
    home.busy("work", home.more["FACTS"])  # registers and loads a little more, and ends at once
    said = home.wushu("backup", "make", str(tmp_path / "after"), "--base", str(before))
    kept = [name for name, _ in files.sums(before) if name.startswith("objects/")]
    assert said["linked"] == len(kept) > 0
    assert all((tmp_path / "after" / name).samefile(before / name) for name in kept)
    shutil.rmtree(before)
    assert list(backup_faults(tmp_path / "after")) == []


def test_a_backup_is_not_taken_among_what_it_copies(home: Home) -> None:
    home.wushu("backup", "make", str(home.path / "objects" / "b"), code=2)
    assert not (home.path / "objects" / "b").exists()


def test_a_damaged_original_is_told_and_the_rest_is_saved(home: Home, tmp_path: Path) -> None:
    original = next(one for one in home.path.glob("objects/originals/*/*"))
    original.chmod(0o644)
    original.write_bytes(b"other bytes")
    said = home.wushu("backup", "make", str(tmp_path / "b"), code=3)
    assert said["missing"] == [f"objects/originals/{original.name[:2]}/{original.name}"]
    assert [one.kind for one in backup_faults(tmp_path / "b")] == ["missing-at-source"]


def test_keys_are_in_no_backup_but_in_a_file_of_their_own(taken: Path, template: Home) -> None:
    secrets = Path(str(taken) + ".tar")
    assert secrets.stat().st_mode & 0o777 == 0o600
    key = (template.path / "secrets" / "log.key").read_bytes()
    assert key in secrets.read_bytes()
    for path in taken.rglob("*"):
        assert path.is_dir() or key not in path.read_bytes(), path


def test_a_restore_overwrites_nothing_and_asks_which_checkpoint_holds(
    home: Home, taken: Path, tmp_path: Path
) -> None:
    said = home.wushu("restore", str(taken), "--home", str(home.path), code=1)
    assert said["name"] == "restore-home-not-empty"
    said = home.wushu("restore", str(taken), "--home", str(tmp_path / "new"), code=1)
    assert said["name"] == "restore-checkpoint"
    home.url = "postgresql://nobody@127.0.0.1:1/none"
    said = home.wushu("restore", str(taken), "--home", str(tmp_path / "new"), code=1)
    assert said["name"] == "restore-engine"
    assert not (tmp_path / "new").exists()


def test_a_node_restored_from_an_old_backup_signs_nothing_until_it_has_recovered(
    home: Home, taken: Path, tmp_path: Path
) -> None:
    """The log went on after the backup; its checkpoint lies on another disk."""
    home.busy("work", home.more["FACTS"])
    home.wushu("evidence", "sequence")
    elsewhere = tmp_path / "other-disk"
    shutil.move(home.path / "checkpoint", elsewhere)
    restored = Home(tmp_path / "again", more={"WUSHU_CHECKPOINT_DIR": str(elsewhere)})
    said = restored.wushu(
        "restore", str(taken), "--home", str(restored.path),
        "--secrets", str(taken) + ".tar", "--checkpoint-of-backup",
    )  # fmt: skip
    assert said["checkpoint"] == "kept"
    newer = (elsewhere / "checkpoint").read_bytes()
    assert restored.wushu("evidence", "sequence", code=1)["name"] == "database-behind"
    assert (elsewhere / "checkpoint").read_bytes() == newer
    # The published tiles survived on the old disk: with them the log can go on.
    shutil.rmtree(restored.path / "evidence")
    shutil.copytree(home.path / "evidence", restored.path / "evidence")
    assert restored.wushu("evidence", "recover", code=3)["imported"] > 0
    restored.wushu(
        "evidence",
        "recover",
        "--accept-losses",
        "urn:example:case:2026-7",
        "--reason",
        "a disk failed",
    )
    restored.wushu("evidence", "sequence")
    restored.wushu("evidence", "audit")


def test_rebuild_makes_what_is_missing_or_wrong_and_keeps_the_rest(home: Home) -> None:
    (served,) = home.path.glob("serving/*/*/serving.tar")
    digest = hashlib.sha256(served.read_bytes()).hexdigest()
    assert home.wushu("rebuild", "--serving")["serving_kept"] == 1
    served.write_bytes(b"not a tar")
    said = home.wushu("rebuild")
    assert (said["serving_built"], said["search_entries"]) == (1, 1)
    assert hashlib.sha256(served.read_bytes()).hexdigest() == digest
    parquet = next(home.path.glob("objects/versions/*/*/data.parquet"))
    parquet.write_bytes(b"not parquet")
    served.unlink()
    said = home.wushu("rebuild", "--serving", code=3)
    assert said["unbuildable"] == ["/".join(parquet.parts[-3:-1])]


@pytest.mark.postgres
def test_without_postgresql_clients_the_package_is_named(tmp_path: Path, postgres_url: str) -> None:
    node = Home(tmp_path / "home", postgres_url, {"PATH": str(tmp_path)})
    said = node.wushu("backup", "make", str(tmp_path / "b"), code=1)
    assert said["name"] == "client-program-missing"
    assert "postgresql-client" in said["way_out"]
