"""The one ledger (一本账): every entry with who answers for it; and what is collected twice (一数一源)."""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from wushu.catalog import rules
from wushu.catalog.arranging_refusals import LEDGER_FOR_OFFICIALS
from wushu.catalog.models import Duty, Entry, ItemSource, Revision
from wushu.catalog.search.index import catalogue_index
from wushu.catalog.selectors.complete import catalogue_changed
from wushu.catalog.selectors.entries import shown_revision, views_of, visible_entries
from wushu.catalog.selectors.finding import cursor_key, listed_count
from wushu.catalog.selectors.freshening import due_of
from wushu.catalog.types import (
    Attribute,
    DutyView,
    EntryState,
    FieldSpec,
    FieldType,
    Holder,
    LedgerLine,
    LedgerPage,
    SharedItem,
    SharedReason,
)
from wushu.kernel import cursors
from wushu.kernel.errors import NOT_FOUND
from wushu.kernel.text import normalise
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, Role

LEDGER_PAGE = 50
SHARED_LIMIT = 500
"""Items of the report at most, those of most bodies first."""

_BATCH = 500
_EXAMPLES = 3
_BODIES_LIMIT = 100
_OFFICIALS = (Role.OPENING_BODY, Role.CHIEF_DATA_OFFICER, Role.DATA_AUTHORITY,
              Role.PLATFORM_OPERATOR)  # fmt: skip


def may_read_ledger(actor: Actor) -> bool:
    """Whether the actor works for a department or the platform."""
    return any(actor.holds(role) for role in _OFFICIALS)


def require_official(actor: Actor) -> None:
    """``ledger-for-officials``."""
    if not may_read_ledger(actor):
        raise LEDGER_FOR_OFFICIALS(who=actor.name)


# The ledger


def ledger(
    *,
    actor: Actor,
    body: UUID | None = None,
    attribute: Attribute | None = None,
    state: EntryState | None = None,
    cursor: str | None = None,
) -> LedgerPage:
    """One page of all entries the official may know of, by the name in their address.

    What was ever listed, the drafts of one's own bodies, and what was submitted to one's own
    authority. Refusals: ``ledger-for-officials``, ``cursor-invalid``, ``cursor-of-another-query``.
    """
    require_official(actor)
    context = {"list": "ledger", "choices": [str(body), str(attribute), str(state)]}
    rows = _rows(actor, body, attribute, state)
    key = cursor_key()
    if cursor:
        rows = rows.filter(slug__gt=str(cursors.decode(cursor, context, key=key)[0]))
    held = list(rows[: LEDGER_PAGE + 1])
    following = None
    if len(held) > LEDGER_PAGE:
        following = cursors.encode([held[LEDGER_PAGE - 1].slug], context, key=key)
    return LedgerPage(tuple(_lines(held[:LEDGER_PAGE], actor)), following)


def ledger_lines(
    *,
    actor: Actor,
    body: UUID | None = None,
    attribute: Attribute | None = None,
    state: EntryState | None = None,
) -> Iterator[LedgerLine]:
    """The whole ledger, batch by batch, for an export; ``ledger-for-officials``."""
    require_official(actor)
    return _all_lines(actor, _rows(actor, body, attribute, state))


def duty_of(entry: UUID, *, actor: Actor) -> DutyView:
    """Who within the body answers for an entry; empty where nobody said.

    For who reads the ledger: ``ledger-for-officials``, ``not-found``.
    """
    require_official(actor)
    if not visible_entries(actor).filter(pk=entry).exists():
        raise NOT_FOUND(what=str(entry))
    return _duties([entry]).get(entry, DutyView())


def _rows(
    actor: Actor, body: UUID | None, attribute: Attribute | None, state: EntryState | None
) -> QuerySet[Entry]:
    rows = visible_entries(actor).order_by("slug")
    if body is not None:
        rows = rows.filter(body=body)
    if state is not None:
        rows = rows.filter(state=state.value)
    if attribute is not None:
        said = Revision.objects.filter(pk=OuterRef("shown"), attribute=attribute.value)
        rows = rows.annotate(shown=shown_revision(actor)).filter(Exists(said))
    return rows


def _all_lines(actor: Actor, rows: QuerySet[Entry]) -> Iterator[LedgerLine]:
    after = ""
    while held := list(rows.filter(slug__gt=after)[:_BATCH]):
        yield from _lines(held, actor)
        after = held[-1].slug


def _lines(rows: Sequence[Entry], actor: Actor) -> Iterator[LedgerLine]:
    duties = _duties([row.pk for row in rows])
    today = timezone.localdate()
    for view in views_of(rows, actor, with_fields=False):
        yield LedgerLine(view, duties.get(view.id, DutyView()), due_of(view, today))


def _duties(entries: Sequence[UUID]) -> dict[UUID, DutyView]:
    rows = Duty.objects.filter(entry__in=entries)
    return {row.entry_id: DutyView(row.unit, row.source_system) for row in rows}


# What is collected more than once


@dataclass(slots=True)
class _Gathered:
    """What the columns of one item say, body by body."""

    name: str
    count: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    slugs: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    codes: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    meanings: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))


def shared_items(*, actor: Actor, division: str = "") -> list[SharedItem]:
    """The items that more than one body collects in what is listed, those of most bodies first.

    With the reasons for taking them for the same, and the source decided for the ``division``.
    ``ledger-for-officials``. Read from the database once per change of the catalogue.
    """
    require_official(actor)
    found = _shared(catalogue_changed(), listed_count())
    bodies = parties.organisations_by_id({one.body for item in found for one in item.holders})
    sources = _sources([item.key for item in found], division)
    return [
        replace(
            item,
            holders=tuple(
                replace(one, name_zh=bodies[one.body].name_zh, name_en=bodies[one.body].name_en)
                for one in item.holders
            ),
            source=sources[item.key].body_id if item.key in sources else None,
            source_reason=sources[item.key].reason if item.key in sources else "",
        )
        for item in found
    ]


def collected_elsewhere(
    fields: Sequence[FieldSpec], *, actor: Actor, body: UUID, division: str
) -> list[SharedItem]:
    """Items of a proposed table that other bodies collect already, for who submits and who reviews.

    From the search index, in bounded time. An item whose decided source is the body itself is none.
    ``ledger-for-officials``, ``search-unavailable``.
    """
    require_official(actor)
    names = rules.named_items(fields)
    held = catalogue_index().holders(names, without=body, limit=_BODIES_LIMIT)
    bodies = parties.organisations_by_id({UUID(one) for found in held.values() for one in found})
    sources = _sources(list(held), division)
    return [
        SharedItem(
            key=key,
            name=names[key],
            type=_type_of(key),
            holders=tuple(
                Holder(UUID(one), bodies[UUID(one)].name_zh, bodies[UUID(one)].name_en, count)
                for one, count in sorted(found.items(), key=lambda pair: -pair[1])
                if UUID(one) in bodies
            ),
            reasons=(SharedReason.NAME, SharedReason.TYPE),
            source=sources[key].body_id if key in sources else None,
            source_reason=sources[key].reason if key in sources else "",
        )
        for key, found in held.items()
        if key not in sources or sources[key].body_id != body
    ]


@lru_cache(maxsize=1)
def _shared(_changed: datetime | None, _count: int) -> tuple[SharedItem, ...]:
    """The report without names and decisions; it changes only when the catalogue does.

    Read twice: first which bodies have an item, one bit each, then all about those of most bodies.
    """
    bits: dict[UUID, int] = {}
    masks: dict[str, int] = defaultdict(int)
    for body, _slug, specs in _all_fields():
        bit = 1 << bits.setdefault(body, len(bits))
        for key, _spec in _keyed(specs):
            masks[key] |= bit
    several = ((-mask.bit_count(), key) for key, mask in masks.items() if mask & (mask - 1))
    wanted = {key for _, key in heapq.nsmallest(SHARED_LIMIT, several)}
    gathered: dict[str, _Gathered] = {}
    for body, slug, specs in _all_fields() if wanted else ():
        for key, spec in _keyed(specs):
            if key in wanted:
                _gather(gathered, key, body, slug, spec)
    items = [_item(key, one) for key, one in gathered.items()]
    items.sort(key=lambda item: (-len(item.holders), -len(item.reasons), item.key))
    return tuple(items)


def _all_fields() -> Iterator[tuple[UUID, str, list[dict[str, Any]]]]:
    """Body, name and data items of all that is listed, as stored."""
    rows = (
        Entry.objects.filter(state=EntryState.LISTED.value)
        .annotate(stored=Cast("listed_revision__fields", TextField()))
        .values_list("body", "slug", "stored")
    )
    for body, slug, stored in rows.iterator(chunk_size=_BATCH):
        yield body, slug, orjson.loads(stored)


def _keyed(specs: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for spec in specs:
        if key := rules.item_of_stored(spec):
            yield key, spec


def _gather(
    into: dict[str, _Gathered], key: str, body: UUID, slug: str, spec: dict[str, Any]
) -> None:
    one = into.setdefault(key, _Gathered(spec.get("title_zh") or spec["name"]))
    one.count[body] += 1
    if len(one.slugs[body]) < _EXAMPLES:
        one.slugs[body].append(slug)
    if unit := spec.get("unit"):
        one.units[unit].add(body)
    if codes := spec.get("code_list"):
        one.codes[json.dumps(codes, ensure_ascii=False)].add(body)
    if meaning := spec.get("description"):
        one.meanings[normalise(meaning)].add(body)


def _item(key: str, one: _Gathered) -> SharedItem:
    ordered = sorted(one.count.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return SharedItem(
        key=key,
        name=one.name,
        type=_type_of(key),
        holders=tuple(
            Holder(body, "", "", count, tuple(one.slugs[body])) for body, count in ordered
        ),
        reasons=tuple(_reasons(one)),
    )


def _reasons(one: _Gathered) -> list[SharedReason]:
    """The name and the type always; unit, codes and meaning where two bodies give the same."""
    found = [SharedReason.NAME, SharedReason.TYPE]
    for reason, said in (
        (SharedReason.UNIT, one.units),
        (SharedReason.CODES, one.codes),
        (SharedReason.MEANING, one.meanings),
    ):
        if any(len(bodies) > 1 for bodies in said.values()):
            found.append(reason)
    return found


def _sources(keys: Iterable[str], division: str) -> Mapping[str, ItemSource]:
    """The decisions in force for a division: its own, else those of the division above."""
    regions = rules.regions_of(division)
    wanted = {rules.item_parts(key): key for key in keys}
    rows = ItemSource.objects.filter(item__in=[name for _, name in wanted], ended_at__isnull=True)
    found: dict[str, tuple[int, ItemSource]] = {}
    for row in rows:
        key = wanted.get((row.type, row.item))
        near = regions.index(row.division) if row.division in regions else None
        if key is not None and near is not None and (key not in found or near < found[key][0]):
            found[key] = (near, row)
    return {key: row for key, (_, row) in found.items()}


def _type_of(key: str) -> FieldType:
    return FieldType(rules.item_parts(key)[0])
