"""What stands on a dataset's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings

from wushu.casework.types import SubjectKind
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryState, EntryView, Relation, VersionView
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.evidence.types import EntryNote
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.opening.types import ReassessmentDue
from wushu.parties.types import Actor
from wushu.portal import acts, schema_org, sheets, usage_page
from wushu.portal.downloads import downloads
from wushu.portal.licences import conditions, licence
from wushu.portal.refusals import DATASET_WITHOUT_DATA, NOT_OPENED, PREVIEW_NEEDS_GRANT
from wushu.portal.requests import language
from wushu.portal.samples import samples
from wushu.portal.searching import unless_away

PREVIEW_ROWS = 20
LISTED = "catalog.revision.listed"


def content(entry: EntryView, actor: Actor | None, asked_version: str | None) -> dict[str, Any]:
    """Context of the page of a listed entry, in its newest listed version or an older one."""
    revision = entry.revision
    assert revision is not None
    versions = catalog.versions(entry.id)
    version = chosen(entry.slug, versions, revision.version, asked_version)
    metadata = revision.metadata
    notes = evidence.entries_about(entry.urn)
    sheet = _sheet(entry, version, actor)
    profile, whole = sheet.pop("profile"), sheet.pop("whole")
    columns = sheets.columns(sheet.pop("fields") or revision.fields, profile)
    return {
        "entry": entry,
        "metadata": metadata,
        "version": version,
        "older": version is not None and version != revision.version,
        "newest_number": revision.version.number if revision.version else None,
        "versions": versions,
        "columns": columns,
        "profile": profile,
        "licence": licence(metadata.licence),
        "conditions": conditions(metadata.attribute),
        "related": unless_away(lambda: catalog.related(entry), list[Relation]()),
        "made_from": catalog.sources_of(entry.id),
        "place": catalog.series_place(entry.id),
        "groupings": catalog.groupings_of([entry.id]).get(entry.id, ()),
        "acts": acts.timeline(notes, actor),
        "listing": _listing(entry, version),
        "identifier": identifier_url(entry.id),
        "page_address": f"{settings.BASE_URL}/datasets/{entry.slug}",
        "citation": catalog.cited(entry, version, language()),
        "quality": catalog.metadata_quality(entry),
        "due": catalog.due_of(entry),
        "reassessed": _reassessed(entry, metadata.attribute),
        "use": usage_page.of_dataset(entry.id),
        "results": opening.results(dataset=entry.id, limit=opening.RESULTS_SHOWN),
        "ratings": opening.rating_figures(entry.id),
        "least": opening.RATINGS_LEAST,
        "to_file": opening.to_file(entry.body, SubjectKind.DATASET, metadata.attribute),
        "quality_most": catalog.METADATA_QUALITY_MOST,
        "schema_org": schema_org.dataset(
            entry,
            version,
            revision.fields,
            identifier=identifier_url(entry.id),
            language=language(),
        ),
        "whole": whole,
        "has_map": catalog.coordinates([one.field for one in columns]) is not None,
        **sheet,
        **_ways(entry, version, columns, readable=sheet["rows"] is not None, whole=whole),
    }


def notice(entry: EntryView) -> dict[str, Any]:
    """Context of the page of a sealed or withdrawn entry: why, and what there was."""
    return {
        "entry": entry,
        "withdrawn": entry.state is EntryState.WITHDRAWN,
        "versions": catalog.versions(entry.id),
        "acts": acts.timeline(evidence.entries_about(entry.urn), None),
    }


def chosen(
    slug: str, versions: Sequence[VersionView], newest: VersionView | None, asked: str | None
) -> VersionView | None:
    """The version asked for; ``version-not-found`` when it is none the public may see."""
    if not asked:
        return newest
    for one in versions:
        if str(one.number) == asked:
            return one
    raise dataplane.VERSION_NOT_FOUND(dataset=slug, version=asked)


def _reassessed(entry: EntryView, attribute: Attribute) -> ReassessmentDue | None:
    """When it is looked at again whether what is not opened can be."""
    if attribute is not Attribute.NONE:
        return None
    return opening.reassessment_of(entry.id, body=entry.body)


def _sheet(entry: EntryView, version: VersionView | None, actor: Actor | None) -> dict[str, Any]:
    """Profile and first rows as far as the reader's grant allows, else why not."""
    nothing = {
        "profile": None, "fields": (), "rows": None, "hidden_columns": 0, "whole": False,
        "is_marked": False, "masks": (),
    }  # fmt: skip
    assert entry.revision is not None
    if entry.revision.metadata.attribute is Attribute.NONE and version is None:
        return {**nothing, "why_not": _said(NOT_OPENED(dataset=entry.slug))}
    try:
        if version is None:
            raise DATASET_WITHOUT_DATA(dataset=entry.slug)
        shown = dataplane.preview(version.id, actor=actor, limit=PREVIEW_ROWS)
    except Refusal as refusal:
        return {**nothing, "why_not": reason(refusal, actor)}
    masked = {one.column for one in shown.masks}
    fields = tuple(
        replace(one, code_list=()) if one.name in masked else one
        for one in sheets.described(shown.fields, entry.revision.fields)
    )
    return {
        "profile": shown.profile,
        "fields": fields,
        "rows": sheets.cells(fields, shown.rows),
        "hidden_columns": shown.hidden,
        "whole": shown.whole,
        "is_marked": shown.is_marked,
        "masks": shown.masks,
        "why_not": None,
    }


def reason(refusal: Refusal, actor: Actor | None) -> dict[str, Any]:
    """Why no row is shown, and what to do; who is not signed in may sign in."""
    without = actor is None and refusal.name == "no-grant"
    return _said(PREVIEW_NEEDS_GRANT() if without else refusal)


def _said(refusal: Refusal) -> dict[str, Any]:
    return {
        "sentence": refusal.sentence(language()),
        "way_out": refusal.way_out(language()),
        "sign_in": refusal.name == PREVIEW_NEEDS_GRANT.name,
        "compute": refusal.name == "grant-delivers-results",
    }


def _ways(
    entry: EntryView,
    version: VersionView | None,
    columns: Sequence[sheets.Column],
    *,
    readable: bool,
    whole: bool,
) -> dict[str, Any]:
    """Downloads and sample code."""
    if not readable or version is None or not columns:
        return {"downloads": (), "samples": (), "key_needed": False, "measured": False}
    assert entry.revision is not None
    key_needed = entry.revision.metadata.attribute is not Attribute.UNCONDITIONAL
    column, value = _example(columns)
    newest = version == entry.revision.version
    files = downloads(
        entry.slug, version, [one.field for one in columns], newest=newest, whole=whole
    )
    return {
        "downloads": files,
        "measured": all(one.size is not None for one in files),
        "samples": samples(
            settings.BASE_URL,
            entry.slug,
            column,
            value,
            key_needed=key_needed,
            version=None if newest else version.number,
        ),
        "key_needed": key_needed,
    }


def _example(columns: Sequence[sheets.Column]) -> tuple[str, str]:
    """A column and a value that occurs in it, for the example of a filter."""
    for column in sorted(columns, key=lambda one: not one.field.key):
        if column.profile is not None:
            values = [one.value for one in column.profile.top] or list(column.profile.examples)
            if values:
                return column.field.name, values[0]
    return columns[0].field.name, ""


def _listing(entry: EntryView, version: VersionView | None) -> EntryNote | None:
    """The log's entry of the last listing that named the version."""
    named = {str(one.id) for one in catalog.revisions(entry.id) if one.version == version}
    for said in evidence.acts_said(entry.urn, LISTED):
        if said.data.get("revision") in named:
            published = said.index is not None and said.index < evidence.published_size()
            return EntryNote(said.index, LISTED, said.actor, said.at, published)
    return None


def identifier_url(identifier: UUID) -> str:
    """The permanent address of anything (``…/id/<uuid>``)."""
    return f"{evidence.node().identifier_base.rstrip('/')}/id/{identifier}"
