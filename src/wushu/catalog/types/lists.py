"""Lists of entries: pages, choices, and what is wrong with the index that finds them."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.catalog.types.entries import EntryView
from wushu.kernel.errors import Said
from wushu.kernel.languages import in_language


@dataclass(frozen=True, slots=True)
class Page:
    """One page of entries."""

    items: tuple[EntryView, ...]
    cursor: str | None
    """Where the next page begins; None: this was the last."""
    total: int
    """How many there are in all, counted no further than a cap."""
    more_than_total: bool = False
    """The cap was reached: say "more than ``total``"."""
    approximate: bool = False
    """Nothing matched the words as written; these are the nearest."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet."""

    value: str
    """Code of the choice, or the body's UUID as text."""
    zh: str
    en: str
    count: int

    def label(self, language: str) -> str:
        """Its name in the language."""
        return in_language(language, self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the entries found fall under each choice."""

    themes: tuple[FacetValue, ...] = ()
    bodies: tuple[FacetValue, ...] = ()
    attributes: tuple[FacetValue, ...] = ()
    formats: tuple[FacetValue, ...] = ()
    frequencies: tuple[FacetValue, ...] = ()
    regions: tuple[FacetValue, ...] = ()
    """An entry counts under the division it is about and under those that this lies in."""
    groupings: tuple[FacetValue, ...] = ()
    """Base and theme databases, by their slugs."""
    at_least: bool = False
    """Very many fit, and only the newest were counted: there are so many or more of each."""


@dataclass(frozen=True, slots=True)
class IndexFault:
    """The search index or a file of it that is not as it should be."""

    kind: str
    """``search-missing`` (the next search builds it), ``search-damaged``, or ``synonyms-wrong`` (the
    node's own file of synonyms)."""
    where: str
    message: Said
