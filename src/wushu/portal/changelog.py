"""The changelog of the running release, from the file that is kept beside the code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "CHANGELOG.md"
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``code`` stands in a fixed width."""

    text: str
    code: bool


@dataclass(slots=True)
class Group:
    """What was added, changed, mended."""

    title: str
    items: list[list[Piece]] = field(default_factory=list)


@dataclass(slots=True)
class Release:
    """One version."""

    title: str
    groups: list[Group] = field(default_factory=list)


@lru_cache(maxsize=1)
def releases() -> tuple[Release, ...]:
    """All releases, newest first, as the file of this release has them."""
    return tuple(read(_FILE.read_text(encoding="utf-8")))


def read(text: str) -> list[Release]:
    """The sections of a changelog in the format of Keep a Changelog; one that is empty is left out."""
    found: list[Release] = []
    item: list[str] = []

    def close() -> None:
        if item and found and found[-1].groups:
            found[-1].groups[-1].items.append(pieces(" ".join(item)))
        item.clear()

    for line in text.splitlines():
        if line.startswith("## "):
            close()
            found.append(Release(line[3:].strip()))
        elif line.startswith("### ") and found:
            close()
            found[-1].groups.append(Group(line[4:].strip()))
        elif line.startswith("- "):
            close()
            item.append(line[2:].strip())
        elif line.strip() and item:
            item.append(line.strip())
        elif not line.strip():
            close()
    close()
    return [one for one in found if any(group.items for group in one.groups)]


def pieces(text: str) -> list[Piece]:
    """Text and what stands between backquotes, in turn."""
    parts = _CODE.split(text)
    return [Piece(part, code=bool(n % 2)) for n, part in enumerate(parts) if part]
