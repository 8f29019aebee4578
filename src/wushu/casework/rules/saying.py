"""What was answered in a field of a step, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wushu.casework.types import (
    NODE_SEAT,
    PER_ITEM,
    FieldKind,
    FormField,
    Happened,
    Procedure,
    PublicAct,
    Regulation,
    Seat,
    Step,
)
from wushu.kernel.errors import Said
from wushu.parties.types import PERSONAL_ROLES

_AGREED = Said("✓", "✓")


def answer_words(field: FormField, value: Any) -> Said:
    """An answer as it was kept, for people to read."""
    if field.kind is FieldKind.PLEDGE:
        return _AGREED
    if field.kind is FieldKind.COLUMNS:
        return Said("、".join(value), ", ".join(value))
    if field.kind in PER_ITEM:
        lines = [field.line(one) for one in value]
        return Said("；".join(one.zh for one in lines), "; ".join(one.en for one in lines))
    labels = {one.id: one.label for one in field.choices}
    if field.kind is FieldKind.CHOICE:
        return labels.get(value, Said(str(value), str(value)))
    if field.kind is FieldKind.PROVISION and isinstance(value, Mapping):
        level = labels.get(value["level"], Said("", ""))
        named = f"{value['title']} {value['article']}"
        return Said(f"{level.zh} {named}", f"{level.en} {named}")
    return Said(str(value), str(value))


def public_act(regulation: Regulation, procedure: Procedure, happened: Happened) -> PublicAct:
    """A step as everybody may know it.

    Answers of the fields that the regulation makes public; of users the choices alone, since their own
    words may name somebody.
    """
    step, values = procedure.step(happened.step), happened.values or {}
    seat = None if happened.seat == NODE_SEAT else regulation.seat(happened.seat)
    return PublicAct(
        at=happened.at,
        done=step.done,
        seat=seat.label if seat else None,
        state=procedure.state(happened.state).label,
        answers=public_answers(step, values, seat),
    )


def public_answers(
    step: Step, values: Mapping[str, Any], seat: Seat | None
) -> tuple[tuple[Said, Said], ...]:
    """Labels and texts of what was answered in a step from a seat, as far as everybody may read it."""
    return tuple(
        (field.label, answer_words(field, values[field.id]))
        for field in step.fields
        if field.id in values and _is_public(field, seat)
    )


def public_fields(regulation: Regulation, step: Step) -> frozenset[str]:
    """Fields of a step whose answer everybody may read, at least if one of its seats gives it."""
    seats = [None if one == NODE_SEAT else regulation.seat(one) for one in step.seats]
    return frozenset(
        field.id for field in step.fields if any(_is_public(field, seat) for seat in seats)
    )


def _is_public(field: FormField, seat: Seat | None) -> bool:
    if not field.public:
        return False
    return seat is None or seat.role not in PERSONAL_ROLES or field.kind is FieldKind.CHOICE
