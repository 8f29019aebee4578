"""The parts of a question, before they become a query of the index.

The index goes through a union to its end also where it only stands beside something much rarer: three
words of which two are common cost what the common ones cost. Each part therefore knows the terms of which
whatever fits it has one at least, and what is beside it asks for these in each of its own leaves. What is
found, and its scores, are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from tantivy import Occur, Query

from wushu.catalog.search.schema import schema

PAYS = 4
"""So many times as many as fit a leaf may those beside it be, to be worth asking for in it: to tell that
words stand side by side is dearer than to tell that one is there."""


class Need:
    """Terms of which whatever fits has one at least, with how many entries have each; None: unknown."""

    def __init__(self, holders: Mapping[tuple[str, str], int] | None) -> None:
        self._holders = holders

    @cached_property
    def entries(self) -> float:
        """So many fit at most."""
        return math.inf if self._holders is None else sum(self._holders.values())

    @cached_property
    def query(self) -> Any:
        """Whatever has one of the terms, without a score."""
        terms = [Query.term_query(schema(), field, word) for field, word in self._holders or ()]
        either = Query.boolean_query([(Occur.Should, term) for term in terms])
        return Query.const_score_query(either, 0.0)

    @staticmethod
    def either(needs: Iterable[Need]) -> Need:
        """Of what fits one of several."""
        together: dict[tuple[str, str], int] = {}
        for need in needs:
            if need._holders is None:
                return UNKNOWN
            together.update(need._holders)
        return Need(together)

    @staticmethod
    def every(needs: Iterable[Need]) -> Need:
        """Of what fits each of several."""
        return min(needs, key=lambda need: need.entries, default=UNKNOWN)


UNKNOWN = Need(None)


class Part(Protocol):
    """Something that is asked for."""

    @property
    def need(self) -> Need:
        """What fits has one of these terms."""

    def query(self, beside: Need = UNKNOWN) -> Any:
        """As the index is asked, where only what has one of these other terms matters."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A query of the index."""

    asked: Any
    need: Need = UNKNOWN

    def query(self, beside: Need = UNKNOWN) -> Any:
        """The query, and what is beside it."""
        if beside.entries >= self.need.entries * PAYS or beside is UNKNOWN:
            return self.asked
        return Query.boolean_query([(Occur.Must, self.asked), (Occur.Must, beside.query)])


@dataclass(frozen=True)
class Best:
    """One of several, by the best of their scores and a little of the others'."""

    parts: Sequence[Part]
    tie: float

    @cached_property
    def need(self) -> Need:
        """That of one of them."""
        return Need.either(part.need for part in self.parts)

    def query(self, beside: Need = UNKNOWN) -> Any:
        """Those that any entry can fit."""
        asked = [part.query(beside) for part in self.parts if part.need.entries]
        return Query.disjunction_max_query(asked, self.tie) if asked else Query.empty_query()


@dataclass(frozen=True)
class Every:
    """All of several."""

    parts: Sequence[Part]

    @cached_property
    def need(self) -> Need:
        """That of the one which fewest fit."""
        return Need.every(part.need for part in self.parts)

    def query(self, beside: Need = UNKNOWN) -> Any:
        """Each with what is rarest beside it; one alone as it is."""
        asked = [
            part.query(
                Need.every([beside, *(other.need for other in self.parts if other is not part)])
            )
            for part in self.parts
        ]
        if len(asked) == 1:
            return asked[0]
        return Query.boolean_query([(Occur.Must, one) for one in asked])


@dataclass(frozen=True, slots=True)
class Boosted:
    """For a share of its worth."""

    part: Part
    factor: float

    @property
    def need(self) -> Need:
        """The same."""
        return self.part.need

    def query(self, beside: Need = UNKNOWN) -> Any:
        """The same, boosted."""
        return Query.boost_query(self.part.query(beside), self.factor)
