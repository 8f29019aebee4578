"""Related datasets: candidates from the index, judged by ``rules.related``."""

from __future__ import annotations

from wushu.catalog import rules
from wushu.catalog.rules.related import Traits, likeness
from wushu.catalog.search import terms
from wushu.catalog.search.alike import Likeness as Wanted
from wushu.catalog.search.index import catalogue_index
from wushu.catalog.selectors.entries import entries_by_id
from wushu.catalog.types import EntryView, Relation
from wushu.kernel.text import is_cjk

RELATED_LIMIT = 6
_CANDIDATES = 24
_LEAST_LETTERS = 5


def related(entry: EntryView) -> list[Relation]:
    """Listed datasets related to a listed one, the likest first, each with its reasons.

    Empty where nothing rare is shared. ``search-unavailable``.
    """
    if entry.revision is None:
        return []
    traits = _traits(entry)
    index = catalogue_index()
    asked = Wanted(
        id=entry.id,
        theme=traits.theme,
        body=traits.body,
        columns=tuple(traits.columns),
        keywords=tuple(traits.keywords),
        title=tuple(traits.words),
    )
    ids, rarity = index.alike(asked, _CANDIDATES)
    names = rules.named_items(entry.revision.fields)
    found = [
        (alike, other)
        for other in entries_by_id(ids)
        if (alike := likeness(traits, _traits(other), rarity)) is not None
    ]
    found.sort(key=lambda pair: (-pair[0].score, pair[1].slug))
    return [
        Relation(
            entry=other,
            reasons=alike.reasons,
            columns=tuple(names[key] for key in alike.columns),
            keywords=alike.keywords,
        )
        for alike, other in found[:RELATED_LIMIT]
    ]


def _traits(entry: EntryView) -> Traits:
    revision = entry.revision
    assert revision is not None
    metadata = revision.metadata
    titles = [metadata.title_zh, metadata.title_en]
    return Traits(
        theme=metadata.theme,
        body=str(entry.body),
        columns=frozenset(rules.items_of(revision.fields)),
        keywords=frozenset(terms.whole(one) for one in metadata.keywords),
        words=frozenset(term for term, _ in terms.placed_bigrams(titles) if _tells(term)),
    )


def _tells(term: str) -> bool:
    """Whether a word of a title can say what it is about: not "and", not a single character."""
    return len(term) > 1 if is_cjk(term) else len(term) >= _LEAST_LETTERS
