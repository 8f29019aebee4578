"""Entries like one, and who else holds a data item: questions to the index.

What is said to readers of an answer is decided by ``rules.related``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tantivy import Occur, Query

from wushu.catalog.rules import rarity
from wushu.catalog.search.schema import ENTRY, KIND, schema

COMMON = 2_000
"""What more entries have than this says nothing, and would be slow to go through."""

MOST_TERMS = 24
"""Columns, keywords and pairs of characters that are asked for at most, the rarest."""

_WORTH = {"column": 3.0, "keyword": 2.0, "title": 1.0}
_SAME_THEME = 0.5
_SAME_BODY = 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """What an entry has that others may have too, as terms of the index."""

    id: UUID
    theme: str
    body: str
    columns: tuple[str, ...]
    keywords: tuple[str, ...]
    title: tuple[str, ...]


def held_by_others(item: str, without: UUID) -> Any:
    """Entries of other bodies that have the data item."""
    return Query.boolean_query(
        [
            (Occur.Must, _term("column", item)),
            (Occur.MustNot, _term("body", str(without))),
        ]
    )


@dataclass(frozen=True, slots=True)
class Rare:
    """A term that few entries have."""

    field: str
    value: str
    rarity: float

    @property
    def worth(self) -> float:
        """What it counts for."""
        return _WORTH[self.field] * self.rarity


def rarest_terms(searcher: Any, to: Likeness) -> list[Rare]:
    """The terms of an entry that others have too, those worth most, at most ``MOST_TERMS``."""
    total = int(searcher.num_docs)
    found = [
        Rare(field, value, rarity(holders, total))
        for field, values in (
            ("column", to.columns), ("keyword", to.keywords), ("title", to.title),
        )
        for value in values
        if 1 < (holders := searcher.doc_freq(field, value)) <= COMMON
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.worth, one.value))[:MOST_TERMS]


def likeness_query(to: Likeness, rarest: Sequence[Rare]) -> Any:
    """Any of the rarest terms, weighted by what they are worth; theme and body add a little."""
    shared = [
        (Occur.Should, Query.const_score_query(_term(one.field, one.value), one.worth))
        for one in rarest
    ]
    return Query.boolean_query(
        [
            (Occur.Must, Query.const_score_query(_term(KIND, ENTRY), 0.0)),
            (Occur.Must, Query.boolean_query(shared)),
            (Occur.MustNot, _term("id", str(to.id))),
            (Occur.Should, Query.const_score_query(_term("theme", to.theme), _SAME_THEME)),
            (Occur.Should, Query.const_score_query(_term("body", to.body), _SAME_BODY)),
        ]
    )


def _term(field: str, value: str) -> Any:
    return Query.term_query(schema(), field, value)
