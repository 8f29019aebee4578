"""Saying publicly what cannot be proved any more: lost rows accepted, salts destroyed."""

from __future__ import annotations

from django.db import models, transaction

from wushu.evidence import refusals
from wushu.evidence.auditing.entries import SALTS_DESTROYED, Spans, salts_subject
from wushu.evidence.auditing.rows import lost_rows
from wushu.evidence.models import Node, RowSalt
from wushu.evidence.recording import record
from wushu.evidence.types import EntryNote
from wushu.kernel.errors import NOT_FOUND, NOT_PERMITTED, Said
from wushu.parties.types import NODE, Actor, Role


def losses_accept(*, actor: Actor, reason: str) -> EntryNote:
    """Accept that acts were lost with a restored backup: their rows count as they are now.

    One public act records the present state of every row whose last act was lost; after it the
    audit is content. Refused as not-found when nothing was lost.
    """
    _may(actor, Said("接受存证日志的损失", "accept a loss of the evidence log"))
    with transaction.atomic():
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
            actor=actor.urn,
            subject=f"urn:uuid:{Node.objects.get().node_uuid}",
            data={"reason": reason},
            rows=present,
            deleted=gone,
        )


def salts_destroy(*, actor: Actor, table: str, row: str, reason: str) -> EntryNote:
    """Destroy the salts of what a row said before, so that its old digests fit any row.

    For erasure the law orders: first overwrite or delete the row in a recorded act, let it be
    sequenced, then call this. The salt of the row's present content stays. Refused as salts-in-use
    when there is none to destroy.
    """
    _may(actor, Said("销毁存证日志的盐值", "destroy salts of the evidence log"))
    with transaction.atomic():
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
            actor=actor.urn,
            subject=salts_subject(table, row),
            data={"reason": reason, "entries": Spans.of(indexes).as_list()},
            rows=[],
        )


def _may(actor: Actor, what: Said) -> None:
    if actor != NODE and not actor.holds(Role.PLATFORM_OPERATOR):
        raise NOT_PERMITTED(who=actor.name, what=what)
