"""The process is killed 200 times; what it acknowledged is there, once, and the log never forks."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path

import pytest

from tests.journeys.node import Database, Driver, driven, failpoints, history, pause
from wushu.evidence.rules import merkle, notes
from wushu.evidence.rules.notes import Checkpoint, VerifierKey

KILLS = 200
AT_RECOVERY = [name for name in failpoints() if name.startswith("evidence.import")]
AT_WORK = [name for name in failpoints() if name not in AT_RECOVERY]


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing_and_fork_nothing(
    database: Database, tmp_path: Path
) -> None:
    dice = random.Random(20260101)
    home = tmp_path / "home"
    with driven(home, database.create("kills")) as driver:
        key = VerifierKey.parse(driver.ask("init"))
        seen = [driver.published(key)]
        died_at = dict.fromkeys(AT_WORK, 0)
        for life in range(KILLS):
            if life == KILLS // 2:
                backup = database.copy("kills", "backup")
                backup_seen = len(driver.acknowledged)
            point = AT_WORK[life // 2 % len(AT_WORK)] if life % 2 else ""
            kill_once(driver, dice, life, point)
            if point:
                died_at[point] += 1
            seen.append(driver.published(key))
        assert min(died_at.values()) > 0
        size = driver.ask("sequence-once")
        assert isinstance(size, int), size
        seen.append(driver.published(key))
        assert driver.said() == ""
        check_history(driver, key, seen)
        check_acknowledged(driver, size)
        assert driver.ask("audit") == []
        acknowledged = driver.acknowledged
    check_restored_backup(home, backup, key, seen[-1], acknowledged[:backup_seen])


def kill_once(driver: Driver, dice: random.Random, life: int, point: str) -> None:
    """One life that ends by SIGKILL: at a failpoint, or at any moment at all."""
    if point:
        failpoint = f"{point}:{dice.randint(1, 4)}"
        pid = driver.fork("write", seed=life, acts=200, failpoint=failpoint)
    else:
        pid = driver.fork("write", seed=life, acts=100_000)
        pause(dice, driver)
        os.kill(pid, signal.SIGKILL)
    assert driver.wait(pid) == -signal.SIGKILL, (point, driver.said())


def check_history(driver: Driver, key: VerifierKey, seen: list[Checkpoint]) -> None:
    """Every checkpoint anybody saw or the database keeps is consistent with the last."""
    last = seen[-1]
    _, roots = history(driver.store, last.size)
    stored = driver.ask("checkpoints")
    signed = [notes.open_checkpoint(note.encode(), key) for note in stored]
    assert [c.size for c in seen] == sorted(c.size for c in seen)
    for checkpoint in [*seen, *signed]:
        assert roots[checkpoint.size] == checkpoint.root
        if checkpoint.size:
            merkle.verify_consistency(
                first=checkpoint.size,
                second=last.size,
                first_root=checkpoint.root,
                second_root=last.root,
                proof=merkle.consistency_proof(
                    checkpoint.size, last.size, driver.store.subtrees(last.size)
                ),
            )


def check_acknowledged(driver: Driver, size: int) -> None:
    """Each acknowledged act is once in the database, once in the tree, and at the same place."""
    leaves, _ = history(driver.store, size)
    in_tree: dict[str, list[int]] = {}
    for index, leaf in enumerate(leaves):
        in_tree.setdefault(json.loads(leaf)["subject"], []).append(index)
    in_database: dict[str, list[int]] = {}
    for index, subject in driver.ask("subjects"):
        in_database.setdefault(subject, []).append(index)
    assert len(set(driver.acknowledged)) == len(driver.acknowledged) > KILLS
    for act in driver.acknowledged:
        assert len(in_tree[f"urn:uuid:{act}"]) == 1
    assert in_tree == in_database


def check_restored_backup(
    home: Path, backup: str, key: VerifierKey, last: Checkpoint, kept: list[str]
) -> None:
    """A backup is refused a fork, takes back the entries, and the audit names what it lost."""
    with driven(home, backup) as driver:
        assert driver.ask("sequence-once") == "database-behind"
        late = driver.ask("act")
        assert driver.ask("sequence-once") == "database-behind"
        assert driver.published(key) == last
        for point in AT_RECOVERY:
            assert driver.wait(driver.fork("recover", failpoint=point)) == -signal.SIGKILL
        driver.ask("recover-once")
        size = driver.ask("sequence-once")
        subjects = {subject: index for index, subject in driver.ask("subjects")}
        assert subjects[f"urn:uuid:{late}"] == last.size
        assert all(subjects[f"urn:uuid:{act}"] < last.size for act in kept)
        assert {(kind, where) for kind, where in driver.ask("audit")} == {
            ("row-lost", row) for row in lost_rows(driver, size)
        }
        check_history(driver, key, [last, driver.published(key)])


def lost_rows(driver: Driver, size: int) -> set[str]:
    """Rows whose last act was lost, by what the published entries say and what is in the tables."""
    leaves, _ = history(driver.store, size)
    entries = [json.loads(leaf) for leaf in leaves]
    recovered = [e["data"]["entries"] for e in entries if e["act"] == "evidence.log.recovered"]
    lost = {i for spans in recovered for first, end in spans for i in range(first, end + 1)}
    last_words: dict[str, tuple[int, bool]] = {}
    for index, entry in enumerate(entries):
        for table, row, digest, _ in entry["rows"]:
            last_words[f"{table} {row}"] = (index, digest is not None)
    there = set(driver.ask("rows"))
    return {
        row
        for row, (index, written) in last_words.items()
        if index in lost and (written or row in there)
    }
