"""Who answers for an entry, which body is the source of a data item, what a table was made from."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from wushu.catalog import arranging_refusals as no
from wushu.catalog import refusals, rules
from wushu.catalog.models import Derivation, Duty, Entry, ItemSource
from wushu.catalog.services.common import changed_now, locked_entry
from wushu.catalog.types import DutyView, EntryState
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND, STALE
from wushu.kernel.identifiers import parse_division
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_DEPTH = 50
"""Steps of a chain of derivations that are looked at."""


def duty_set(*, actor: Actor, entry: UUID, unit: str, source_system: str) -> DutyView:
    """Name the unit within the body that answers for an entry, and the system its data come from.

    For the ledger that officials read. Refusals: ``not-found``, ``not-of-body``, ``text-too-long``.
    """
    unit, system = unit.strip(), source_system.strip()
    rules.require_duty(unit, system)
    with transaction.atomic():
        held = locked_entry(entry)
        rules.require_editor(actor, held.body_id)
        row = Duty.objects.filter(entry=held).first() or Duty(entry=held)
        row.unit, row.source_system = unit, system
        row.set_by, row.set_at = actor.urn, timezone.now()
        row.save()
        record(
            "catalog.entry.duty-set",
            actor=actor,
            subject=f"urn:uuid:{held.pk}",
            data={},
            rows=[row],
        )
    return DutyView(unit, system)


def item_source_decide(*, actor: Actor, item: str, body: UUID, reason: str) -> None:
    """Decide that a body is the source of a data item, within the body's division (一数一源).

    The authority's act, never for its own organisation; it follows an earlier decision. ``item`` is a
    key of ``selectors.shared_items``. Refusals: ``not-found``, ``reviewer-lacks-role``,
    ``reviewer-of-own-body``, ``reviewer-out-of-division``, ``reasons-missing``,
    ``source-collects-not``, ``stale``.
    """
    found = parties.organisation(body)
    obstacle = rules.authority_obstacle(actor, body=body, body_division=found.division)
    if obstacle is not None:
        raise obstacle
    if not reason.strip():
        raise refusals.REASONS_MISSING()
    kind, name = rules.item_parts(item)
    if not _collects(body, item):
        raise no.SOURCE_COLLECTS_NOT(body=found.name_zh, item=name[:80])
    division = parse_division(found.division).short
    with transaction.atomic():
        now = timezone.now()
        rows: list[models.Model] = []
        standing = ItemSource.objects.select_for_update().filter(
            item=name, type=kind, division=division, ended_at__isnull=True
        )
        for former in standing:
            former.ended_at = now
            former.save(update_fields=["ended_at"])
            rows.append(former)
        row = ItemSource(
            item=name, type=kind, body_id=body, division=division, reason=reason.strip(),
            decided_by=actor.urn, decided_at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:  # somebody else decided since we looked
            raise STALE(what=name) from error
        record(
            "catalog.item.source-decided",
            actor=actor,
            subject=f"urn:uuid:{body}",
            data={"item": name, "type": kind, "division": division},
            rows=[row, *rows],
        )


def derivation_add(*, actor: Actor, entry: UUID, source: UUID) -> None:
    """Name a listed dataset that this one was made from (``prov:wasDerivedFrom``).

    At once: both have passed the gate, and nothing is written that somebody would have to review.
    Refusals: ``not-found``, ``not-of-body``, ``entry-not-listed``, ``derived-from-itself``,
    ``derivation-known``.
    """
    with transaction.atomic():
        held = locked_entry(entry)
        rules.require_editor(actor, held.body_id)
        of = Entry.objects.select_related("listed_revision").filter(pk=source).first()
        if of is None or of.listed_revision is None:
            raise NOT_FOUND(what=str(source))
        if of.state != EntryState.LISTED.value:
            raise no.ENTRY_NOT_LISTED(title=of.listed_revision.title_zh)
        if _comes_from(of.pk, held.pk):
            raise no.DERIVED_FROM_ITSELF(title=held.slug, source=of.listed_revision.title_zh)
        if Derivation.objects.filter(entry=held, source=of).exists():
            raise no.DERIVATION_KNOWN(source=of.listed_revision.title_zh)
        row = Derivation(entry=held, source=of, added_by=actor.urn, added_at=timezone.now())
        row.save(force_insert=True)
        record(
            "catalog.entry.derived", actor=actor, subject=f"urn:uuid:{held.pk}",
            data={"source": f"urn:uuid:{of.pk}"}, rows=[row, *changed_now([held])],
        )  # fmt: skip


def derivation_drop(*, actor: Actor, entry: UUID, source: UUID) -> None:
    """No longer name it. Refusals: ``not-found``, ``not-of-body``."""
    with transaction.atomic():
        held = locked_entry(entry)
        rules.require_editor(actor, held.body_id)
        row = Derivation.objects.filter(entry=held, source=source).first()
        if row is None:
            raise NOT_FOUND(what=str(source))
        record(
            "catalog.entry.derivation-dropped", actor=actor, subject=f"urn:uuid:{held.pk}",
            data={"source": f"urn:uuid:{source}"}, rows=changed_now([held]), deleted=[row],
        )  # fmt: skip
        row.delete()


def _collects(body: UUID, item: str) -> bool:
    rows = Entry.objects.filter(body=body, state=EntryState.LISTED.value)
    return any(
        rules.item_of_stored(spec) == item
        for specs in rows.values_list("listed_revision__fields", flat=True).iterator()
        for spec in specs
    )


def _comes_from(entry: UUID, source: UUID) -> bool:
    """Whether the entry is the source, or was made from it over other entries."""
    seen, front = {entry}, {entry}
    for _step in range(_DEPTH):
        if source in front or not front:
            break
        above = Derivation.objects.filter(entry__in=front).values_list("source", flat=True)
        front = set(above) - seen
        seen |= front
    return source in seen
