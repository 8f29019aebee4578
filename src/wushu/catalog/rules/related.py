"""When a dataset is related to another, and why in a few words. Pure.

A shared column counts by how rare it is in the catalogue: that two tables have 泊位数 says much, that
they have 名称 nothing. Theme and body alone relate nothing: half of the catalogue shares them.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from wushu.catalog.types import RelationReason

COLUMN = 3.0
KEYWORD = 2.0
WORD = 1.0
THEME = 0.5
BODY = 0.5
LEAST = 2.0
"""Below this the likeness is an accident."""

COMMON_WORDS = 2
"""Pairs of characters that titles must share before it is said: one pair is any 信息."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of an entry."""

    theme: str
    body: str
    columns: Set[str]
    keywords: Set[str]
    words: Set[str]
    """Pairs of characters, and Latin words, of the title."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two entries have in common."""

    score: float
    reasons: tuple[RelationReason, ...]
    columns: tuple[str, ...]
    """Keys of the shared columns, the rarest first."""
    keywords: tuple[str, ...]


def likeness(one: Traits, other: Traits, rarity: Mapping[str, float]) -> Likeness | None:
    """What two entries share, or None where it says nothing.

    ``rarity``: of the columns, keywords and words of ``one``; what is missing is worth nothing.
    """
    columns = _rarest(one.columns & other.columns, rarity)
    keywords = _rarest(one.keywords & other.keywords, rarity)
    words = _rarest(one.words & other.words, rarity)
    score = sum(
        worth * rarity[each]
        for worth, found in ((COLUMN, columns), (KEYWORD, keywords), (WORD, words))
        for each in found
    )
    if score < LEAST:
        return None
    same_theme = bool(one.theme) and one.theme == other.theme
    same_body = one.body == other.body
    told = {
        RelationReason.COLUMNS: bool(columns),
        RelationReason.KEYWORDS: bool(keywords),
        RelationReason.WORDS: len(words) >= COMMON_WORDS,
        RelationReason.THEME: same_theme,
        RelationReason.BODY: same_body,
    }
    reasons = tuple(reason for reason, holds in told.items() if holds)
    return Likeness(score + THEME * same_theme + BODY * same_body, reasons, columns, keywords)


def _rarest(shared: Set[str], rarity: Mapping[str, float]) -> tuple[str, ...]:
    known = [one for one in shared if rarity.get(one, 0.0) > 0.0]
    return tuple(sorted(known, key=lambda one: (-rarity[one], one)))
