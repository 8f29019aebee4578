"""What a clerk of the opening body does: create, change, submit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.catalog import refusals as no
from wushu.catalog import rules, vocabulary
from wushu.catalog.models import Entry, Revision, Version
from wushu.catalog.presenting import (
    entry_view,
    fields_of,
    metadata_of,
    revision_view,
    write_metadata,
)
from wushu.catalog.procedures import procedure_asked
from wushu.catalog.services.common import (
    insert_under_slug,
    locked_entry,
    locked_revision,
    record_act,
    refuse_first,
    with_author,
)
from wushu.catalog.types import (
    EntryAct,
    EntryState,
    EntryView,
    FieldSpec,
    Metadata,
    RevisionState,
    RevisionView,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationView

_OPEN = (RevisionState.DRAFT.value, RevisionState.IN_REVIEW.value)


def entry_create(
    *,
    actor: Actor,
    body: UUID,
    slug: str | None = None,
    metadata: Metadata,
    fields: Sequence[FieldSpec] = (),
) -> EntryView:
    """A draft entry of the body with its draft revision 1.

    Without a slug the title's pinyin becomes one. Empty coverage and contact are filled from the
    body. Refusals: ``not-of-body``, ``not-found``, ``slug-wrong``, ``slug-taken``, and those of
    ``rules.draft_problems``.
    """
    rules.require_editor(actor, body)
    return draft_insert(actor, body, slug, metadata, fields)


def draft_insert(
    actor: Actor, body: UUID, slug: str | None, metadata: Metadata, fields: Sequence[FieldSpec]
) -> EntryView:
    """``entry_create`` for who has been asked whether they may."""
    metadata = completed(metadata, parties.organisation(body))
    refuse_first(rules.draft_problems(metadata, fields))
    with transaction.atomic():
        now = timezone.now()
        entry = Entry(body_id=body, state=EntryState.DRAFT.value, created_at=now, changed_at=now)
        insert_under_slug(entry, slug, metadata.title_zh)
        revision = Revision(
            entry=entry,
            number=1,
            state=RevisionState.DRAFT.value,
            fields=[spec.as_json() for spec in fields],
            created_by=actor.urn,
            created_at=now,
            authors=with_author((), actor),
        )
        write_metadata(revision, metadata)
        revision.save(force_insert=True)
        record_act("entry.created", actor, entry, revision, rows=[entry, revision])
    return entry_view(entry, revision)


def revision_draft(
    *,
    actor: Actor,
    entry: UUID,
    metadata: Metadata | None = None,
    fields: Sequence[FieldSpec] | None = None,
    version: UUID | None = None,
) -> RevisionView:
    """Change the open draft, or open the next one on what was returned or is listed.

    What is None stays as it is. Refusals: ``not-found``, ``not-of-body``, ``revision-frozen``
    while a revision is in review, ``act-not-possible``, ``version-of-another``, and those of
    ``rules.draft_problems``.
    """
    with transaction.atomic():
        held = locked_entry(entry)
        rules.require_editor(actor, held.body_id)
        return draft_write(actor, held, metadata=metadata, fields=fields, version=version)


def draft_write(
    actor: Actor,
    held: Entry,
    *,
    metadata: Metadata | None = None,
    fields: Sequence[FieldSpec] | None = None,
    version: UUID | None = None,
) -> RevisionView:
    """``revision_draft`` for who has been asked whether they may; ``held`` is locked."""
    with transaction.atomic():
        revision = _draft_of(held, actor)
        if metadata is not None:
            write_metadata(revision, completed(metadata, parties.organisation(held.body_id)))
        if fields is not None:
            revision.fields = [spec.as_json() for spec in fields]
        if version is not None:
            revision.version = _version_of(held, version)
        refuse_first(rules.draft_problems(metadata_of(revision), fields_of(revision)))
        revision.authors = with_author(revision.authors, actor)
        revision.save()
        rows: list[models.Model] = [revision]
        if held.listed_at is None:
            held.changed_at = timezone.now()
            held.save(update_fields=["changed_at"])
            rows.append(held)
        record_act("revision.drafted", actor, held, revision, rows=rows)
    return revision_view(revision)


def revision_submit(*, actor: Actor, revision: UUID, case: UUID | None = None) -> RevisionView:
    """Hand a draft to the authority; from now on its content is fixed.

    ``case``: by whose step it is submitted. Refusals: ``not-found``, ``not-of-body``,
    ``nothing-to-submit``, ``listing-takes-a-case``, ``act-not-possible``, and those of
    ``rules.submission_problems`` (``selectors.submission_problems`` gives all of them).
    """
    with transaction.atomic():
        entry, row = locked_revision(revision)
        rules.require_editor(actor, entry.body_id)
        rules.require_draft(RevisionState(row.state), row.number, to_submit=True)
        after = rules.entry_after(EntryState(entry.state), EntryAct.SUBMIT)
        asked = None if case is not None else procedure_asked(entry, row)
        if asked is not None:
            raise no.LISTING_TAKES_A_CASE(procedure=asked.id, title=asked.title)
        listed = entry.listed_revision
        refuse_first(
            rules.submission_problems(
                metadata_of(row),
                fields_of(row),
                codes=vocabulary.codes(),
                listed=None if listed is None else metadata_of(listed),
                has_version=row.version_id is not None,
            )
        )
        row.state = RevisionState.IN_REVIEW.value
        row.submitted_by, row.submitted_at, row.case = actor.urn, timezone.now(), case
        row.authors = with_author(row.authors, actor)
        row.save()
        entry.state = after.value
        entry.save(update_fields=["state"])
        within = {} if case is None else {"case": str(case)}
        record_act("revision.submitted", actor, entry, row, rows=[entry, row], **within)
    return revision_view(row)


def completed(metadata: Metadata, body: OrganisationView) -> Metadata:
    """The body's division and contact where the clerk gave none."""
    changes: dict[str, Any] = {}
    if not metadata.spatial:
        changes["spatial"] = body.division
    if not (metadata.contact_name or metadata.contact_email or metadata.contact_phone):
        changes |= {
            "contact_name": body.contact_name or body.name_zh[:100],
            "contact_email": body.contact_email,
            "contact_phone": body.contact_phone,
        }
    return replace(metadata, **changes)


def _draft_of(entry: Entry, actor: Actor) -> Revision:
    """The open draft, or a new one that is not saved yet."""
    newest = entry.revisions.select_related("version").order_by("-number")[0]
    state = RevisionState(newest.state)
    if newest.state in _OPEN:
        rules.require_draft(state, newest.number)
    rules.entry_after(EntryState(entry.state), EntryAct.EDIT)
    if state is RevisionState.DRAFT:
        return newest
    revision = Revision(
        entry=entry,
        number=newest.number + 1,
        state=RevisionState.DRAFT.value,
        version=newest.version,
        fields=newest.fields,
        created_by=actor.urn,
        created_at=timezone.now(),
        # What a returned revision says was written by its authors and reviewed by nobody.
        authors=newest.authors if state is RevisionState.RETURNED else [],
    )
    write_metadata(revision, replace(metadata_of(newest), change_note=""))
    return revision


def _version_of(entry: Entry, version: UUID) -> Version:
    found = Version.objects.filter(pk=version, entry=entry).first()
    if found is None:
        raise no.VERSION_OF_ANOTHER()
    return found
