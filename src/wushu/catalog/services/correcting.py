"""Correcting a wrong act visibly: the old act stays, a new one points to it and says why."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.catalog import refusals as no
from wushu.catalog import rules
from wushu.catalog.models import Correction, Entry
from wushu.catalog.presenting import correction_view
from wushu.catalog.selectors.correcting import act_at, second_person_obstacle
from wushu.catalog.services.common import locked_entry
from wushu.catalog.types import CorrectionView
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND
from wushu.parties.types import Actor


def act_correct(
    *, actor: Actor, entry: UUID, index: int, reason: str, right: str = ""
) -> CorrectionView:
    """Say that the act at ``index`` of the log was wrong, why, and what would have been right.

    Nothing is edited: what the act did is undone, where it must be, by an act of its own (sealing, a
    new revision). In force at once, or, for an act that took two people, once a second person of the
    authority confirms it. For who could have done the act. Refusals: ``not-found``,
    ``act-not-correctable``, ``not-for-correcting``, ``correction-reason-missing``.
    """
    if not reason.strip():
        raise no.CORRECTION_REASON_MISSING()
    with transaction.atomic():
        held = locked_entry(entry)
        act = act_at(held, index)
        _require_correcting(actor, held, act)
        two = act in rules.BY_TWO
        now = timezone.now()
        row = Correction(
            entry=held,
            index=index,
            act=act,
            reason=reason.strip(),
            right=right.strip(),
            proposed_by=actor.urn,
            proposed_person=actor.person,
            proposed_at=now,
            needs_second=two,
        )
        if not two:
            row.confirmed_by, row.confirmed_person, row.confirmed_at = actor.urn, actor.person, now
        row.save(force_insert=True)
        _record("correction.proposed" if two else "act.corrected", actor, row)
    return correction_view(row)


def correction_confirm(*, actor: Actor, correction: UUID) -> CorrectionView:
    """Put a proposed correction in force, as the second person.

    Refusals: ``not-found``, ``correction-done``, ``correction-needs-another``,
    ``reviewer-lacks-role``, ``reviewer-of-own-body``, ``reviewer-out-of-division``.
    """
    with transaction.atomic():
        row = (
            Correction.objects.select_for_update(of=("self",))
            .select_related("entry__body")
            .filter(pk=correction)
            .first()
        )
        if row is None:
            raise NOT_FOUND(what=str(correction))
        _require_confirming(actor, row)
        if row.confirmed_at is not None:
            raise no.CORRECTION_DONE()
        row.confirmed_by, row.confirmed_person = actor.urn, actor.person
        row.confirmed_at = timezone.now()
        row.save()
        _record("act.corrected", actor, row)
    return correction_view(row)


def _require_correcting(actor: Actor, entry: Entry, act: str) -> None:
    obstacle = rules.correcting_obstacle(
        actor, act, body=entry.body_id, division=entry.body.division
    )
    if obstacle is not None:
        raise obstacle


def _require_confirming(actor: Actor, row: Correction) -> None:
    obstacle = second_person_obstacle(row, actor)
    if obstacle is not None:
        raise obstacle


def _record(verb: str, actor: Actor, row: Correction) -> None:
    """The words stay in the table: the log has their digest and where the wrong act stands."""
    record(
        f"catalog.{verb}",
        actor=actor,
        subject=f"urn:uuid:{row.entry_id}",
        data={
            "correction": f"urn:uuid:{row.pk}",
            "corrects": {"index": row.index, "act": row.act},
            "proposed_by": row.proposed_by,
        },
        rows=[row],
    )
