"""The synonyms of this node: the project's list, and the file that ``WUSHU_SYNONYMS_FILE`` names.

A file that cannot be read must not keep people from searching: the project's list holds alone then,
the log says so, and ``wushu doctor`` names the file and its lines.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib import resources
from pathlib import Path

from django.conf import settings

from wushu.catalog.search.synonyms import Fault, Synonyms, read_groups

FILE_LIMIT = 1_000_000
"""Bytes of a node's own file at most."""

_UNREADABLE = Fault(
    0, "文件无法读取，或不是 UTF-8 文本", "it cannot be read, or is not text in UTF-8"
)
_TOO_LARGE = Fault(0, f"文件超过 {FILE_LIMIT} 字节", f"it has more than {FILE_LIMIT} bytes")
_log = logging.getLogger(__name__)


def synonyms() -> Synonyms:
    """What holds now; a changed file counts from the next search on."""
    return _synonyms(*_own())


def synonym_faults() -> list[Fault]:
    """What is wrong with the node's own file, line by line; line 0 is the file as a whole."""
    path, state = _own()
    return [] if not path else list(_read_own(path, state)[1])


def _own() -> tuple[str, tuple[int, int] | None]:
    """The node's own file and which state of it lies there; empty where none is named."""
    path = str(settings.SYNONYMS_FILE)
    if not path:
        return "", None
    try:
        status = Path(path).stat()
    except OSError:
        return path, None
    return path, (status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=2)
def _synonyms(path: str, state: tuple[int, int] | None) -> Synonyms:
    text = resources.files(__package__).joinpath("synonyms.txt").read_text("utf-8")
    groups, _ = read_groups(text)
    if path:
        own, faults = _read_own(path, state)
        groups += own
        for fault in faults:
            _log.warning("synonyms in %s, line %d: %s", path, fault.line, fault.reason_en)
    return Synonyms(groups)


@lru_cache(maxsize=2)
def _read_own(
    path: str, state: tuple[int, int] | None
) -> tuple[tuple[tuple[str, ...], ...], tuple[Fault, ...]]:
    if state is None:
        return (), (_UNREADABLE,)
    if state[1] > FILE_LIMIT:
        return (), (_TOO_LARGE,)
    try:
        groups, faults = read_groups(Path(path).read_text("utf-8"))
    except (OSError, UnicodeError):
        return (), (_UNREADABLE,)
    return tuple(groups), tuple(faults)
