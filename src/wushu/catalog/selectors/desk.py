"""What officials work on: the clerk's drafts, the reviewer's queue."""

from __future__ import annotations

from uuid import UUID

from django.db.models import OuterRef

from wushu.catalog import rules, vocabulary
from wushu.catalog.models import Entry, Revision
from wushu.catalog.presenting import fields_of, metadata_of
from wushu.catalog.selectors.entries import views_of, visible_entries
from wushu.catalog.types import EntryState, EntryView, RevisionState
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties.types import Actor

DESK_LIMIT = 500
"""A desk shows no more than so many entries of one kind."""

_WITHDRAWN = EntryState.WITHDRAWN.value


def drafts(*, actor: Actor) -> list[EntryView]:
    """Entries of the actor's bodies with work on them: a draft, in review, or returned.

    The last changed first. Empty for who works for no body.
    """
    working = [
        RevisionState.DRAFT.value, RevisionState.IN_REVIEW.value, RevisionState.RETURNED.value,
    ]  # fmt: skip
    newest = Revision.objects.filter(entry=OuterRef("pk")).order_by("-number")
    rows = (
        Entry.objects.filter(body__in=rules.bodies_read(actor))
        .exclude(state=_WITHDRAWN)
        .annotate(newest=newest.values("state")[:1])
        .filter(newest__in=working)
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


def review_queue(*, actor: Actor) -> list[EntryView]:
    """Entries with a revision in review, the longest waiting first; ``reviewer-lacks-role``.

    Also those the actor may not decide on; ``review_obstacle`` says why.
    """
    rules.require_examiner(actor)
    waiting = (
        Revision.objects.filter(state=RevisionState.IN_REVIEW.value)
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
    row = _revision(revision, actor)
    return rules.gate_obstacle(
        actor,
        author_urns={row.created_by, row.submitted_by},
        author_persons={UUID(person) for person in row.authors},
        body=row.entry.body_id,
        body_division=row.entry.body.division,
    )


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
        rules.standing(actor, row.entry.body_id)
    ):
        raise NOT_FOUND(what=str(revision))
    return row
