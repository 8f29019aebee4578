"""What a reader typed, as a query of the index.

Each run of characters must be found somewhere: as written, in pinyin, by its first letters, as a
word's beginning, or in the opening body's name; or else its synonyms are, which count for less. The
nearest, with a character wrong, missing or too many, or written with another character of the same
sound, are a wider query of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from tantivy import FieldType, Occur, Query

from wushu.catalog.search import terms
from wushu.catalog.search.dictionary import synonyms
from wushu.catalog.search.parts import Best, Boosted, Every, Leaf, Need, Part
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
TIE = 0.1
"""How much of the scores of the other places is added to that of the best."""
SYNONYM = 0.4
"""What a synonym is worth of the word itself: in a title less than the word in the keywords."""
NEAR = 0.05
LOOKED_THROUGH = 50_000
"""Entries with a pair of characters that are gone through one by one, of all pairs of a run."""
WELL_KNOWN = 20_000
"""What more entries have than this is no slip, where it is one of several words."""
SEGMENTATIONS = 16
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


def among(query: Any, ids: tuple[UUID, ...]) -> Any:
    """What of the query's entries is one of these, in their order."""
    return Query.boolean_query([(Occur.Must, _these(ids)), (Occur.Must, _silent(query))])


@lru_cache(maxsize=8)
def _these(ids: tuple[UUID, ...]) -> Any:
    """Entries by their ids; the same ones, which are used most, are asked for again and again."""
    places = [
        Query.const_score_query(_term("id", str(one)), float(len(ids) - place))
        for place, one in enumerate(ids)
    ]
    return Query.boolean_query([(Occur.Should, one) for one in places])


class Asking:
    """Builds queries against one state of the index; ``bodies`` finds bodies by part of a name."""

    def __init__(self, searcher: Any, bodies: Mapping[str, Sequence[UUID]]) -> None:
        self._searcher = searcher
        self._bodies = bodies
        self._held: dict[tuple[str, str], int] = {}

    def all_of(self, wanted: Wanted, width: Width) -> Any:
        """Entries with every run of the text, so near at least, under the filters."""
        must = [(Occur.Must, _silent(_term(KIND, ENTRY)))]
        must += [(Occur.Must, _silent(_term(k, v))) for k, v in wanted.filters.items()]
        must += [(Occur.Must, _silent(one)) for one in _fresh(wanted)]
        if not wanted.text:
            return Query.boolean_query(must)
        units = self._units(wanted, width)
        if not units.parts or not units.need.entries:
            return Query.empty_query()  # nothing but signs: nothing is called so
        must.append((Occur.Must, units.query(self._chosen(wanted))))
        exact = Query.const_score_query(_called(wanted.text), WHOLE_TITLE)
        return Query.boolean_query([*must, (Occur.Should, exact)])

    def is_one_word(self, wanted: Wanted) -> bool:
        """Whether one thing is asked for."""
        return len(synonyms().units(terms.query_runs(wanted.text))) == 1

    def may_be_mistyped(self, wanted: Wanted) -> bool:
        """Whether a slip is looked for at all."""
        runs = terms.query_runs(wanted.text)
        return self.is_one_word(wanted) or any(map(self._is_doubtful, runs))

    def fit_at_most(self, wanted: Wanted) -> float:
        """No more entries fit as written, by how many have the terms."""
        units = self._units(wanted, Width.AS_WRITTEN)
        return Need.every([self._chosen(wanted), units.need]).entries

    def _units(self, wanted: Wanted, width: Width) -> Every:
        units = synonyms().units(terms.query_runs(wanted.text))
        return Every([self._one_of(unit, width, alone=len(units) == 1) for unit in units])

    def _chosen(self, wanted: Wanted) -> Need:
        """Of whatever is under the filters."""
        return Need.every(self._need(name, [one]) for name, one in wanted.filters.items())

    def may_fit(self, wanted: Wanted) -> int:
        """So many entries may have to be gone through: those that have the rarest part."""
        found = [self._searcher.doc_freq(name, one) for name, one in wanted.filters.items()]
        for unit in synonyms().units(terms.query_runs(wanted.text)):
            found.append(max(map(self._holders, unit.runs)))
        return min(found, default=int(self._searcher.num_docs))

    def _is_doubtful(self, run: str) -> bool:
        """Whether it may be a slip beside other words: few have it as it is written."""
        return self._writers(run) <= WELL_KNOWN

    def _holders(self, run: str) -> int:
        """In how many entries the rarest term of a run is, in the field where it is in most."""
        found = [self._writers(run)]
        found += [self._having("body", str(body)) for body in self._bodies.get(run, ())]
        if not is_cjk(run) and self._may_be_initials(run):
            found.append(min(self._having("initials", letter) for letter in run))
        return max(found)

    def _writers(self, run: str) -> int:
        """The same, of those that have it as it is written."""
        if not is_cjk(run):
            return max(self._having(field, run) for field in TIERS)
        if len(run) == 1:
            return max(self._having(f"{field}_one", run) for field in ("title", "keywords"))
        pairs = [a + b for a, b in pairwise(run)]
        return max(min(self._having(field, pair) for pair in pairs) for field in TIERS)

    def _having(self, field: str, word: str) -> int:
        """In how many entries a term is."""
        if (field, word) not in self._held:
            self._held[field, word] = int(self._searcher.doc_freq(field, word))
        return self._held[field, word]

    def _need(self, field: str, words: Iterable[str], lacking: int = 0) -> Need:
        """Of what has all of these words in a field but so many: one of the rarest of them."""
        distinct = dict.fromkeys(words)
        rarest = sorted(distinct, key=lambda word: self._having(field, word))[: lacking + 1]
        return Need({(field, word): held for word in rarest if (held := self._having(field, word))})

    def _one_of(self, unit: Unit, width: Width, *, alone: bool) -> Part:
        """A part of what was asked as it was written, or piece by piece in other words."""
        clauses: list[Part] = []
        if len(unit.written) == 1:
            clauses += self._written(unit.written[0], width)
        else:
            clauses.append(Every([self._found(run, width) for run in unit.written]))
        if unit.pieces and width is not Width.AS_WRITTEN:
            pieces = [
                Best([Every([self._meant(word) for word in words]) for words in piece], 0.0)
                for piece in unit.pieces
            ]
            clauses.append(Boosted(Every(pieces), SYNONYM))
        if width is Width.NEARLY:
            mistyped = [run for run in unit.written if alone or self._is_doubtful(run)]
            nearly = (one for run in mistyped for one in self._nearly(run))
            clauses += [Boosted(one, NEAR) for one in nearly]
        return Best(clauses, TIE)

    def _found(self, run: str, width: Width) -> Part:
        return Best(self._written(run, width), TIE)

    def _meant(self, run: str) -> Part:
        """A word in place of another: nobody typed it, so it begins no other and sounds like none.

        One that very many entries have is looked for in titles and keywords alone.
        """
        many = self._holders(run) > LOOKED_THROUGH
        clauses = self._bodies_named(run)
        for field, tier in TIERS.items():
            if not many or field in ("title", "keywords"):
                clauses += (
                    self._chinese(run, field)
                    if is_cjk(run)
                    else [_worth(self._phrase(field, [run]), tier)]
                )
        return Best(clauses, TIE)

    def _bodies_named(self, run: str) -> list[Leaf]:
        found = [str(body) for body in self._bodies.get(run, ())]
        return [
            Leaf(Query.const_score_query(_term("body", one), BODY), self._need("body", [one]))
            for one in found
        ]

    def _written(self, run: str, width: Width) -> list[Leaf]:
        """Where a run is found; what only begins so or has most of it, where that is wide enough."""
        clauses = self._bodies_named(run)
        if is_cjk(run):
            clauses += [one for field in TIERS for one in self._chinese(run, field)]
        else:
            clauses += self._latin(run)
        if width is not Width.AS_WRITTEN:
            clauses += self._most_of(run) if is_cjk(run) else _begun(run)
        return clauses

    def _chinese(self, run: str, field: str) -> list[Leaf]:
        """A run of Chinese as it is; one character alone in titles and keywords."""
        if len(run) > 1:
            return [_worth(self._phrase(field, [a + b for a, b in pairwise(run)]), TIERS[field])]
        if field in ("title", "keywords"):
            return [_worth(self._phrase(f"{field}_one", [run]), TIERS[field])]
        return []

    def _latin(self, run: str) -> list[Leaf]:
        clauses = [_worth(self._phrase(field, [run]), tier) for field, tier in TIERS.items()]
        clauses += [_worth(one, PINYIN) for one in self._pinyin(run)]
        if self._may_be_initials(run):
            clauses.append(_worth(self._phrase("initials", list(run)), INITIALS))
        return clauses

    def _most_of(self, run: str) -> list[Leaf]:
        """Most of the pairs of a run of Chinese, in any order."""
        if len(run) < 4:
            return []
        pairs = [a + b for a, b in pairwise(run)]
        needed = -(-2 * len(pairs) // 3)
        return [
            _worth(self._some(field, pairs, needed), tier, LOOSE) for field, tier in TIERS.items()
        ]

    def _some(self, field: str, words: Iterable[str], needed: int) -> Leaf:
        """So many of the words, any of them; of words that very many entries have the commonest.

        Going through all entries with each word would take long then, and the rarest are those that
        are wrong, or that are where two names meet.
        """
        distinct = list(dict.fromkeys(words))
        needed = min(needed, len(distinct))
        holders = {word: self._having(field, word) for word in distinct}
        if sum(holders.values()) <= LOOKED_THROUGH:
            return self._any(field, distinct, needed)
        common = sorted(distinct, key=lambda word: -holders[word])[: max(1, needed)]
        return Leaf(_all(_term(field, word) for word in common), self._need(field, common))

    def _any(self, field: str, words: Iterable[str], needed: int) -> Leaf:
        """So many of the words, any of them."""
        distinct = list(dict.fromkeys(words))
        needed = min(needed, len(distinct))
        query = Query.boolean_query(
            [(Occur.Should, _term(field, word)) for word in distinct],
            minimum_number_should_match=needed,
        )
        return Leaf(query, self._need(field, distinct, lacking=len(distinct) - max(1, needed)))

    def _phrase(self, field: str, words: list[str]) -> Leaf:
        return Leaf(_phrase(field, words), self._need(field, words))

    def _may_be_initials(self, run: str) -> bool:
        if not (1 < len(run) <= _INITIALS_LIMIT and run.isalpha()):
            return False
        return not any(self._having(field, run) for field in ("title", "keywords"))

    def _pinyin(self, run: str) -> list[Leaf]:
        """The run cut into syllables that occur in the index; its end may be cut short."""
        if len(run) < 2:
            return []
        known = {
            run[start:end]
            for start in range(len(run))
            for end in range(start + 1, min(start + _SYLLABLE_LIMIT, len(run)) + 1)
            if self._having("pinyin", run[start:end])
        }
        whole = terms.segmentations(run, known, SEGMENTATIONS)
        if whole:
            return [self._phrase("pinyin", cut) for cut in whole]
        begun = {
            run[start:]
            for start in range(max(0, len(run) - _SYLLABLE_LIMIT), len(run))
            if self._searcher.terms_with_prefix("pinyin", run[start:], limit=1)
        }
        cuts = terms.segmentations(run, known | begun, SEGMENTATIONS)
        return [self._begun_phrase("pinyin", cut) for cut in cuts if cut[-1] in begun]

    def _begun_phrase(self, field: str, words: list[str]) -> Leaf:
        if len(words) == 1:
            return Leaf(_beginning(field, words[0]))
        query = Query.phrase_prefix_query(schema(), field, list(words))
        return Leaf(query, self._need(field, words[:-1]))

    def _nearly(self, run: str) -> list[Leaf]:
        if is_cjk(run):
            return [*self._mistyped(run), *self._homophones(run)]
        if len(run) < 4 or run.isdigit():  # another year is no slip
            return []
        distance = 2 if len(run) >= 8 else 1
        return [
            _worth(Leaf(Query.fuzzy_term_query(schema(), field, run, distance, True, begun)), tier)
            for field, tier in TIERS.items()
            for begun in (False, True)  # airprot is near the beginning of airports
        ]

    def _mistyped(self, run: str) -> list[Leaf]:
        """One character wrong, missing or too many; two neighbours exchanged."""
        if len(run) < 3:
            return []
        pairs = [a + b for a, b in pairwise(run)]
        found = []
        for field in ("title", "keywords"):
            all_but_one = self._some(f"{field}_one", run, len(set(run)) - 1)
            a_pair = self._any(field, pairs, 1)
            with_a_pair = Leaf(
                _all([all_but_one.asked, a_pair.asked]), Need.every([all_but_one.need, a_pair.need])
            )
            every_character = self._any(f"{field}_one", run, len(set(run)))
            found += [_worth(one, TIERS[field]) for one in (with_a_pair, every_character)]
        return found

    def _homophones(self, run: str) -> list[Leaf]:
        """The same sounds in other characters, each by its commonest readings."""
        options = [readings(character)[:3] for character in run]
        if len(run) < 2 or not all(options):
            return []
        sounds = Query.regex_phrase_query(schema(), "pinyin", ["|".join(one) for one in options])
        need = Need.every(
            Need.either(self._need("pinyin", [sound]) for sound in one) for one in options
        )
        return [_worth(Leaf(sounds, need), PINYIN)]


def _begun(run: str) -> list[Leaf]:
    """Words that begin so."""
    if len(run) < 3:
        return []
    return [_worth(Leaf(_beginning(field, run)), tier, LOOSE) for field, tier in TIERS.items()]


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


def _beginning(field: str, text: str) -> Any:
    return Query.fuzzy_term_query(schema(), field, text, 0, True, True)


def _worth(leaf: Leaf, tier: tuple[float, float], factor: float = 1.0) -> Leaf:
    """With the score of its tier. The query is in it once: each is gone through for itself."""
    base, weight = tier
    query = Query.boolean_query(
        [
            (Occur.Must, Query.boost_query(leaf.asked, weight * factor)),
            (Occur.Should, Query.const_score_query(Query.all_query(), base * factor)),
        ]
    )
    return Leaf(query, leaf.need)


def _silent(query: Any) -> Any:
    """A condition that adds nothing to the score."""
    return Query.const_score_query(query, 0.0)
