"""Saying publicly what cannot be proved any more: lost rows accepted, salts destroyed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models, transaction

from wushu.evidence import refusals
from wushu.evidence.auditing.entries import LOSSES_ACCEPTED, SALTS_DESTROYED, salts_subject
from wushu.evidence.auditing.rows import lost_salts, recorded_models
from wushu.evidence.models import Node, RowSalt
from wushu.evidence.recording import record
from wushu.evidence.types import EntryNote
from wushu.kernel.errors import NOT_FOUND, NOT_PERMITTED
from wushu.parties.types import NODE, Actor, Role


def losses_accept(*, actor: Actor, reason: str) -> EntryNote:
    """Accept that acts were lost with a restored backup: the rows as they are now count.

    One public act lists the entries and records the present state of every row they wrote; after
    it the audit is content. Refused as not-found when nothing was lost.
    """
    _may(actor, "accept a loss of the evidence log")
    with transaction.atomic():
        lost = list(lost_salts())
        if not lost:
            raise NOT_FOUND(what="—")
        tables = {model._meta.db_table: model for model in recorded_models()}
        present: list[models.Model] = []
        gone: list[models.Model] = []
        for table, keys in _by_table((salt.table, salt.key) for salt in lost if salt.last).items():
            model = tables[table]
            found = {str(row.pk): row for row in model._base_manager.filter(pk__in=keys)}
            present += found.values()
            gone += [model(pk=_key(model, key)) for key in keys if key not in found]
        node = Node.objects.get()
        return record(
            LOSSES_ACCEPTED,
            actor=actor.urn,
            subject=f"urn:uuid:{node.node_uuid}",
            data={"reason": reason, "entries": ranges(salt.index for salt in lost)},
            rows=present,
            deleted=gone,
        )


def salts_destroy(*, actor: Actor, table: str, row: str, reason: str) -> EntryNote:
    """Destroy the salts of what a row said before, so that its old digests fit any row.

    For erasure the law orders: first overwrite or delete the row in a recorded act, let it be
    sequenced, then call this. The salt of the row's present content stays. Refused as salts-in-use
    when there is none to destroy.
    """
    _may(actor, "destroy salts of the evidence log")
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
            data={"reason": reason, "entries": ranges(indexes)},
            rows=[],
        )


def ranges(indexes: Iterable[int]) -> list[list[int]]:
    """Numbers as ``[[first, last], ...]``."""
    found: list[list[int]] = []
    for index in sorted(set(indexes)):
        if found and found[-1][1] == index - 1:
            found[-1][1] = index
        else:
            found.append([index, index])
    return found


def _may(actor: Actor, what: str) -> None:
    if actor != NODE and not actor.holds(Role.PLATFORM_OPERATOR):
        raise NOT_PERMITTED(who=actor.name, what=what)


def _by_table(rows: Iterable[tuple[str, str]]) -> dict[str, Sequence[str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for table, key in rows:
        found[table][key] = None
    return {table: list(keys) for table, keys in found.items()}


def _key(model: type[models.Model], key: str) -> object:
    field = model._meta.pk
    assert field is not None
    return field.to_python(key)
