"""Sealing, restoring and withdrawing (opening rules art. 12): nothing is deleted."""

from __future__ import annotations

from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.catalog import refusals as no
from wushu.catalog import rules
from wushu.catalog.models import Entry
from wushu.catalog.presenting import closing_of, entry_view
from wushu.catalog.services.common import locked_entry, moment_of_change, record_act
from wushu.catalog.types import EntryAct, EntryState, EntryView
from wushu.parties.types import Actor


def entry_seal(*, actor: Actor, entry: UUID, reason: str, basis: str) -> EntryView:
    """Suspend opening at once: the content becomes unreadable and can be restored.

    For a clerk of the body and for its authority. Refusals: ``not-found``, ``not-for-closing``,
    ``closing-reason-missing``, ``act-not-possible``.
    """
    return _close(actor, entry, EntryAct.SEAL, reason, basis)


def entry_restore(
    *, actor: Actor, entry: UUID, reason: str, basis: str, case: UUID | None = None
) -> EntryView:
    """Open a sealed entry again, as it was listed.

    Only through the gate: for a person of its authority who is not of the body, did not write what
    is opened again, and is not who sealed it. Refusals: ``not-found``, ``reviewer-lacks-role``,
    ``reviewer-is-author``, ``reviewer-of-own-body``, ``reviewer-out-of-division``,
    ``restorer-sealed-it``, ``sealed-in-a-case``, ``closing-reason-missing``, ``act-not-possible``.
    ``case``: by whose step.
    """
    return _close(actor, entry, EntryAct.RESTORE, reason, basis, case)


def entry_withdraw(
    *, actor: Actor, entry: UUID, reason: str, basis: str, case: UUID | None = None
) -> EntryView:
    """Take the entry down for good; a tombstone says when, why and on what basis.

    For a clerk of the body and for its authority; a draft that was never listed leaves no public
    trace and needs no basis. ``case``: by whose step. Refusals as ``entry_seal``, and
    ``sealed-in-a-case``.
    """
    return _close(actor, entry, EntryAct.WITHDRAW, reason, basis, case)


def _close(
    actor: Actor, entry: UUID, act: EntryAct, reason: str, basis: str, case: UUID | None = None
) -> EntryView:
    reason, basis = reason.strip(), basis.strip()
    with transaction.atomic():
        row = locked_entry(entry)
        _require_closing(actor, row, act, case)
        known = row.listed_at is not None
        if not reason or (known and not basis):
            act_zh, act_en = rules.ACT_WORDS[act]
            raise no.CLOSING_REASON_MISSING(act_zh=act_zh, act_en=act_en)
        before = row.state
        row.state = rules.entry_after(EntryState(row.state), act).value
        row.closed_reason, row.closed_basis, row.closed_by = reason, basis, actor.person
        row.changed_at = moment_of_change() if known else timezone.now()
        row.save()
        rows: list[models.Model] = [row]
        verb = {EntryAct.SEAL: "sealed", EntryAct.RESTORE: "restored"}.get(act, "withdrawn")
        record_act(f"entry.{verb}", actor, row, rows=rows, before=before)
    shown = row.listed_revision if row.state == EntryState.LISTED.value else None
    return entry_view(row, shown, titled=row.listed_revision)


def _require_closing(actor: Actor, entry: Entry, act: EntryAct, case: UUID | None) -> None:
    obstacle = rules.closing_obstacle(actor, act, closing_of(entry), case)
    if obstacle is not None:
        raise obstacle
