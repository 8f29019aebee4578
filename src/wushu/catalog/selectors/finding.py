"""The public list: pages of what is listed, found by words and narrowed by choices."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from wushu.catalog import vocabulary
from wushu.catalog.forms import depends_on_table
from wushu.catalog.models import Entry
from wushu.catalog.refusals import PAGE_TOO_DEEP, SEARCH_TOO_LONG, SEARCH_UNAVAILABLE
from wushu.catalog.rules import ATTRIBUTE_WORDS, region_of, regions_of
from wushu.catalog.search import terms
from wushu.catalog.search.dictionary import synonyms
from wushu.catalog.search.index import Counts, catalogue_index
from wushu.catalog.search.queries import Wanted
from wushu.catalog.search.schema import microseconds
from wushu.catalog.selectors.arranged import groupings_named
from wushu.catalog.selectors.entries import entries_by_id, views_of, visible_entries
from wushu.catalog.selectors.freshening import as_fresh
from wushu.catalog.types import Attribute, EntryState, Facets, FacetValue, Freshness, Page
from wushu.evidence import selectors as evidence
from wushu.kernel import cursors
from wushu.kernel.errors import Refusal
from wushu.kernel.text import is_cjk, normalise, syllables
from wushu.parties import selectors as parties
from wushu.parties.types import Actor


class Choices(TypedDict, total=False):
    """What a reader may ask of the catalogue; what is empty or None is not asked."""

    query: str
    body: UUID | None
    theme: str | None
    attribute: Attribute | str | None
    format: str | None
    keyword: str | None
    frequency: str | None
    region: str | None
    """Division code, or ``CN`` or ``WORLD``: what is about it or lies in it."""
    grouping: str | None
    """Slug of a base or theme database."""
    freshness: Freshness | None


PAGE_LIMIT = 100
"""Entries of one page at most."""

NUMBERED_PAGE_LIMIT = 1000
"""The same for clients that page by number, as CKAN allows them."""

ORDERS = ("changed_at", "-changed_at", "slug", "-slug", "pk", "-pk")
"""Orders such clients may ask for."""

COUNT_CAP = 1000
"""Nothing is counted further; pages say "more than"."""

DEPTH_CAP = 1000
"""Search results can be paged so far; nobody reads further, and ranking deeper is costly."""

QUERY_LIMIT = 200
"""Characters of the words asked for: a title at its longest. More cost time and find nothing."""

_FACET_LIMIT = 500
_FACETS = ("theme", "body", "attribute", "format", "frequency", "region", "grouping")
_BODIES_SECONDS = 60.0
_RUNS_KEPT = 4096
_LISTED = (EntryState.LISTED,)


def entries(
    *,
    actor: Actor | None = None,
    states: Collection[EntryState] = _LISTED,
    cursor: str | None = None,
    limit: int = 20,
    **choices: Unpack[Choices],
) -> Page:
    """One page of the catalogue: the best first where words are asked for, else the newest change.

    ``states`` other than listed are seen as far as the actor may, without words. ``limit`` is cut
    to ``PAGE_LIMIT``. Refusals: ``cursor-invalid``, ``cursor-of-another-query``,
    ``page-too-deep``, ``search-too-long``, ``search-unavailable``.
    """
    wanted = wanted_of(**choices)
    limit = max(1, min(limit, PAGE_LIMIT))
    if wanted.text or wanted.keyword:
        return _searched(wanted, cursor, limit)
    return _listed(actor, wanted, tuple(sorted(states)), cursor, limit)


def entries_at(
    *,
    since: datetime | None = None,
    order: str = "-changed_at",
    offset: int = 0,
    limit: int = 20,
    **choices: Unpack[Choices],
) -> Page:
    """What is listed, for clients that page by number (CKAN), with its exact number.

    Without words, a keyword, or a format that not every table has: changed ``since``, in the ``order``
    of one of ``ORDERS``. Else as ``entries``; ``page-too-deep`` beyond ``DEPTH_CAP``,
    ``search-too-long``. ``limit`` 0 counts only.
    """
    wanted = wanted_of(**choices)
    limit = max(0, min(limit, NUMBERED_PAGE_LIMIT))
    if wanted.text or wanted.keyword or depends_on_table(wanted.format):
        return _search_page(wanted, offset, limit)
    rows = filtered(visible_entries(None).filter(state=EntryState.LISTED.value), wanted)
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    held = rows.order_by(order, "pk")[offset : offset + limit]
    return Page(tuple(views_of(held, None)), None, rows.order_by().count())


def fits(
    entry: UUID,
    **choices: Unpack[Choices],
) -> bool:
    """Whether a listed entry is among those ``entries`` finds as written, near spellings left out.

    Refusals: ``search-too-long``, ``search-unavailable``.
    """
    wanted = wanted_of(**choices)
    return catalogue_index().holds(wanted, bodies_for(wanted.text), entry)


def facets(**choices: Unpack[Choices]) -> Facets:
    """How many of the listed entries that fit fall under each choice, the most frequent first.

    From the index, so that a page of the list costs no counting of rows. Refusals:
    ``search-too-long``, ``search-unavailable``.
    """
    wanted = wanted_of(**choices)
    counted = _counts(wanted, _FACETS)
    counts = counted.values
    bodies = parties.organisations_by_id(UUID(one) for one in counts["body"])
    return Facets(
        themes=_coded(counts["theme"], vocabulary.themes()),
        bodies=tuple(
            FacetValue(one, bodies[UUID(one)].name_zh, bodies[UUID(one)].name_en, count)
            for one, count in counts["body"].items()
            if UUID(one) in bodies
        ),
        attributes=tuple(
            FacetValue(one, *ATTRIBUTE_WORDS[Attribute(one)], count)
            for one, count in counts["attribute"].items()
        ),
        formats=_coded(counts["format"], vocabulary.file_types()),
        frequencies=_coded(counts["frequency"], vocabulary.frequencies()),
        regions=tuple(_regions(counts["region"])),
        groupings=tuple(
            FacetValue(
                one.slug, one.words.title_zh, one.words.title_en, counts["grouping"][one.slug]
            )
            for one in groupings_named(counts["grouping"])
        ),
        at_least=counted.at_least,
    )


def keywords() -> dict[str, int]:
    """Keywords of the listed entries with how many have each, the most frequent ones."""
    return dict(_counts(Wanted(), ("keyword",)).values["keyword"])


def _counts(wanted: Wanted, fields: tuple[str, ...]) -> Counts:
    bodies = bodies_for(wanted.text)
    return catalogue_index().counts(wanted, bodies, fields, _FACET_LIMIT)


def slugs(*, offset: int = 0, limit: int | None = None) -> list[str]:
    """Names of the listed entries in alphabetical order, for harvesters."""
    rows = Entry.objects.filter(state=EntryState.LISTED.value).order_by("slug")
    end = None if limit is None else offset + limit
    return list(rows.values_list("slug", flat=True)[offset:end])


def slugs_changed(*, offset: int, limit: int) -> list[tuple[str, datetime]]:
    """The same with the last public change of each."""
    rows = Entry.objects.filter(state=EntryState.LISTED.value).order_by("slug")
    return list(rows.values_list("slug", "changed_at")[offset : offset + limit])


def listed_count() -> int:
    """How many entries are listed, exactly."""
    return Entry.objects.filter(state=EntryState.LISTED.value).count()


def wanted_of(**choices: Unpack[Choices]) -> Wanted:
    """The choices as the index is asked; ``search-too-long``."""
    query, keyword = choices.get("query", ""), choices.get("keyword") or ""
    for name, words in (("q", query), ("keyword", keyword)):
        if len(words) > QUERY_LIMIT:
            raise SEARCH_TOO_LONG(parameter=name, length=len(words), limit=QUERY_LIMIT)
    # A lone surrogate, which JSON can carry, is no character.
    freshness = choices.get("freshness")
    text = normalise(query.encode("utf-8", "ignore").decode())
    keyword = keyword.encode("utf-8", "ignore").decode()
    return Wanted(
        text=text,
        body=str(choices.get("body") or ""),
        theme=choices.get("theme") or "",
        attribute=str(choices.get("attribute") or ""),
        format=choices.get("format") or "",
        keyword=terms.whole(keyword),
        frequency=choices.get("frequency") or "",
        region=region_of(choices.get("region") or ""),
        grouping=choices.get("grouping") or "",
        fresh=str(freshness or ""),
        today=timezone.localdate().toordinal() if freshness else 0,
    )


# Without words: from the database, in the order of the public changes


def _listed(
    actor: Actor | None,
    wanted: Wanted,
    states: Sequence[EntryState],
    cursor: str | None,
    limit: int,
) -> Page:
    if tuple(states) == _LISTED and (wanted.filters or wanted.fresh):
        try:
            return _narrowed(wanted, cursor, limit)
        except Refusal as refusal:
            if refusal.kind is not SEARCH_UNAVAILABLE or depends_on_table(wanted.format):
                raise
    key, context = cursor_key(), context_of(wanted, states)
    rows = visible_entries(actor).filter(state__in=[state.value for state in states])
    rows = filtered(rows, wanted)
    total = rows.order_by()[: COUNT_CAP + 1].count()
    if cursor:
        rows = rows.filter(after(cursors.decode(cursor, context, key=key)))
    held = list(rows.order_by("-changed_at", "-pk")[: limit + 1])
    following = None
    if len(held) > limit:
        last = held[limit - 1]
        following = cursors.encode([last.changed_at, str(last.pk)], context, key=key)
    # The public list shows what is listed to everybody; other states as the actor may see them.
    reader = None if tuple(states) == _LISTED else actor
    items = tuple(views_of(held[:limit], reader))
    return Page(items, following, min(total, COUNT_CAP), more_than_total=total > COUNT_CAP)


def _narrowed(wanted: Wanted, cursor: str | None, limit: int) -> Page:
    """The same page of the same list, by the index: no filter is too rare or too common for it.

    The place is the change alone, of which no two entries have the same.
    """
    key, context = cursor_key(), context_of(wanted)
    before = None
    if cursor:
        changed = cursors.decode(cursor, context, key=key)[0]
        if not isinstance(changed, datetime):
            raise cursors.CURSOR_INVALID()
        before = microseconds(changed)
    found = catalogue_index().find(wanted, {}, before=before, limit=limit + 1)
    items = tuple(entries_by_id(found.ids[:limit]))
    following = None
    if len(found.ids) > limit and items:
        following = cursors.encode([items[-1].changed_at, str(items[-1].id)], context, key=key)
    return Page(
        items, following, min(found.total, COUNT_CAP), more_than_total=found.total > COUNT_CAP
    )


def filtered(rows: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    """The choices as conditions for the database, words and keyword left out.

    Of a format that not every table has only the index knows who has it.
    """
    if wanted.body:
        rows = rows.filter(body=UUID(wanted.body))
    if wanted.theme:
        rows = rows.filter(listed_revision__theme=wanted.theme)
    if wanted.attribute:
        rows = rows.filter(listed_revision__attribute=wanted.attribute)
    if wanted.frequency:
        rows = rows.filter(listed_revision__update_cycle=wanted.frequency)
    if wanted.grouping:
        rows = rows.filter(in_groupings__grouping__slug=wanted.grouping)
    if wanted.fresh:
        today = date.fromordinal(wanted.today)
        rows = rows.filter(as_fresh(Freshness(wanted.fresh), today))
    if wanted.region:
        rows = rows.filter(_within(wanted.region))
    if wanted.format and wanted.format not in vocabulary.file_types():
        return rows.none()
    if wanted.format:
        rows = rows.filter(listed_revision__version__isnull=False)
        rows = rows.exclude(listed_revision__attribute=Attribute.NONE.value)
    return rows


def _within(region: str) -> Q:
    """A division's short code begins the codes of all divisions in it and of no other."""
    if region.isdigit():
        return Q(listed_revision__spatial__startswith=region)
    return Q(listed_revision__spatial=region)


def after(values: Sequence[Any]) -> Q:
    """What follows a change and an entry in the order of the newest change."""
    changed, entry = values
    if not isinstance(changed, datetime):
        raise cursors.CURSOR_INVALID()
    same = Q(changed_at__lt=changed) | Q(changed_at=changed, pk__lt=UUID(str(entry)))
    # Says nothing new, but only this the database answers from its index.
    return Q(changed_at__lte=changed) & same


# With words: from the index


def _searched(wanted: Wanted, cursor: str | None, limit: int) -> Page:
    key, context = cursor_key(), context_of(wanted)
    offset = int(str(cursors.decode(cursor, context, key=key)[0])) if cursor else 0
    page = _search_page(wanted, offset, limit)
    end = offset + limit
    more = page.total > end or (page.more_than_total and end < DEPTH_CAP)
    following = cursors.encode([end], context, key=key) if more and end < DEPTH_CAP else None
    return Page(page.items, following, page.total, page.more_than_total, page.approximate)


def _search_page(wanted: Wanted, offset: int, limit: int) -> Page:
    if offset >= DEPTH_CAP:
        raise PAGE_TOO_DEEP(limit=DEPTH_CAP)
    bodies = bodies_for(wanted.text)
    found = catalogue_index().find(wanted, bodies, offset=offset, limit=limit)
    return Page(
        items=tuple(entries_by_id(found.ids)),
        cursor=None,
        total=min(found.total, COUNT_CAP),
        more_than_total=found.total > COUNT_CAP,
        approximate=found.approximate,
    )


# Bodies by part of their name. They are few, and renaming one must not mean reading the index anew.


@dataclass(frozen=True, slots=True)
class _Body:
    id: UUID
    names: tuple[str, ...]
    sounds: tuple[tuple[str, ...], ...]


def bodies_for(text: str) -> dict[str, list[UUID]]:
    """Bodies whose name holds each run of the text."""
    if not text:
        return {}
    bodies = _bodies(int(time.monotonic() / _BODIES_SECONDS))
    looked_for = {run for unit in synonyms().units(terms.query_runs(text)) for run in unit.runs}
    return {run: bodies.named(run) for run in looked_for}


class _Bodies:
    """All organisations, and what was asked of their names."""

    def __init__(self, bodies: Sequence[_Body]) -> None:
        self._bodies = bodies
        self.named = lru_cache(maxsize=_RUNS_KEPT)(self._named)

    def _named(self, run: str) -> list[UUID]:
        return [one.id for one in self._bodies if _names(one, run)]


@lru_cache(maxsize=2)
def _bodies(_period: int) -> _Bodies:
    """All organisations, read again every minute."""
    found = [
        _Body(
            one.id,
            (normalise(one.name_zh), normalise(one.name_en)),
            tuple(syllables(one.name_zh)),
        )
        for one in parties.organisations()
    ]
    return _Bodies(found)


def _names(body: _Body, run: str) -> bool:
    """Whether the run is part of the name: two characters or more, or the name's pinyin."""
    if len(run) < 2:
        return False
    if any(run in name for name in body.names):
        return True
    return not is_cjk(run) and any(
        _sounds_like(body.sounds[start:], run) for start in range(len(body.sounds))
    )


def _sounds_like(sounds: Sequence[Sequence[str]], run: str) -> bool:
    """Whether the run is read off the first syllables, at least two, the last one whole."""
    rests = {run}
    for count, options in enumerate(sounds, start=1):
        rests = {
            rest[len(one) :] for rest in rests for one in options if one and rest.startswith(one)
        }
        if "" in rests:
            return count > 1
        if not rests:
            return False
    return False


# Cursors


def context_of(wanted: Wanted, states: Sequence[EntryState] = _LISTED) -> dict[str, Any]:
    """What a cursor belongs to."""
    return {
        "list": "entries",
        "text": wanted.text,
        "filters": {**wanted.filters, "fresh": wanted.fresh},
        "states": [state.value for state in states],
    }


def cursor_key() -> bytes:
    """The node's secret that seals cursors."""
    return cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)


def _coded(counts: Mapping[str, int], codes: vocabulary.Vocabulary) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(code, codes.label(code, "zh"), codes.label(code, "en"), count)
        for code, count in counts.items()
    )


def _regions(counts: Mapping[str, int]) -> Iterator[FacetValue]:
    """The regions with their names, without those that the node's own region lies in."""
    node = evidence.node()
    own, *above = regions_of(node.division)
    countries = vocabulary.vocabulary("country")
    for code, count in counts.items():
        if code == own:
            yield FacetValue(code, node.region_zh, node.region_en, count)
        elif code not in above:
            yield FacetValue(code, countries.label(code, "zh"), countries.label(code, "en"), count)
