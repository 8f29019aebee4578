"""Words that mean the same to who searches, cut out of what is asked. Pure functions.

Expansion happens at the question, not in the index: a changed file counts at once, and nothing is
read anew. A Chinese word may begin and end anywhere in a run; a Latin one is a whole word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wushu.kernel.text import is_cjk, runs

GROUP_LIMIT = 12
"""Words of one group at most: each is a further clause of the query."""

Words = tuple[str, ...]
"""A word as the runs that the search cuts it into: ``covid-19`` is ``("covid", "19")``."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of what was asked: found as it was written, or piece by piece with other words."""

    written: Words
    pieces: tuple[tuple[Words, ...], ...] = ()
    """Per piece the words of which one must be found, the written one first. Empty: no synonyms."""

    @property
    def runs(self) -> frozenset[str]:
        """Every run that is looked for."""
        other = (run for piece in self.pieces for words in piece for run in words)
        return frozenset((*self.written, *other))


class Synonyms:
    """Groups of words. A word of several groups stands for the words of all of them."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._others: dict[Words, dict[Words, None]] = {}
        for group in groups:
            words = list(dict.fromkeys(tuple(runs(word)) for word in group))
            for word in words:
                if word:
                    self._others.setdefault(word, {}).update(dict.fromkeys(words))
        self._longest = max((len(word) for word in self._others), default=0)
        chinese = (word[0] for word in self._others if len(word) == 1 and is_cjk(word[0]))
        self._reach = max(map(len, chinese), default=0)

    def units(self, asked: Sequence[str]) -> list[Unit]:
        """The runs of a question as units, each one once, in their order."""
        found: dict[Unit, None] = {}
        start = 0
        while start < len(asked):
            length = self._word_at(asked, start)
            found[self._unit(tuple(asked[start : start + length]))] = None
            start += length
        return list(found)

    def _word_at(self, asked: Sequence[str], start: int) -> int:
        """How many runs the longest word has that begins here; else one."""
        for length in range(min(self._longest, len(asked) - start), 1, -1):
            if tuple(asked[start : start + length]) in self._others:
                return length
        return 1

    def _unit(self, written: Words) -> Unit:
        if written in self._others:
            return Unit(written, (self._alternatives(written),))
        if len(written) > 1 or not is_cjk(written[0]):
            return Unit(written)
        pieces = tuple(self._cut(written[0]))
        known = any(len(piece) > 1 for piece in pieces)
        return Unit(written, pieces if known else ())

    def _cut(self, run: str) -> Iterator[tuple[Words, ...]]:
        """A run of Chinese at its words, the longest first; what lies between stays as it is."""
        start = between = 0
        while start < len(run):
            end = next(
                (
                    stop
                    for stop in range(min(start + self._reach, len(run)), start + 1, -1)
                    if (run[start:stop],) in self._others
                ),
                None,
            )
            if end is None:
                start += 1
                continue
            if between < start:
                yield ((run[between:start],),)
            yield self._alternatives((run[start:end],))
            start = between = end
        if between < len(run):
            yield ((run[between:],),)

    def _alternatives(self, word: Words) -> tuple[Words, ...]:
        return tuple(dict.fromkeys((word, *self._others[word])))


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is no group."""

    line: int
    reason_zh: str
    reason_en: str


def read_groups(text: str) -> tuple[list[tuple[str, ...]], list[Fault]]:
    """The groups of a file, and the lines that are none; those are left out."""
    groups: list[tuple[str, ...]] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        content = line.partition("#")[0].replace("，", ",").strip()
        if not content:
            continue
        words = tuple(dict.fromkeys(word.strip() for word in content.split(",") if word.strip()))
        fault = _fault(words)
        if fault is None:
            groups.append(words)
        else:
            faults.append(Fault(number, *fault))
    return groups, faults


def _fault(words: Sequence[str]) -> tuple[str, str] | None:
    if len(words) < 2:
        return "一组至少要有两个词", "a group has two words or more"
    if len(words) > GROUP_LIMIT:
        return f"一组最多 {GROUP_LIMIT} 个词", f"a group has {GROUP_LIMIT} words at most"
    unsearchable = [word for word in words if not runs(word) or _is_one_character(word)]
    if unsearchable:
        return (
            f"“{unsearchable[0]}”不能作同义词：至少两个字",
            f"“{unsearchable[0]}” is too short for a synonym",
        )
    return None


def _is_one_character(word: str) -> bool:
    return len("".join(runs(word))) < 2
