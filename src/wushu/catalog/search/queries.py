"""What a reader typed, as a query of the index.

Each run of characters must be found somewhere: as written, in pinyin, by its first letters, as a
word's beginning, or in the opening body's name; or else its synonyms are, which count for less. The
nearest, with a character wrong, missing or too many, or written with another character of the same
sound, are a second, wider query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, pairwise, product
from typing import Any
from uuid import UUID

from tantivy import FieldType, Occur, Query

from wushu.catalog.search import terms
from wushu.catalog.search.dictionary import synonyms
from wushu.catalog.search.schema import ENTRY, KIND, schema
from wushu.catalog.search.synonyms import Unit
from wushu.catalog.types import Freshness
from wushu.kernel.text import is_cjk, readings

TIERS = {
    "title": (8.0, 1.0),
    "keywords": (4.0, 0.2),
    "text": (1.0, 0.05),
    "theme_words": (0.5, 0.02),
}
"""Field -> what being found there is worth, and how much of the BM25 score is added to it.

BM25 alone would put a rare word in a description before a common word in a title.
"""

BODY = 3.0
WHOLE_TITLE = 100.0
PINYIN = (3.0, 0.5)
INITIALS = (1.0, 0.2)
LOOSE = 0.2
SYNONYM = 0.4
"""What a synonym is worth of the word itself: in a title less than the word in the keywords."""
NEAR = 0.05
LOOKED_THROUGH = 50_000
"""Entries with a pair of characters that are gone through one by one, of all pairs of a run."""
SEGMENTATIONS = 16
HOMOPHONES = 32
_SYLLABLE_LIMIT = 7  # zhuang, chuang, and a letter to spare
_INITIALS_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the index."""

    text: str = ""
    body: str = ""
    theme: str = ""
    attribute: str = ""
    format: str = ""
    keyword: str = ""
    frequency: str = ""
    region: str = ""
    """Short code of a division, ``CN`` or ``WORLD``: what is about it or lies in it."""
    grouping: str = ""
    fresh: str = ""
    """A value of ``Freshness``, as of the day ``today`` (an ordinal)."""
    today: int = 0

    @property
    def filters(self) -> Mapping[str, str]:
        """The choices made, by the index's field."""
        chosen = {
            "body": self.body, "theme": self.theme, "attribute": self.attribute,
            "format": self.format, "keyword": self.keyword, "frequency": self.frequency,
            "region": self.region, "grouping": self.grouping,
        }  # fmt: skip
        return {name: value for name, value in chosen.items() if value}


class Width(IntEnum):
    """How far a run may be from what is found: each takes in what those before it do."""

    AS_WRITTEN = 0
    """The very words, and their sounds."""
    MOSTLY = 1
    """Their synonyms, words that begin so, most of a long run's pairs (two names typed as one)."""
    NEARLY = 2
    """A slip of the one who typed."""


def cut(query: Any, *, least: int | None = None, most: int | None = None) -> Any:
    """What of the query's entries changed in these microseconds since 1970, with the same scores."""
    return Query.boolean_query(
        [(Occur.Must, query), (Occur.Must, _silent(_numbers("changed", least, most)))]
    )


def since(query: Any, least: int, text: str) -> Any:
    """What of the query's entries changed since, or is called as was asked."""
    either = [_numbers("changed", least, None), _called(text)]
    return Query.boolean_query(
        [
            (Occur.Must, query),
            (Occur.Must, _silent(Query.boolean_query([(Occur.Should, one) for one in either]))),
        ]
    )


def among(query: Any, ids: Sequence[UUID]) -> Any:
    """What of the query's entries is one of these, in their order."""
    places = [
        Query.const_score_query(_term("id", str(one)), float(len(ids) - place))
        for place, one in enumerate(ids)
    ]
    return Query.boolean_query(
        [
            (Occur.Must, Query.boolean_query([(Occur.Should, one) for one in places])),
            (Occur.Must, _silent(query)),
        ]
    )


class Asking:
    """Builds queries against one state of the index; ``bodies`` finds bodies by part of a name."""

    def __init__(self, searcher: Any, bodies: Mapping[str, Sequence[UUID]]) -> None:
        self._searcher = searcher
        self._bodies = bodies

    def all_of(self, wanted: Wanted, width: Width) -> Any:
        """Entries with every run of the text, so near at least, under the filters."""
        must = [(Occur.Must, _silent(_term(KIND, ENTRY)))]
        must += [(Occur.Must, _silent(_term(k, v))) for k, v in wanted.filters.items()]
        must += [(Occur.Must, _silent(one)) for one in _fresh(wanted)]
        runs = terms.query_runs(wanted.text)
        if wanted.text and not runs:
            return Query.empty_query()  # nothing but signs: nothing is called so
        must += [(Occur.Must, self._one_of(unit, width)) for unit in synonyms().units(runs)]
        if not wanted.text:
            return Query.boolean_query(must)
        exact = Query.const_score_query(_called(wanted.text), WHOLE_TITLE)
        return Query.boolean_query([*must, (Occur.Should, exact)])

    def is_one_word(self, wanted: Wanted) -> bool:
        """Whether one thing is asked for."""
        return len(synonyms().units(terms.query_runs(wanted.text))) == 1

    def may_fit(self, wanted: Wanted) -> int:
        """So many entries may have to be gone through: those that have the rarest part."""
        found = [self._searcher.doc_freq(name, one) for name, one in wanted.filters.items()]
        for unit in synonyms().units(terms.query_runs(wanted.text)):
            found.append(max(map(self._holders, unit.runs)))
        return min(found, default=int(self._searcher.num_docs))

    def _holders(self, run: str) -> int:
        """In how many entries the rarest term of a run is, in the field where it is in most."""

        def rarest(field: str, words: Iterable[str]) -> int:
            return min(int(self._searcher.doc_freq(field, word)) for word in words)

        found = [rarest("body", [str(body)]) for body in self._bodies.get(run, ())]
        if len(run) == 1 and is_cjk(run):
            found += [rarest(f"{field}_one", run) for field in ("title", "keywords")]
        elif is_cjk(run):
            found += [rarest(field, [a + b for a, b in pairwise(run)]) for field in TIERS]
        else:
            found += [rarest(field, [run]) for field in TIERS]
            if self._may_be_initials(run):
                found.append(rarest("initials", run))
        return max(found)

    def _one_of(self, unit: Unit, width: Width) -> Any:
        """A part of what was asked as it was written, or piece by piece in other words."""
        if len(unit.written) == 1:
            clauses = self._written(unit.written[0], width)
        else:
            clauses = [_all(self._found(run, width) for run in unit.written)]
        if unit.pieces and width is not Width.AS_WRITTEN:
            pieces = (
                Query.disjunction_max_query([_all(map(self._meant, words)) for words in piece], 0.0)
                for piece in unit.pieces
            )
            clauses.append(Query.boost_query(_all(pieces), SYNONYM))
        if width is Width.NEARLY:
            nearly = (one for run in unit.written for one in self._nearly(run))
            clauses += [Query.boost_query(one, NEAR) for one in nearly]
        return Query.disjunction_max_query(clauses, 0.1)

    def _found(self, run: str, width: Width) -> Any:
        return Query.disjunction_max_query(self._written(run, width), 0.1)

    def _meant(self, run: str) -> Any:
        """A word in place of another: nobody typed it, so it begins no other and sounds like none.

        One that very many entries have is looked for in titles and keywords alone.
        """
        many = self._holders(run) > LOOKED_THROUGH
        clauses = self._bodies_named(run)
        for field, tier in TIERS.items():
            if not many or field in ("title", "keywords"):
                clauses += (
                    _chinese(run, field) if is_cjk(run) else [_worth(_term(field, run), tier)]
                )
        return Query.disjunction_max_query(clauses, 0.1)

    def _bodies_named(self, run: str) -> list[Any]:
        found = self._bodies.get(run, ())
        return [Query.const_score_query(_term("body", str(body)), BODY) for body in found]

    def _written(self, run: str, width: Width) -> list[Any]:
        """Where a run is found; what only begins so or has most of it, where that is wide enough."""
        clauses = self._bodies_named(run)
        if is_cjk(run):
            clauses += [one for field in TIERS for one in _chinese(run, field)]
        else:
            clauses += self._latin(run)
        if width is not Width.AS_WRITTEN:
            clauses += self._most_of(run) if is_cjk(run) else _begun(run)
        return clauses

    def _latin(self, run: str) -> list[Any]:
        clauses = [_worth(_term(field, run), tier) for field, tier in TIERS.items()]
        clauses += [_worth(one, PINYIN) for one in self._pinyin(run)]
        if self._may_be_initials(run):
            clauses.append(_worth(_phrase("initials", list(run)), INITIALS))
        return clauses

    def _most_of(self, run: str) -> list[Any]:
        """Most of the pairs of a run of Chinese, in any order."""
        if len(run) < 4:
            return []
        pairs = [a + b for a, b in pairwise(run)]
        needed = -(-2 * len(pairs) // 3)
        return [
            _worth(self._some(field, pairs, needed), tier, LOOSE) for field, tier in TIERS.items()
        ]

    def _some(self, field: str, words: Iterable[str], needed: int) -> Any:
        """So many of the words, any of them; of words that very many entries have the commonest.

        Going through all entries with each word would take long then, and the rarest are those that
        are wrong, or that are where two names meet.
        """
        distinct = list(dict.fromkeys(words))
        needed = min(needed, len(distinct))
        holders = {word: self._searcher.doc_freq(field, word) for word in distinct}
        if sum(holders.values()) <= LOOKED_THROUGH:
            return _some(field, distinct, needed)
        common = sorted(distinct, key=lambda word: -holders[word])[: max(1, needed)]
        return _all(_term(field, word) for word in common)

    def _may_be_initials(self, run: str) -> bool:
        if not (1 < len(run) <= _INITIALS_LIMIT and run.isalpha()):
            return False
        return not any(self._searcher.doc_freq(field, run) for field in ("title", "keywords"))

    def _pinyin(self, run: str) -> list[Any]:
        """The run cut into syllables that occur in the index; its end may be cut short."""
        if len(run) < 2:
            return []
        known = {
            run[start:end]
            for start in range(len(run))
            for end in range(start + 1, min(start + _SYLLABLE_LIMIT, len(run)) + 1)
            if self._searcher.doc_freq("pinyin", run[start:end])
        }
        whole = terms.segmentations(run, known, SEGMENTATIONS)
        if whole:
            return [_phrase("pinyin", cut) for cut in whole]
        begun = {
            run[start:]
            for start in range(max(0, len(run) - _SYLLABLE_LIMIT), len(run))
            if self._searcher.terms_with_prefix("pinyin", run[start:], limit=1)
        }
        cuts = terms.segmentations(run, known | begun, SEGMENTATIONS)
        return [_begun_phrase("pinyin", cut) for cut in cuts if cut[-1] in begun]

    def _nearly(self, run: str) -> list[Any]:
        if is_cjk(run):
            return [*self._mistyped(run), *_homophones(run)]
        if len(run) < 4 or run.isdigit():  # another year is no slip
            return []
        distance = 2 if len(run) >= 8 else 1
        return [
            _worth(Query.fuzzy_term_query(schema(), field, run, distance, True, begun), tier)
            for field, tier in TIERS.items()
            for begun in (False, True)  # airprot is near the beginning of airports
        ]

    def _mistyped(self, run: str) -> list[Any]:
        """One character wrong, missing or too many; two neighbours exchanged."""
        if len(run) < 3:
            return []
        pairs = [a + b for a, b in pairwise(run)]
        found = []
        for field in ("title", "keywords"):
            all_but_one = self._some(f"{field}_one", run, len(set(run)) - 1)
            with_a_pair = Query.boolean_query(
                [(Occur.Must, all_but_one), (Occur.Must, _some(field, pairs, 1))]
            )
            every_character = _some(f"{field}_one", run, len(set(run)))
            found += [_worth(one, TIERS[field]) for one in (with_a_pair, every_character)]
        return found


def _chinese(run: str, field: str) -> list[Any]:
    """A run of Chinese as it is; one character alone in titles and keywords."""
    if len(run) > 1:
        return [_worth(_phrase(field, [a + b for a, b in pairwise(run)]), TIERS[field])]
    if field in ("title", "keywords"):
        return [_worth(_term(f"{field}_one", run), TIERS[field])]
    return []


def _begun(run: str) -> list[Any]:
    """Words that begin so."""
    if len(run) < 3:
        return []
    return [_worth(_beginning(field, run), tier, LOOSE) for field, tier in TIERS.items()]


def _homophones(run: str) -> list[Any]:
    """The same sounds in other characters, the commonest readings first."""
    options = [readings(character)[:3] for character in run]
    if len(run) < 2 or not all(options):
        return []
    return [
        _worth(_phrase("pinyin", list(syllables)), PINYIN)
        for syllables in islice(product(*options), HOMOPHONES)
    ]


def _all(queries: Iterable[Any]) -> Any:
    """Every one of them; one alone as it is."""
    wanted = list(queries)
    return wanted[0] if len(wanted) == 1 else Query.boolean_query([(Occur.Must, q) for q in wanted])


def _called(text: str) -> Any:
    """Entries whose whole title it is."""
    return _term("title_whole", terms.whole(text))


def _fresh(wanted: Wanted) -> list[Any]:
    """``rules.freshness.due`` as conditions."""
    if not wanted.fresh:
        return []
    if wanted.fresh == Freshness.KEPT:
        return [_numbers("due", wanted.today, None)]
    if wanted.fresh == Freshness.MISSED:
        return [_numbers("due", None, wanted.today - 1)]
    return [_term("cycle", wanted.fresh)]


def _numbers(field: str, least: int | None, most: int | None) -> Any:
    return Query.range_query(schema(), field, FieldType.Integer, least, most)


def _term(field: str, value: str) -> Any:
    return Query.term_query(schema(), field, value)


def _phrase(field: str, words: list[str]) -> Any:
    if len(words) == 1:
        return _term(field, words[0])
    return Query.phrase_query(schema(), field, list(words))


def _begun_phrase(field: str, words: list[str]) -> Any:
    if len(words) == 1:
        return _beginning(field, words[0])
    return Query.phrase_prefix_query(schema(), field, list(words))


def _beginning(field: str, text: str) -> Any:
    return Query.fuzzy_term_query(schema(), field, text, 0, True, True)


def _some(field: str, words: Iterable[str], needed: int) -> Any:
    distinct = list(dict.fromkeys(words))
    return Query.boolean_query(
        [(Occur.Should, _term(field, word)) for word in distinct],
        minimum_number_should_match=min(needed, len(distinct)),
    )


def _worth(query: Any, tier: tuple[float, float], factor: float = 1.0) -> Any:
    """A query with the score of its tier. The query is in it once: each is gone through for itself."""
    base, weight = tier
    return Query.boolean_query(
        [
            (Occur.Must, Query.boost_query(query, weight * factor)),
            (Occur.Should, Query.const_score_query(Query.all_query(), base * factor)),
        ]
    )


def _silent(query: Any) -> Any:
    """A condition that adds nothing to the score."""
    return Query.const_score_query(query, 0.0)
