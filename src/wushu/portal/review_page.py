"""What stands on the reviewer's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Change, EntryView, FieldSpec, RevisionState, RevisionView
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.parties import selectors as parties
from wushu.parties.types import Actor
from wushu.portal import acts, labels, sheets
from wushu.portal.desk_page import case_of, collected, said
from wushu.portal.requests import language
from wushu.portal.text import day_words

_YES, _NO = _("yes"), _("no")
_OTHERS = {"fields": _("Order of the columns"), "version": _("Version of the data")}
_CODED: Mapping[str, Callable[[str], str]] = {
    "theme": labels.theme,
    "update_cycle": labels.cycle,
    "spatial": labels.place,
}
"""Fields that hold codes of a vocabulary."""
SAMPLE_ROWS = 50
REJECTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submission in the queue."""

    entry: EntryView
    revision: RevisionView
    obstacle: str
    """Why this reviewer may not decide on it; empty: they may."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change in words."""

    name: str
    old: str
    new: str
    added: bool
    removed: bool


def queue(entries: Sequence[EntryView], actor: Actor) -> list[Waiting]:
    """The queue with what keeps the reviewer from deciding."""
    obstacles = catalog.review_obstacles(entries, actor=actor)
    return [
        Waiting(entry, entry.revision, _sentence(obstacles[entry.revision.id]))
        for entry in entries
        if entry.revision is not None
    ]


def _sentence(obstacle: Refusal | None) -> str:
    return "" if obstacle is None else obstacle.sentence(language())


def content(revision: RevisionView, actor: Actor) -> dict[str, Any]:
    """Context of the page of one submission."""
    entry = catalog.entry_by_id(revision.entry, actor=actor)
    waits = revision.state is RevisionState.IN_REVIEW
    notes = evidence.entries_about(entry.urn)
    people = parties.names_of(
        {revision.created_by, revision.submitted_by}, actor=actor, language=language()
    )
    return {
        "entry": entry,
        "revision": revision,
        "metadata": revision.metadata,
        "version": revision.version,
        "submitter": people.get(revision.submitted_by, ""),
        "changes": [difference(one) for one in catalog.revision_diff(revision.id, actor=actor)],
        "waits": waits,
        "first": entry.listed_revision is None,
        "case": case_of(revision, actor) if waits else None,
        "obstacle": said(catalog.review_obstacle(revision.id, actor=actor)),
        "collected": collected(entry, revision, actor) if waits else (),
        "acts": acts.timeline(notes, actor),
        **_rows(revision, actor),
    }


def _rows(revision: RevisionView, actor: Actor) -> dict[str, Any]:
    """Sample rows, profile and rejects of the version under review."""
    nothing = {"columns": sheets.columns(revision.fields, None), "rows": None, "rejects": ()}
    if revision.version is None:
        return nothing
    version = revision.version.id
    try:
        shown = dataplane.preview(version, actor=actor, limit=SAMPLE_ROWS, at_work=True)
    except Refusal as refusal:
        return {**nothing, "why_not": said(refusal)}
    fields = sheets.described(shown.fields, revision.fields)
    return {
        "columns": sheets.columns(fields, shown.profile),
        "profile": shown.profile,
        "rows": sheets.cells(fields, shown.rows),
        **_for_the_decision(version, actor),
    }


def _for_the_decision(version: UUID, actor: Actor) -> dict[str, Any]:
    """Rejected rows and what looks personal; once it is decided they are the body's own again."""
    if not catalog.is_at_work_on(version, actor=actor):
        return {"rejects": (), "personal": ()}
    return {
        "rejects": dataplane.rejects(version, actor=actor, limit=REJECTS_SHOWN),
        "personal": dataplane.personal(version, actor=actor),
    }


def difference(change: Change) -> Difference:
    """A change with its name and values in the reader's language."""
    whole = isinstance(change.old, FieldSpec) or isinstance(change.new, FieldSpec)
    coded = _CODED.get(change.field)
    return Difference(
        name=_named(change.field, whole=whole),
        old=_valued(change.old, coded),
        new=_valued(change.new, coded),
        added=change.old is None,
        removed=change.new is None,
    )


def _named(field: str, *, whole: bool) -> str:
    """``fields.<column>`` and ``fields.<column>.<property>``; a column's name may hold dots."""
    if not field.startswith("fields."):
        return str({**catalog.METADATA, **_OTHERS}.get(field, field))
    column = field.removeprefix("fields.")
    if whole:
        return column
    column, _dot, prop = column.rpartition(".")
    return f"{column} · {catalog.FIELD_PROPERTIES.get(prop, prop)}"


def _valued(value: Any, coded: Callable[[str], str] | None) -> str:
    if coded is not None and value:
        return coded(str(value))
    match value:
        case None | "":
            words = ""
        case bool():
            words = str(_YES if value else _NO)
        case Enum():
            words = labels.label(value)
        case FieldSpec():
            parts = (labels.label(value.type), value.title_zh, value.unit, value.description)
            words = " · ".join(part for part in parts if part)
        case date():
            words = day_words(value, language())
        case tuple():
            words = ", ".join(
                "=".join(one) if isinstance(one, tuple) else str(one) for one in value
            )
        case _:
            words = str(value)
    return words
