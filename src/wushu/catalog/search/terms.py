"""What of an entry is indexed, and at which positions. Pure functions.

Every Chinese character has one position; its readings, and their first letters, all stand there, so
that a phrase of syllables finds a name by every combination of readings without listing them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
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
        for start, run, chinese in _placed_runs(texts)
        for one in (
            [(a + b, start + i) for i, (a, b) in enumerate(pairwise(run))]
            if chinese and len(run) > 1
            else [(run, start)]
        )
    ]


def placed_characters(texts: Iterable[str]) -> list[Placed]:
    """Single Chinese characters."""
    return [
        (character, start + i)
        for start, run, chinese in _placed_runs(texts)
        if chinese
        for i, character in enumerate(run)
    ]


def placed_syllables(texts: Iterable[str]) -> list[Placed]:
    """All readings of every Chinese character; a word in Latin letters is one syllable."""
    return [
        (syllable, start + i)
        for start, run, chinese in _placed_runs(texts)
        for i, options in enumerate(map(readings, run) if chinese else [(run,)])
        for syllable in options
    ]


def placed_initials(texts: Iterable[str]) -> list[Placed]:
    """First letters of all readings."""
    return [
        (letter, start + i)
        for start, run, chinese in _placed_runs(texts)
        if chinese
        for i, character in enumerate(run)
        for letter in _initials(character)
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


@lru_cache(maxsize=50_000)
def _initials(character: str) -> tuple[str, ...]:
    """First letters of a character's readings, each once."""
    return tuple(dict.fromkeys(reading[0] for reading in readings(character)))


def _placed_runs(texts: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
    """Every run with its position, and whether it is Chinese."""
    position = 0
    for text in texts:
        for run, chinese in _runs(text):
            yield position, run, chinese
            # Runs that touch stay neighbours: 5G基站 is found by 5g基站 as by its parts.
            position += len(run) if chinese else 1
        position += GAP


@lru_cache(maxsize=1_000)
def _runs(text: str) -> tuple[tuple[str, bool], ...]:
    """The runs of a text: a title is asked four times in a row, a column's name for many entries."""
    return tuple((run, is_cjk(run)) for run in runs(text))
