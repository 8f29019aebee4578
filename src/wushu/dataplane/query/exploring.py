"""Groups of a version's rows for a page: what a chart and a pivot table show, by the one selector."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.types import FieldSpec
from wushu.dataplane.access import decide
from wushu.dataplane.query import conditions, groups, places
from wushu.dataplane.query.database import DjangoDatabase
from wushu.dataplane.query.groups import Grouping, Groups
from wushu.dataplane.query.places import Spots
from wushu.dataplane.query.profiles import profile_of
from wushu.dataplane.query.receipts import receipt_write
from wushu.dataplane.query.scans import Answer, Work, scan_here
from wushu.dataplane.query.types import (
    READERS_WAITING,
    UNKNOWN_COLUMN,
    Access,
    Condition,
    RowsQuery,
    Surface,
)
from wushu.dataplane.query.versions import Version, readable_names, version_of
from wushu.parties.types import Actor

_SCANNING = threading.BoundedSemaphore(2)
"""Pages that scan a table at once in one process; the others wait, like every scan, for a while."""


@dataclass(frozen=True, slots=True)
class Explored:
    """Groups of a version's rows, as far as the reader may read them."""

    fields: tuple[FieldSpec, ...]
    """Columns the reader may group by."""
    wanted: Grouping | None
    """What was grouped; None: nothing was asked, and nothing is worth seeing unasked."""
    groups: Groups | None
    partly: bool
    """The reader's grant leaves rows out."""


def explorable(version: UUID, *, actor: Actor | None) -> tuple[FieldSpec, ...]:
    """Columns of a version by which the actor may group; not one row is read. Refusals as ``explore``."""
    allowed, opened = _opened(version, actor)
    names = readable_names(allowed, opened)
    return tuple(one for one in opened.fields if one.name in names)


def explore(version: UUID, wanted: Grouping | None, *, actor: Actor | None) -> Explored:
    """Groups of the rows that the actor may read; a receipt is left where they are not public.

    ``wanted`` None: by the column worth seeing first, if there is one. Refusals: ``not-found``, those
    of ``access.decide``, ``unknown-column``, ``column-not-granted``, ``filter-not-understood``,
    ``measure-needs-numbers``, ``query-too-slow``, ``query-too-large``, ``readers-waiting``,
    ``quota-used-up``: each group counts as a row.
    """
    allowed, opened = _opened(version, actor)
    names = readable_names(allowed, opened)
    fields = tuple(one for one in opened.fields if one.name in names)
    asked = wanted or groups.usual(fields, profile_of(allowed))
    if asked is None:
        return Explored(fields, None, None, bool(allowed.row_filter))
    _require_asked(asked.columns, asked.conditions, allowed, opened)
    groups.require(asked, opened)
    within = replace(asked, conditions=allowed.row_filter + asked.conditions)
    found = _scanned(lambda db: groups.grouped(db, opened, within), allowed)
    if not allowed.public:
        query = f"group={','.join(asked.columns)}&{asked.measure}"
        receipt_write(
            allowed, surface=Surface.PAGE, columns=asked.columns, query=query,
            rows=len(found.groups),
        )  # fmt: skip
    return Explored(fields, asked, found, bool(allowed.row_filter))


def mapped(version: UUID, asked: tuple[Condition, ...], *, actor: Actor | None) -> Spots | None:
    """Where the rows lie that the actor may read; None where their columns do not say it.

    A receipt is left where the rows are not public. Refusals as ``explore``.
    """
    allowed, opened = _opened(version, actor)
    names = readable_names(allowed, opened)
    fields = [one for one in opened.fields if one.name in names]
    at = catalog.coordinates(fields)
    if at is None:
        return None
    name = places.name_column(fields)
    columns = tuple(one for one in (at.longitude, at.latitude, name) if one)
    _require_asked(columns, asked, allowed, opened)
    within = allowed.row_filter + asked
    found = _scanned(lambda db: places.spots(db, opened, at, name, within), allowed)
    if not allowed.public:
        receipt_write(
            allowed, surface=Surface.PAGE, columns=columns, query="map", rows=len(found.spots)
        )
    return found


def _scanned(work: Work[Answer], allowed: Access) -> Answer:
    if not _SCANNING.acquire(timeout=settings.QUERY_SECONDS):
        raise READERS_WAITING()
    try:
        return scan_here(work, seconds=settings.QUERY_SECONDS, dataset=allowed.slug)
    finally:
        _SCANNING.release()


def _opened(version: UUID, actor: Actor | None) -> tuple[Access, Version]:
    shown = catalog.version(version, actor=actor)
    allowed = decide(DjangoDatabase(), shown.entry, actor, timezone.now(), version=shown.number)
    return allowed, version_of(allowed)


def _require_asked(
    columns: tuple[str, ...], asked: tuple[Condition, ...], allowed: Access, opened: Version
) -> None:
    """Refuse columns and conditions the version does not have or the grant does not name."""
    for name in columns:
        if name not in opened.types:
            raise UNKNOWN_COLUMN(column=name, columns=conditions.listed(opened.types))
    for one in asked:
        conditions.check(one, opened.types)
    conditions.require_granted(RowsQuery(columns=columns, conditions=asked), allowed)
