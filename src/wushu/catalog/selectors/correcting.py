"""Corrections of earlier acts on an entry, as far as their reader may see them."""

from __future__ import annotations

from uuid import UUID

from wushu.catalog import refusals as no
from wushu.catalog import rules
from wushu.catalog.models import Correction, Entry
from wushu.catalog.presenting import correction_view
from wushu.catalog.selectors.entries import in_examined_divisions, visible_entries
from wushu.catalog.types import CorrectionView
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties.types import Actor


def corrections(entry: UUID, *, actor: Actor | None = None) -> list[CorrectionView]:
    """Corrections of acts on an entry, oldest first; those that wait only for body and authority.

    ``not-found`` for who may not know of the entry.
    """
    held = _visible(entry, actor)
    rows = Correction.objects.filter(entry=held)
    if not _is_inside(held, actor):
        rows = rows.filter(confirmed_at__isnull=False)
    return [correction_view(row) for row in rows]


def correction(identifier: UUID, *, actor: Actor) -> CorrectionView:
    """One correction; ``not-found``."""
    return correction_view(_row(identifier, actor))


def corrections_waiting(*, actor: Actor) -> list[CorrectionView]:
    """Corrections that wait for the actor as the second person, oldest first."""
    examined = in_examined_divisions(actor, "entry__body__division")
    if examined is None:
        return []
    rows = Correction.objects.filter(examined, confirmed_at__isnull=True)
    found = rows.select_related("entry__body")[:500]
    return [correction_view(row) for row in found if second_person_obstacle(row, actor) is None]


def correcting_obstacle(entry: UUID, index: int, *, actor: Actor) -> Refusal | None:
    """Why the actor may not correct the act at this place of the log; None when they may."""
    held = _visible(entry, actor)
    try:
        act = act_at(held, index)
    except Refusal as refusal:
        return refusal
    return rules.correcting_obstacle(actor, act, body=held.body_id, division=held.body.division)


def confirming_obstacle(identifier: UUID, *, actor: Actor) -> Refusal | None:
    """Why the actor may not confirm a correction; None when they may."""
    row = _row(identifier, actor)
    return no.CORRECTION_DONE() if row.confirmed_at else second_person_obstacle(row, actor)


def act_at(entry: Entry, index: int) -> str:
    """Name of the act on the entry at this place of the log; ``act-not-correctable``."""
    try:
        found = evidence.entry(index)
    except Refusal as refusal:
        raise no.ACT_NOT_CORRECTABLE(index=index) from refusal
    if found.subject != f"urn:uuid:{entry.pk}" or found.act not in rules.CORRECTABLE:
        raise no.ACT_NOT_CORRECTABLE(index=index)
    return found.act


def second_person_obstacle(row: Correction, actor: Actor) -> Refusal | None:
    """Why the actor is not the second person of a correction; its entry and body are loaded."""
    return rules.confirming_obstacle(
        actor,
        proposers={row.proposed_person},
        body=row.entry.body_id,
        division=row.entry.body.division,
    )


def _row(identifier: UUID, actor: Actor) -> Correction:
    row = Correction.objects.select_related("entry__body").filter(pk=identifier).first()
    if row is None:
        raise NOT_FOUND(what=str(identifier))
    held = _visible(row.entry_id, actor)
    if row.confirmed_at is None and not _is_inside(held, actor):
        raise NOT_FOUND(what=str(identifier))
    return row


def _visible(entry: UUID, actor: Actor | None) -> Entry:
    held = visible_entries(actor).select_related("body").filter(pk=entry).first()
    if held is None:
        raise NOT_FOUND(what=str(entry))
    return held


def _is_inside(entry: Entry, actor: Actor | None) -> bool:
    of = rules.standing(actor, entry.body_id, entry.body.division)
    return of is not rules.Standing.PUBLIC
