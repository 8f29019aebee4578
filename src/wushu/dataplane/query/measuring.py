"""Finds out size and digest of every generated download of what is open to everybody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryState, EntryView, VersionView
from wushu.dataplane.access import decide
from wushu.dataplane.ingest import store
from wushu.dataplane.query import downloads, exports, known
from wushu.dataplane.query.database import DjangoDatabase
from wushu.dataplane.query.downloads import Asked
from wushu.dataplane.query.exports import Stopped
from wushu.dataplane.query.formats import of_version
from wushu.dataplane.query.types import Access
from wushu.dataplane.query.versions import Version, version_of
from wushu.kernel.errors import Refusal

_log = logging.getLogger(__name__)

_PAGE = 100
_LATE = timedelta(minutes=1)
"""An act may enter the database after one that changed the catalogue later than it."""


@dataclass(slots=True)
class Measured:
    """What a round of measuring did."""

    made: int = 0
    """Exports whose facts are new."""
    failed: int = 0
    until: datetime | None = None
    """Changes of the catalogue up to here need no second look; the next round begins there."""


def exports_measure(
    *, after: datetime | None = None, stopped: Callable[[], bool] = lambda: False
) -> Measured:
    """Make every export once that is open to everybody and whose facts are missing.

    Looks at entries changed after ``after``; None: at all. Ends early when ``stopped``, and at once
    where another process of this host is at it.
    """
    done = Measured(until=after)
    began = timezone.now()
    again: datetime | None = None
    with store.locked("exports", wait=False) as free:
        if not free:
            return done
        try:
            for entry in _entries(after):
                failed = done.failed
                _measure_entry(entry, done, stopped)
                if done.failed > failed and again is None:
                    again = entry.changed_at
        except Stopped:
            return done
    done.until = min(began, again or began) - _LATE
    return done


def _entries(after: datetime | None) -> Iterator[EntryView]:
    """What changed, in the order of the changes, page by page."""
    while page := catalog.changed_entries(after=after, limit=_PAGE):
        yield from page
        after = page[-1].changed_at


def _measure_entry(entry: EntryView, done: Measured, stopped: Callable[[], bool]) -> None:
    open_to_all = (
        entry.state is EntryState.LISTED
        and entry.revision is not None
        and entry.revision.metadata.attribute is Attribute.UNCONDITIONAL
    )
    if not open_to_all:
        return
    made = done.made
    try:
        for version in catalog.versions(entry.id):
            access = _public(entry, version)
            if access is not None:
                _measure_version(access, done, stopped)
    finally:
        if done.made > made:
            catalog_services.quality_outdate(entry.id)


def _public(entry: EntryView, version: VersionView) -> Access | None:
    """The selector's word that everybody may read all of the version; else None."""
    try:
        access = decide(DjangoDatabase(), entry.id, None, timezone.now(), version=version.number)
    except Refusal:
        return None
    return access if access.public and access.whole else None


def _measure_version(access: Access, done: Measured, stopped: Callable[[], bool]) -> None:
    """Each export whose facts are missing; what is wrong with one does not keep the others waiting."""
    there = known.variants(access.version)
    try:
        version = version_of(access)
    except Refusal as refusal:
        done.failed += 1
        _log.error("%s version %s is not measured: %s", access.slug, access.number, refusal)
        return
    for asked in downloads.passes():
        if all(
            (asked.format.value, one.variant) in there for one, _ in downloads.beginnings(asked)
        ):
            continue
        try:
            if downloads.holds(asked.format, version):
                done.made += _measure(access, version, asked, stopped)
        except Stopped:
            raise
        except Exception:
            done.failed += 1
            _log.exception(
                "%s.%s version %s is not measured", access.slug, asked.format.value, access.number
            )


def _measure(access: Access, version: Version, asked: Asked, stopped: Callable[[], bool]) -> int:
    """One pass over the rows; how many exports it measured."""
    variants = downloads.beginnings(asked)
    table = of_version(access.slug, version, version.names)
    found = exports.measure(
        downloads.runs(table, asked), [before for _, before in variants], stopped
    )
    for (one, _), facts in zip(variants, found, strict=True):
        known.keep(access.version, one.format.value, one.variant, facts)
    return len(found)
