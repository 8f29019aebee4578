"""What stands on the pages of a load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView, FieldSpec, RevisionState
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import ColumnFound, Found, LoadView, UploadState
from wushu.parties.types import Actor
from wushu.portal.forms.columns import TypeForm
from wushu.portal.requests import language

TEMPLATES: Mapping[UploadState, str] = {
    UploadState.RECEIVED: "load_moving.html",
    UploadState.UNDECIDED: "load_undecided.html",
    UploadState.FOUND: "load_found.html",
    UploadState.QUEUED: "load_moving.html",
    UploadState.LOADING: "load_moving.html",
    UploadState.LOADED: "load_done.html",
    UploadState.FAILED: "load_failed.html",
}
REJECTS_SHOWN = 50


def type_forms(found: Found, known: Sequence[FieldSpec], data: Any) -> list[TypeForm]:
    """A form per column of the file; a column the dataset already has keeps its type."""
    by_name = {field.name: field for field in known}
    return [
        TypeForm.of(_as_known(column, by_name.get(column.proposal.name)), data)
        for column in found.columns
    ]


def _as_known(column: ColumnFound, known: FieldSpec | None) -> ColumnFound:
    return column if known is None else replace(column, proposal=known)


def begun_without_data(load: LoadView, actor: Actor) -> list[EntryView]:
    """Drafts of the file's body that have no data yet: the file may be for one of them."""
    return [
        entry
        for entry in catalog.drafts(actor=actor)
        if entry.body == load.upload.body
        and entry.revision is not None
        and entry.revision.version is None
        and entry.revision.state is RevisionState.DRAFT
    ]


def outcome(load: LoadView, actor: Actor) -> dict[str, Any]:
    """What became of it: the version with its rejects, or why there is none."""
    if load.state is UploadState.LOADED and load.version is not None:
        return {
            "version": catalog.version(load.version, actor=actor),
            "rejects": dataplane.rejects(load.version, actor=actor, limit=REJECTS_SHOWN),
        }
    if load.state is UploadState.FAILED and load.refusal is not None:
        return {
            "trouble": {
                "name": load.refusal["name"],
                "sentence": load.refusal[language()],
                "way_out": load.refusal[f"way_out_{language()}"],
            }
        }
    return {}
