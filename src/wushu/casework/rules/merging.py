"""Which cases are duplicates that can go on as one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wushu.casework import refusals as no
from wushu.casework.rules.cases import acts
from wushu.casework.types import Happened, Procedure, Regulation, SeatOf, Sides
from wushu.kernel.errors import Refusal

About = tuple[str, str, UUID, UUID]
"""Regulation, procedure, subject and body: what duplicates have in common."""


def merging_faults(
    numbers: tuple[str, str],
    abouts: tuple[About, About],
    sides: tuple[Sides, Sides],
    *,
    regulation: Regulation,
    procedure: Procedure,
    history: Sequence[Happened],
) -> Refusal | None:
    """Why the first case cannot go on in the second, or None.

    What a case has done outside itself, only it can undo; and what its filer signs or hands in later is
    theirs alone. Refusals: ``cases-differ``, ``case-took-effect``, ``cases-of-two``.
    """
    number, into = numbers
    if number == into or abouts[0] != abouts[1]:
        return no.CASES_DIFFER(number=number, into=into)
    if any(one.step and acts(procedure.step(one.step).effect) for one in history):
        return no.CASE_TOOK_EFFECT(number=number)
    if _filer(sides[0]) != _filer(sides[1]) and _is_personal(regulation, procedure):
        return no.CASES_OF_TWO(number=number, into=into, procedure=procedure.title)
    return None


def _filer(sides: Sides) -> UUID | None:
    return sides.filer_organisation or sides.filer_person


def _is_personal(regulation: Regulation, procedure: Procedure) -> bool:
    """Whether who filed takes a step later that does something outside the case."""
    filers = {one.id for one in regulation.seats if one.of is SeatOf.FILER}
    return any(
        one.effect and not one.starts and filers.intersection(one.seats) for one in procedure.steps
    )
