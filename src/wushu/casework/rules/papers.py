"""Which papers are taken: documents and pictures that officials open without a program of their own."""

from __future__ import annotations

from wushu.casework.refusals import PAPER_KIND, PAPER_TOO_LARGE
from wushu.casework.types import Paper
from wushu.kernel.errors import Said

PAPER_BYTES = 10 * 1024 * 1024
"""The most of one paper; a platform rule."""
_KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (b"PK\x03\x04",),
    ),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (b"PK\x03\x04",),
    ),
    ".ofd": ("application/ofd", (b"PK\x03\x04",)),
    ".txt": ("text/plain; charset=utf-8", ()),
}
"""Endings, media types, and how such files begin. OFD: GB/T 33190."""


def media_type_of(paper: Paper) -> str:
    """The media type of a paper that was taken."""
    return _KINDS[_ending(paper.name)][0]


def require_paper(paper: Paper) -> None:
    """Refuse what is too large, of no known kind, or not what its name says.

    Refusals: ``paper-too-large``, ``paper-kind``.
    """
    if len(paper.content) > PAPER_BYTES:
        raise PAPER_TOO_LARGE(name=paper.name, most=PAPER_BYTES // 1024 // 1024)
    known = ", ".join(_KINDS)
    ending = _ending(paper.name)
    if ending not in _KINDS:
        reason = Said("不收这种文件", "files of this kind are not taken")
        raise PAPER_KIND(name=paper.name, reason=reason, known=known)
    begins = _KINDS[ending][1]
    if not paper.content or (begins and not paper.content.startswith(begins)):
        reason = Said("内容与扩展名不符或为空", "it is empty, or not what its name says")
        raise PAPER_KIND(name=paper.name, reason=reason, known=known)


def _ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if stem and dot else ""
