"""Importing an existing catalogue: drafts for the right bodies, and nothing is listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction

from wushu.catalog import refusals as no
from wushu.catalog import rules
from wushu.catalog.models import Entry, Revision
from wushu.catalog.presenting import fields_of, metadata_of
from wushu.catalog.services.common import locked_entry
from wushu.catalog.services.drafting import completed, draft_insert, draft_write
from wushu.catalog.services.sheet_entries import (
    SheetEntry,
    changes_between,
    fields_from,
    grouped,
    metadata_from,
    require_filled,
    require_sound,
)
from wushu.catalog.types import EntryAct, EntryState, FieldSpec, Metadata, RevisionState
from wushu.evidence.services import record
from wushu.kernel.errors import STALE
from wushu.kernel.sheets import Line, Outcome, Plan, Row, Tally, run
from wushu.parties import selectors as parties
from wushu.parties.types import IMPORT_ROW_TWICE, NODE, Actor, OrganisationView


def catalogue_import(
    *, actor: Actor, rows: Iterable[Row], file_sha256: str = "", dry_run: bool = False
) -> Iterator[Line]:
    """Make drafts of the datasets of a file (``layouts.CATALOGUE``): a line for every dataset.

    What is there already is changed where the file says otherwise: by a clerk of its body, or by who
    imported the draft that still stands. A dataset is written whole or not at all; a second run
    changes nothing. Who imports is an author of the draft and never reviews it. Refusals:
    ``import-not-for-body``; those of single datasets stand in their lines.
    """
    rules.require_importer(actor)
    plan = partial(_planned, actor, {})
    lines = run(grouped(rows), plan, key="title_zh", dry_run=dry_run, together=transaction.atomic)
    return _recorded(lines, actor, file_sha256, dry_run)


def _recorded(
    lines: Iterator[Line], actor: Actor, file_sha256: str, dry_run: bool
) -> Iterator[Line]:
    """The lines; at their end an act that names the file, where anything was written."""
    tally = Tally()
    yield from tally.of(lines)
    if dry_run or not tally.wrote:
        return
    with transaction.atomic():
        record(
            "catalog.import.done",
            actor=actor,
            subject=f"urn:uuid:{uuid4()}",
            data={"file_sha256": file_sha256, "entries": tally.as_json()},
            rows=(),
        )


@dataclass(frozen=True)
class _Known:
    """An entry that is there already, and what its newest revision says."""

    entry: Entry
    newest: Revision
    metadata: Metadata
    fields: tuple[FieldSpec, ...]


def _planned(actor: Actor, above: dict[str, int], sheet: SheetEntry) -> Plan:
    require_filled(sheet)
    body = _body(actor, sheet)
    row, title = sheet.first, sheet["title_zh"]
    with row.at("slug"):
        slug = rules.require_slug(sheet["slug"]) if sheet["slug"] else None
    with row.at("slug", "title_zh"):
        named = f"{body.code} {title}"
        first = above.setdefault(slug or named, sheet.number)
        if first != sheet.number:
            raise IMPORT_ROW_TWICE(what=slug or title, row=first)
        above.setdefault(named, sheet.number)
        known = _known(body.id, slug, title)
        _require_may_change(actor, known, title)
    metadata = completed(metadata_from(sheet, None if known is None else known.metadata), body)
    fields = fields_from(sheet) or (() if known is None else known.fields)
    require_sound(sheet, metadata, fields)
    if known is None:
        changes = changes_between(None, (metadata, fields))
        line = Line(sheet.number, Outcome.CREATED, title, changes)
        return line, partial(_create, actor, body.id, slug, metadata, fields, line)
    changes = changes_between((known.metadata, known.fields), (metadata, fields))
    if not changes:
        return Line(sheet.number, Outcome.SAME, title), None
    with row.at("slug", "title_zh"):
        _require_open(known, fields)
    line = Line(sheet.number, Outcome.CHANGED, title, changes)
    return line, partial(_change, actor, known, metadata, fields, line)


def _body(actor: Actor, sheet: SheetEntry) -> OrganisationView:
    with sheet.first.at("body"):
        body = parties.organisation_by_code(sheet["body"])
        if not rules.may_import(actor, body.id, body.division):
            raise no.IMPORT_NOT_FOR_BODY(who=actor.name)
    return body


def _known(body: UUID, slug: str | None, title: str) -> _Known | None:
    """The entry of the slug, or of the title: what is listed or the newest revision says it."""
    if slug is not None:
        found = list(Entry.objects.filter(slug=slug))
        if found and found[0].body_id != body:
            raise no.SLUG_TAKEN(slug=slug)
    else:
        named = Entry.objects.filter(body=body, revisions__title_zh=title).distinct()
        found = [one for one in named[:20] if _newest(one).title_zh == title]
        if len(found) > 1:
            raise no.IMPORT_TITLE_AMBIGUOUS(title=title)
    if not found:
        return None
    newest = _newest(found[0])
    return _Known(found[0], newest, metadata_of(newest), fields_of(newest))


def _newest(entry: Entry) -> Revision:
    return entry.revisions.select_related("version").order_by("-number")[0]


def _require_may_change(actor: Actor, known: _Known | None, title: str) -> None:
    """Nobody else reads a body's drafts, not even from the report of an import."""
    if known is None or actor == NODE or rules.may_edit(actor, known.entry.body_id):
        return
    own = known.newest.created_by == actor.urn and known.newest.authors == [str(actor.person)]
    if not own or known.newest.state != RevisionState.DRAFT.value:
        raise no.IMPORT_ENTRY_EXISTS(title=title)


def _require_open(known: _Known, fields: Sequence[FieldSpec]) -> None:
    if known.newest.state == RevisionState.IN_REVIEW.value:
        rules.require_draft(RevisionState.IN_REVIEW, known.newest.number)
    rules.entry_after(EntryState(known.entry.state), EntryAct.EDIT)
    if known.newest.version_id is not None and tuple(fields) != known.fields:
        raise no.IMPORT_COLUMNS_OF_DATA(title=known.metadata.title_zh)


def _create(
    actor: Actor,
    body: UUID,
    slug: str | None,
    metadata: Metadata,
    fields: Sequence[FieldSpec],
    line: Line,
) -> Line:
    draft_insert(actor, body, slug, metadata, fields)
    return line


def _change(
    actor: Actor, known: _Known, metadata: Metadata, fields: Sequence[FieldSpec], line: Line
) -> Line:
    with transaction.atomic():
        held = locked_entry(known.entry.pk)
        if _newest(held).pk != known.newest.pk:
            raise STALE(what=line.subject)
        draft_write(actor, held, metadata=metadata, fields=fields)
    return line
