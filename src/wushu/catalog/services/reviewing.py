"""What the second person does: list what was submitted, or return it with reasons."""

from __future__ import annotations

from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.catalog import refusals as no
from wushu.catalog import rules
from wushu.catalog.models import Entry, Review, Revision, Version
from wushu.catalog.presenting import entry_view, review_view, sealing_of
from wushu.catalog.services.common import locked_revision, moment_of_change, record_act
from wushu.catalog.types import (
    EntryAct,
    EntryState,
    EntryView,
    ReviewDecision,
    ReviewView,
    RevisionState,
)
from wushu.parties.types import Actor


def revision_pass_gate(*, actor: Actor, revision: UUID, case: UUID | None = None) -> EntryView:
    """The gate's half of listing what was submitted (art. 16, 34); nobody lists with it alone.

    ``dataplane.services.revision_list`` calls it, and in the same transaction opens or closes the
    rows as the attribute says. Nobody else does: the public grant would stay as it was.

    The reviewer holds the authority's role over the body, belongs to another organisation, and
    neither wrote nor submitted the revision. ``case``: by whose step it is listed, which is the one
    that submitted it. Refusals: ``not-found``, ``reviewer-lacks-role``, ``reviewer-is-author``,
    ``reviewer-of-own-body``, ``reviewer-out-of-division``, ``not-in-review``,
    ``revision-in-a-case``, ``revision-not-of-the-case``, ``sealed-in-a-case``, ``act-not-possible``.
    """
    with transaction.atomic():
        entry, row = locked_revision(revision)
        _require_may_decide(actor, entry, row, case)
        sealed = rules.sealing_obstacle(EntryAct.LIST, sealing_of(entry), case)
        if sealed is not None:
            raise sealed
        after = rules.entry_after(EntryState(entry.state), EntryAct.LIST)
        now = moment_of_change()
        review = _review(row, actor, ReviewDecision.LIST, "")
        rows: list[models.Model] = [entry, row, review]
        if entry.listed_revision is not None:
            rows.append(_superseded(entry.listed_revision))
        row.state = RevisionState.LISTED.value
        row.listed_by, row.listed_at = actor.urn, now
        row.save()
        entry.state = after.value
        entry.listed_revision = row
        entry.listed_at = entry.listed_at or now
        entry.changed_at = now
        entry.closed_reason = entry.closed_basis = ""
        entry.save()
        record_act(
            "revision.listed", actor, entry, row, rows=rows,
            submitted_by=row.submitted_by, **_opened(row.version),
        )  # fmt: skip
    return entry_view(entry, row, reviews=[review])


def revision_return(
    *, actor: Actor, revision: UUID, reasons: str, case: UUID | None = None
) -> ReviewView:
    """Return what was submitted, with reasons; the body answers with a new revision.

    Refusals: those of ``revision_pass_gate`` and ``reasons-missing``.
    """
    if not reasons.strip():
        raise no.REASONS_MISSING()
    with transaction.atomic():
        entry, row = locked_revision(revision)
        _require_may_decide(actor, entry, row, case)
        after = rules.entry_after(EntryState(entry.state), EntryAct.RETURN)
        review = _review(row, actor, ReviewDecision.RETURN, reasons.strip())
        row.state = RevisionState.RETURNED.value
        row.save()
        entry.state = after.value
        entry.save(update_fields=["state"])
        record_act(
            "revision.returned", actor, entry, row, rows=[entry, row, review],
            submitted_by=row.submitted_by,
        )  # fmt: skip
    return review_view(review)


def _require_may_decide(actor: Actor, entry: Entry, row: Revision, case: UUID | None) -> None:
    """The second person, on what is in review, where it was submitted."""
    obstacle = rules.gate_obstacle(
        actor,
        author_urns={row.created_by, row.submitted_by},
        author_persons={UUID(person) for person in row.authors},
        body=entry.body_id,
        body_division=entry.body.division,
    )
    if obstacle is not None:
        raise obstacle
    rules.require_in_review(RevisionState(row.state), row.number)
    elsewhere = rules.case_obstacle(row.case, case, row.number)
    if elsewhere is not None:
        raise elsewhere


def _review(row: Revision, actor: Actor, decision: ReviewDecision, reasons: str) -> Review:
    return Review.objects.create(
        revision=row,
        decision=decision.value,
        reasons=reasons,
        reviewer=actor.urn,
        reviewer_name=actor.name,
        at=timezone.now(),
    )


def _superseded(former: Revision) -> Revision:
    former.state = RevisionState.SUPERSEDED.value
    former.save(update_fields=["state"])
    return former


def _opened(version: Version | None) -> dict[str, str | int]:
    """What the log says of the data that a listing opens: everybody may now check them."""
    if version is None:
        return {}
    return {
        "version": str(version.pk),
        "version_number": version.number,
        "manifest_sha256": version.manifest_sha256,
        "source_sha256": version.source_sha256,
    }
