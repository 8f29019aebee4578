"""What officials work on: the clerk's drafts, the reviewer's queue."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, Q

from wushu.catalog import rules, vocabulary
from wushu.catalog.models import Entry, Revision
from wushu.catalog.presenting import closing_of, fields_of, metadata_of
from wushu.catalog.procedures import procedure_asked
from wushu.catalog.selectors.entries import in_examined_divisions, views_of, visible_entries
from wushu.catalog.types import EntryAct, EntryState, EntryView, ListingProcedure, RevisionState
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties.types import Actor, Role

DESK_LIMIT = 500
"""A desk shows no more than so many entries of one kind."""

_WITHDRAWN = EntryState.WITHDRAWN.value
_OPEN = (
    RevisionState.DRAFT.value, RevisionState.IN_REVIEW.value, RevisionState.RETURNED.value,
)  # fmt: skip


def drafts(*, actor: Actor) -> list[EntryView]:
    """Entries of the actor's bodies with work on them: a draft, in review, or returned.

    The last changed first. Empty for who works for no body.
    """
    newest = Revision.objects.filter(entry=OuterRef("pk")).order_by("-number")
    rows = (
        Entry.objects.filter(body__in=rules.bodies_read(actor))
        .exclude(state=_WITHDRAWN)
        .annotate(newest=newest.values("state")[:1])
        .filter(newest__in=_OPEN)
        .select_related("body")
        .order_by("-changed_at", "pk")[:DESK_LIMIT]
    )
    return views_of(rows, actor)


def entries_of_bodies(*, actor: Actor) -> list[EntryView]:
    """All entries of the actor's bodies, the last changed first."""
    rows = (
        Entry.objects.filter(body__in=rules.bodies_read(actor))
        .select_related("body")
        .order_by("-changed_at", "pk")[:DESK_LIMIT]
    )
    return views_of(rows, actor)


def bodies_of_entries(*, actor: Actor) -> dict[UUID, UUID]:
    """The same entries' ids, each with its body: without a view of any."""
    rows = Entry.objects.filter(body__in=rules.bodies_read(actor)).order_by("-changed_at", "pk")
    return dict(rows.values_list("pk", "body_id")[:DESK_LIMIT])


def review_queue(*, actor: Actor) -> list[EntryView]:
    """Entries with a revision in review, the longest waiting first; ``reviewer-lacks-role``.

    Of the bodies the authority covers, those the actor may not decide on among them;
    ``review_obstacle`` says why.
    """
    rules.require_examiner(actor)
    examined = in_examined_divisions(actor, "entry__body__division")
    if examined is None:
        return []
    waiting = (
        Revision.objects.filter(examined, state=RevisionState.IN_REVIEW.value)
        .exclude(entry__state=_WITHDRAWN)
        .order_by("submitted_at", "pk")
        .values_list("entry_id", flat=True)[:DESK_LIMIT]
    )
    rows = visible_entries(actor).in_bulk(list(waiting))
    return views_of([rows[entry] for entry in waiting], actor)


def review_obstacle(revision: UUID, *, actor: Actor) -> Refusal | None:
    """Why the actor may not decide on a revision, for the page to say; None when they may.

    ``not-found`` for who may not know of it.
    """
    return _obstacle(_revision(revision, actor), actor)


def listing_procedure(revision: UUID, *, actor: Actor) -> ListingProcedure | None:
    """The procedure that the rules of the place ask for before this is listed; None: the gate is enough.

    ``not-found`` for who may not know of it.
    """
    row = _revision(revision, actor)
    return procedure_asked(row.entry, row)


def review_obstacles(entries: Iterable[EntryView], *, actor: Actor) -> dict[UUID, Refusal | None]:
    """By revision the same of the review queue's entries, in one query."""
    rows = (
        Revision.objects.filter(pk__in=[one.revision.id for one in entries if one.revision])
        .select_related("entry__body")
        .only(
            "created_by", "submitted_by", "authors",
            "entry__body__division",
        )
    )  # fmt: skip
    return {row.pk: _obstacle(row, actor) for row in rows}


def work_of(actor: Actor, body: UUID) -> list[EntryView]:
    """Open work of the body that the actor began or submitted: drafts, returned, in review."""
    newest = Revision.objects.filter(entry=OuterRef("pk")).order_by("-number")
    rows = (
        Entry.objects.filter(body=body)
        .exclude(state=_WITHDRAWN)
        .annotate(
            newest=newest.values("state")[:1],
            begun=newest.values("created_by")[:1],
            handed_in=newest.values("submitted_by")[:1],
        )
        .filter(Q(begun=actor.urn) | Q(handed_in=actor.urn), newest__in=_OPEN)
        .select_related("body")
        .order_by("slug")
    )
    return views_of(rows, actor)


def reviews_of(actor: Actor) -> list[EntryView]:
    """Entries with a revision in review on which the actor may decide; empty for who reviews nothing."""
    if not actor.holds(Role.DATA_AUTHORITY):
        return []
    waiting = review_queue(actor=actor)
    obstacles = review_obstacles(waiting, actor=actor)
    return [
        one for one in waiting
        if one.revision is not None and obstacles[one.revision.id] is None
    ]  # fmt: skip


def is_at_work_on(version: UUID, *, actor: Actor) -> bool:
    """Whether the actor edits or decides on an open revision that names the version.

    The body's clerks until it is listed, the authority's people while it is in review and nothing
    keeps them from deciding. Who once worked on a listed version reads it by grant, as others do.
    """
    rows = (
        Revision.objects.filter(version=version, state__in=_OPEN)
        .exclude(entry__state=_WITHDRAWN)
        .select_related("entry__body")
    )
    return any(_works_on(row, actor) for row in rows)


def _works_on(row: Revision, actor: Actor) -> bool:
    if rules.may_edit(actor, row.entry.body_id):
        newer = row.entry.revisions.filter(number__gt=row.number)
        return row.state != RevisionState.RETURNED.value or not newer.exists()
    return row.state == RevisionState.IN_REVIEW.value and _obstacle(row, actor) is None


def _obstacle(row: Revision, actor: Actor) -> Refusal | None:
    return rules.gate_obstacle(
        actor,
        author_urns={row.created_by, row.submitted_by},
        author_persons={UUID(person) for person in row.authors},
        body=row.entry.body_id,
        body_division=row.entry.body.division,
    )


def draft_obstacle(entry: UUID, *, actor: Actor) -> Refusal | None:
    """Why the actor may not change what an entry says now; None when they may.

    ``not-found`` for who may not know of the entry.
    """
    held = visible_entries(actor).filter(pk=entry).first()
    if held is None:
        raise NOT_FOUND(what=str(entry))
    try:
        rules.require_editor(actor, held.body_id)
        newest = held.revisions.order_by("-number")[0]
        if newest.state == RevisionState.IN_REVIEW.value:
            rules.require_draft(RevisionState.IN_REVIEW, newest.number)
        rules.entry_after(EntryState(held.state), EntryAct.EDIT)
    except Refusal as refusal:
        return refusal
    return None


def closing_acts(entry: UUID, *, actor: Actor) -> dict[EntryAct, Refusal | None]:
    """Of sealing, restoring and withdrawing what the entry's state allows, each with why not.

    None: the actor may. ``not-found`` for who may not know of the entry.
    """
    row = visible_entries(actor).select_related("listed_revision").filter(pk=entry).first()
    if row is None:
        raise NOT_FOUND(what=str(entry))
    possible = (
        act for act in rules.CLOSING_ACTS if (EntryState(row.state), act) in rules.TRANSITIONS
    )
    return {act: rules.closing_obstacle(actor, act, closing_of(row)) for act in possible}


def submission_problems(revision: UUID, *, actor: Actor) -> list[Refusal]:
    """All that keeps a draft from being submitted; empty when it may be. ``not-found``."""
    row = _revision(revision, actor)
    listed = row.entry.listed_revision
    return rules.submission_problems(
        metadata_of(row),
        fields_of(row),
        codes=vocabulary.codes(),
        listed=None if listed is None else metadata_of(listed),
        has_version=row.version_id is not None,
    )


def _revision(revision: UUID, actor: Actor) -> Revision:
    row = (
        Revision.objects.filter(pk=revision)
        .select_related("entry__body", "entry__listed_revision")
        .first()
    )
    if row is None or RevisionState(row.state) not in rules.visible_states(
        rules.standing(actor, row.entry.body_id, row.entry.body.division)
    ):
        raise NOT_FOUND(what=str(revision))
    return row
