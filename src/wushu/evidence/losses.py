"""Saying publicly what cannot be proved any more: lost rows accepted, salts destroyed.

The public act names the decision it rests on by its reference. The reason in words often tells of
the very person whose data were to vanish; it is kept as a row, of which the log holds a salted digest.
"""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone

from wushu.evidence import refusals
from wushu.evidence.auditing.entries import SALTS_DESTROYED, Spans, salts_subject
from wushu.evidence.auditing.rows import lost_rows
from wushu.evidence.models import Node, RowSalt, Waiver
from wushu.evidence.recording import record
from wushu.evidence.rules.decisions import EXAMPLES, is_reference
from wushu.evidence.types import EntryNote
from wushu.kernel.errors import NOT_FOUND, NOT_PERMITTED, Said
from wushu.parties.types import KEY_CANNOT_MANAGE, NODE, Actor, Role, covers


def losses_accept(*, actor: Actor, decision: str, reason: str) -> EntryNote:
    """Accept that acts were lost with a restored backup: their rows count as they are now.

    One public act records the present state of every row whose last act was lost; after it the
    audit is content. ``decision`` is public (a document number, case number or URN), ``reason`` is
    not. Refusals: not-permitted, key-cannot-manage, decision-not-named, waiver-without-reason,
    not-found when nothing was lost.
    """
    _may(actor, Said("接受存证日志的损失", "accept a loss of the evidence log"))
    with transaction.atomic():
        waiver = _waiver(decision, reason)
        present: list[models.Model] = []
        gone: list[models.Model] = []
        for lost in lost_rows():
            row = lost.model._base_manager.filter(pk=lost.key).first()
            if row is None:
                gone.append(lost.model(pk=lost.key))
            else:
                present.append(row)
        if not present and not gone:
            raise NOT_FOUND(what=Said("丢失的行", "A lost row"))
        return record(
            "evidence.losses.accepted",
            actor=actor,
            subject=f"urn:uuid:{Node.objects.get().node_uuid}",
            data={"decision": waiver.decision},
            rows=[*present, waiver],
            deleted=gone,
        )


def salts_destroy(*, actor: Actor, table: str, row: str, decision: str, reason: str) -> EntryNote:
    """Destroy the salts of what a row said before, so that its old digests fit any row.

    For erasure the law orders: first overwrite or delete the row in a recorded act, let it be
    sequenced, then call this. The salt of the row's present content stays. ``decision`` and
    ``reason`` as for `losses_accept`. Refusals: not-permitted, key-cannot-manage,
    decision-not-named, waiver-without-reason, salts-in-use when there is none to destroy.
    """
    _may(actor, Said("销毁存证日志的盐值", "destroy salts of the evidence log"))
    with transaction.atomic():
        waiver = _waiver(decision, reason)
        marks = list(
            RowSalt.objects.select_for_update()
            .filter(table=table, row=row, entry__index__isnull=False)
            .order_by("entry__index")
        )
        old = [mark for mark in marks[:-1] if mark.salt is not None]
        indexes = [mark.entry.index for mark in old if mark.entry.index is not None]
        if not indexes:
            raise refusals.SALTS_IN_USE(table=table, row=row)
        RowSalt.objects.filter(pk__in=[mark.pk for mark in old]).update(salt=None)
        return record(
            SALTS_DESTROYED,
            actor=actor,
            subject=salts_subject(table, row),
            data={"decision": waiver.decision, "entries": Spans.of(indexes).as_list()},
            rows=[waiver],
        )


def _waiver(decision: str, reason: str) -> Waiver:
    """The stored row of a decision that says what it must."""
    reference, words = decision.strip(), reason.strip()
    if not is_reference(reference):
        raise refusals.DECISION_NOT_NAMED(decision=reference[:40], examples=EXAMPLES)
    if not words:
        raise refusals.WAIVER_WITHOUT_REASON()
    return Waiver.objects.create(decision=reference, reason=words, created_at=timezone.now())


def _may(actor: Actor, what: Said) -> None:
    """The node itself, or an operator of a division that this node's lies in, at the desk."""
    if actor.scopes is not None:
        raise KEY_CANNOT_MANAGE()
    place = Node.objects.values_list("division", flat=True).first()
    if actor != NODE and not any(
        held.role is Role.PLATFORM_OPERATOR and place and covers(held.division, place)
        for held in actor.roles
    ):
        raise NOT_PERMITTED(who=actor.name, what=what)
