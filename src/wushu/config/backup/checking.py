"""Is a backup whole, and is it still what it was? Needs no node."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wushu.config.backup import files
from wushu.config.backup.making import FORMAT
from wushu.config.backup.refusals import BACKUP_FAULTY
from wushu.kernel.errors import Refusal, Said


@dataclass(frozen=True, slots=True)
class BackupFault:
    """One thing that is not as the backup's own list says."""

    kind: str
    where: str
    message: str


def facts_of(folder: Path) -> dict[str, Any]:
    """What a backup says of itself; refusal ``backup-faulty`` for what is none or was broken off."""
    try:
        facts = json.loads((folder / files.FACTS).read_bytes())
        if facts["format"] != FORMAT:
            raise _faulty(folder, f"格式为 {facts['format']}", f"its format is {facts['format']}")
    except FileNotFoundError as error:
        raise _faulty(folder, f"缺少 {files.FACTS}", f"{files.FACTS} is missing") from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _faulty(folder, f"{files.FACTS} 无法读取", f"{files.FACTS} cannot be read") from error
    return dict(facts)


def _faulty(folder: Path, zh: str, en: str) -> Refusal:
    return BACKUP_FAULTY(folder=folder, fault=Said(zh, en))


def backup_faults(
    folder: Path, *, progress: Callable[[str, int], None] = lambda part, done: None
) -> Iterator[BackupFault]:
    """Every fault; reads every byte. Refusal ``backup-faulty`` for what is no backup at all."""
    facts = facts_of(folder)
    try:
        whole = files.hash_of(folder / files.SUMS) == facts["sums_sha256"]
    except OSError:
        whole = False
    if not whole:
        yield BackupFault(
            "list-changed", files.SUMS, f"it is not the list that {files.FACTS} names"
        )
        return
    listed = 0
    for name, digest in files.sums(folder):
        listed += 1
        path = folder / name
        if not path.is_file():
            yield BackupFault("file-missing", name, "the list names it, but it is missing")
        elif files.hash_of(path) != digest:
            yield BackupFault("file-changed", name, "it is not what the list says")
        progress("check", listed)
    if sum(1 for _ in files.walk(folder)) > listed + 2:
        known = {name for name, _ in files.sums(folder)} | {files.SUMS, files.FACTS}
        for name in files.walk(folder):
            if name not in known:
                yield BackupFault("file-unknown", name, "the list does not name it")
    for name in facts["missing"]:
        yield BackupFault(
            "missing-at-source", name, "it was missing or damaged when the backup was taken"
        )
