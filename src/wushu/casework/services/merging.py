"""Duplicates go on as one case."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.casework.models import Case, CaseTurn
from wushu.casework.presenting import about_of, happened_of, sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import officials
from wushu.casework.rules.merging import merging_faults
from wushu.casework.selectors.cases import case as case_seen
from wushu.casework.selectors.regulations import content
from wushu.casework.services.cases import locked_case
from wushu.casework.services.lines import Told, line_add, require_open
from wushu.casework.types import CaseView, HappenedKind
from wushu.kernel.errors import Refusal, Said
from wushu.parties.types import Actor


def case_merge(*, actor: Actor, case: UUID, into: UUID) -> CaseView:
    """End a case that asks what another open one asks; its page says where it goes on.

    For an official of both. Refusals, of either: ``not-found``, ``own-case``, ``not-in-seat``,
    ``case-closed``, ``case-merged``; ``cases-differ``, ``case-took-effect``, ``cases-of-two``.
    """
    with transaction.atomic():
        # In the order of their keys, so that two merges never wait in a ring.
        rows = {one: locked_case(one) for one in sorted({case, into})}
        row, other = rows[case], rows[into]
        obstacle = _merge_obstacle(actor, row) or _merge_obstacle(actor, other)
        if obstacle is not None:
            raise obstacle
        require_open(row)
        require_open(other)
        regulation = content(row.version.sha256)
        sides = sides_of(row, regulation), sides_of(other, regulation)
        history = [happened_of(one) for one in row.events.order_by("number")]
        fault = merging_faults(
            (row.number, other.number), (about_of(row), about_of(other)), sides,
            regulation=regulation, procedure=regulation.procedure(row.procedure), history=history,
        )  # fmt: skip
        if fault is not None:
            raise fault
        row.merged_into = other
        row.closed_at = max(timezone.now(), history[-1].at)
        row.save(update_fields=["merged_into", "closed_at"])
        CaseTurn.objects.filter(case=row).delete()
        seat = officials.officials(regulation, rules.seats_of(actor, regulation, sides[0]))[0]
        gone = Told(HappenedKind.MERGED, "merged", other.number)
        line_add(actor, row, seat, gone, rows=[row])
        line_add(actor, other, seat, Told(HappenedKind.TAKEN_IN, "taken-in", row.number))
    return case_seen(case, actor=actor)


def _merge_obstacle(actor: Actor, row: Case) -> Refusal | None:
    regulation = content(row.version.sha256)
    sides = sides_of(row, regulation)
    what = Said("并案", "merge it")
    return officials.official_obstacle(actor, what, regulation=regulation, sides=sides)
