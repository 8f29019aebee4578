"""What of an entry is indexed, and at which positions. Pure functions.

Every Chinese character has one position; its readings, and their first letters, all stand there, so
that a phrase of syllables finds a name by every combination of readings without listing them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from wushu.kernel.text import is_cjk, normalise, readings, runs

GAP = 100
"""Positions between two texts of one field, so that no phrase reaches from one into the next."""

QUERY_LIMIT = 100
"""Characters of a query that are looked at."""

Placed = tuple[str, int]
"""A term and its position."""


def placed_bigrams(texts: Iterable[str]) -> list[Placed]:
    """Neighbouring pairs of Chinese characters, each at the place of its first; words of the rest."""
    return [
        one
        for start, run in _placed_runs(texts)
        for one in (
            [(a + b, start + i) for i, (a, b) in enumerate(pairwise(run))]
            if is_cjk(run) and len(run) > 1
            else [(run, start)]
        )
    ]


def placed_characters(texts: Iterable[str]) -> list[Placed]:
    """Single Chinese characters."""
    return [
        (character, start + i)
        for start, run in _placed_runs(texts)
        if is_cjk(run)
        for i, character in enumerate(run)
    ]


def placed_syllables(texts: Iterable[str]) -> list[Placed]:
    """All readings of every Chinese character; a word in Latin letters is one syllable."""
    return [
        (syllable, start + i)
        for start, run in _placed_runs(texts)
        for i, options in enumerate(_readings(run))
        for syllable in options
    ]


def placed_initials(texts: Iterable[str]) -> list[Placed]:
    """First letters of all readings."""
    return [
        (letter, start + i)
        for start, run in _placed_runs(texts)
        for i, options in enumerate(_readings(run))
        for letter in dict.fromkeys(syllable[0] for syllable in options)
        if is_cjk(run)
    ]


def query_runs(query: str) -> list[str]:
    """What a reader asked for: runs of Chinese characters, and words, of the first characters."""
    return list(dict.fromkeys(runs(query[:QUERY_LIMIT])))


def whole(text: str) -> str:
    """A whole title as one term."""
    return normalise(text)[:200]


def segmentations(text: str, known: Iterable[str], limit: int) -> list[list[str]]:
    """Ways to cut ``text`` into known pieces, at most ``limit``, those with fewer pieces first.

    ``xian`` with ``xi``, ``an`` and ``xian`` known gives ``[xian]`` and ``[xi, an]``.
    """
    pieces = frozenset(known)
    found: list[list[str]] = []
    waiting: list[tuple[int, list[str]]] = [(0, [])]
    while waiting and len(found) < limit:
        following: list[tuple[int, list[str]]] = []
        for start, taken in waiting:
            if start == len(text):
                found.append(taken)
                continue
            following += [
                (end, [*taken, text[start:end]])
                for end in range(len(text), start, -1)
                if text[start:end] in pieces
            ]
        waiting = following[: limit * len(text)]
    return found[:limit]


def _readings(run: str) -> list[tuple[str, ...]]:
    return [readings(character) for character in run] if is_cjk(run) else [(run,)]


def _placed_runs(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    position = 0
    for text in texts:
        for run in runs(text):
            yield position, run
            # Runs that touch stay neighbours: 5G基站 is found by 5g基站 as by its parts.
            position += len(run) if is_cjk(run) else 1
        position += GAP
