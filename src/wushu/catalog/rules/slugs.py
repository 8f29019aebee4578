"""The name of a dataset in its address: chosen once, never changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from wushu.catalog.refusals import SLUG_WRONG
from wushu.kernel.lazily import lazily

if TYPE_CHECKING:
    import pypinyin
else:
    pypinyin = lazily("pypinyin")

LIMIT = 80
_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WORDS = re.compile(r"[a-z0-9]+")


def require_slug(slug: str) -> str:
    """The slug as given; ``slug-wrong``."""
    if not 2 <= len(slug) <= LIMIT or not _SHAPE.fullmatch(slug):
        raise SLUG_WRONG(slug=slug[:LIMIT])
    return slug


def slug_of(title: str) -> str:
    """A slug from the title's pinyin: 朝阳区停车场 2026 gives ``chao-yang-qu-ting-che-chang-2026``.

    Cut at a syllable; ``dataset`` when nothing of the title can be written so.
    """
    latin = " ".join(pypinyin.lazy_pinyin(unicodedata.normalize("NFKC", title)))
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()
    slug = ""
    for word in _WORDS.findall(plain):
        longer = f"{slug}-{word}" if slug else word[:LIMIT]
        if len(longer) > LIMIT:
            break
        slug = longer
    return slug if len(slug) > 1 else "dataset"


def slug_candidates(wanted: str) -> Iterator[str]:
    """The slug, then with ``-2``, ``-3`` …, none longer than the limit."""
    yield wanted
    for number in count(2):
        suffix = f"-{number}"
        yield wanted[: LIMIT - len(suffix)].rstrip("-") + suffix
