"""What an article governs, as sentences; and every way in which one parameter of a file can be changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any

from wushu.casework.types import (
    Choice,
    ClockMove,
    ClockRule,
    EventKind,
    FormField,
    Ground,
    PaperRule,
    Procedure,
    Regulation,
    State,
    Step,
)
from wushu.kernel.errors import Said

NOT_PARAMETERS = {
    "id", "code", "label", "title", "summary", "done", "help",  # names and words
    "reassesses",  # has a ground of its own
}  # fmt: skip
MORE = {
    "clocks": ClockMove("something-else", EventKind.STARTED),
    "choices": Choice("something-else", Said("别的", "other")),
}
"""What can be added where names alone do not do."""
HOLDING = {(Step, "fields"), (Step, "papers"), (Procedure, "clocks")}
"""Parts that have grounds of their own."""
GROUNDS = {"ground": "", "extension_ground": "extension_in_all", "supplement_ground": "supplement"}
"""Fields that hold a ground, and the one parameter that stands on it; "": all others do."""


def said(regulation: Regulation) -> Mapping[str, list[str]]:
    """What stands on each article or item (``21(2)``), a sentence each."""
    found: dict[str, list[str]] = defaultdict(list)
    for ground, sentence in _sentences(regulation):
        if ground is not None and ground.article:
            found[ground.article].append(sentence)
    return found


def _sentences(regulation: Regulation) -> Iterator[tuple[Ground | None, str]]:
    for seat in regulation.seats:
        within = f", within the {seat.within}" if seat.within else ""
        yield seat.ground, f"seat {seat.id}: {seat.role.value} of the {seat.of.value}{within}"
    reminded = regulation.reminder
    yield reminded.ground, f"a reminder {reminded.before} working days before the due day"
    for told in regulation.escalation:
        yield told.ground, f"{told.seat} told {told.after} working days after the due day"
    for domain in regulation.priorities:
        yield domain.ground, f"priority {domain.id}: {', '.join(domain.themes)}"
    for procedure in regulation.procedures:
        yield (
            procedure.ground,
            f"{procedure.id}: about a {procedure.subject.value}, "
            f"{'public' if procedure.public else 'not public'}",
        )
        for clock in procedure.clocks:
            yield from _of_clock(procedure, clock)
        for state in procedure.states:
            yield state.ground, f"{procedure.id}: {_of_state(state)}"
        for step in procedure.steps:
            yield step.ground, f"{procedure.id}.{step.id}: {_of_step(step)}"
            yield from _asked(f"{procedure.id}.{step.id}", step)


def _of_clock(procedure: Procedure, clock: ClockRule) -> Iterator[tuple[Ground | None, str]]:
    name = f"{procedure.id}: {clock.id}"
    yield clock.ground, f"{name} within {clock.working_days} working days"
    yield clock.extension_ground, f"{name} extended to {clock.extension_in_all} at most in all"
    yield clock.supplement_ground, f"{name}: a supplement makes it {clock.supplement.value}"


def _of_state(state: State) -> str:
    turn = f"turn of {state.turn}" if state.turn else "nobody's turn"
    return f"at {state.id} {'it ends' if state.end else turn}{' ' + turn if state.end and state.turn else ''}"


def _of_step(step: Step) -> str:
    way = f"{', '.join(step.at)} -> {step.to or 'the same'}"
    parts = [
        ", ".join(step.seats),
        f"begins at {step.to}{', '.join(step.at)}" if step.starts else way,
    ]
    parts += ["once"] if step.once else []
    parts += [f"somebody else than did {', '.join(step.unlike)}"] if step.unlike else []
    parts += [f"{move.clock} {move.event.value}" for move in step.clocks]
    parts += [f"does {step.effect}"] if step.effect else []
    parts += [f"stands on {step.publishes}"] if step.publishes else []
    parts += [f"takes down {step.takes_down}"] if step.takes_down else []
    return "; ".join(parts)


def _asked(name: str, step: Step) -> Iterator[tuple[Ground, str]]:
    asked: dict[Ground, list[str]] = defaultdict(list)
    for one in (*step.fields, *step.papers):
        asked[one.ground].append(_of_field(one) if isinstance(one, FormField) else _of_paper(one))
    for ground, several in asked.items():
        yield ground, f"{name} asks {'; '.join(several)}"


def _of_field(field: FormField) -> str:
    choices = "|".join(
        " after ".join(filter(None, (one.id, "/".join(one.after)))) for one in field.choices
    )
    parts = [field.id, field.kind.value, choices, "" if field.required else "optional"]
    return " ".join(one for one in [*parts, "public" if field.public else ""] if one)


def _of_paper(paper: PaperRule) -> str:
    return f"paper {paper.id}{'' if paper.required else ' optional'}"


# Changes


@dataclass(frozen=True, slots=True)
class Change:
    """A regulation with one parameter changed that stands on an article."""

    where: str
    article: str
    regulation: Regulation


def changes(regulation: Regulation) -> Iterator[Change]:
    """Each parameter that stands on an article, changed in each way its type allows."""
    for where, article, changed in _changed(regulation, ""):
        yield Change(where, article, changed)


def _changed(thing: Any, where: str) -> Iterator[tuple[str, str, Any]]:
    """Everything below a thing, changed one at a time, with the thing around it."""
    grounds = {name: getattr(thing, name, None) for name in GROUNDS}
    special = {parameter: name for name, parameter in GROUNDS.items() if parameter}
    for one in fields(thing):
        value, place = getattr(thing, one.name), f"{where}.{one.name}".lstrip(".")
        if isinstance(value, tuple) and value and hasattr(value[0], "ground"):
            yield from _changed_within(thing, one.name, value, place)
            continue
        if hasattr(value, "ground"):
            for below, article, changed in _changed(value, place):
                yield below, article, replace(thing, **{one.name: changed})
            continue
        ground = grounds[special.get(one.name, "ground")]
        apart = one.name in NOT_PARAMETERS or one.name in GROUNDS
        apart = apart or (type(thing), one.name) in HOLDING
        if apart or ground is None or not ground.article:
            continue
        for other in _others(value, MORE.get(one.name, "something-else")):
            yield place, ground.article, replace(thing, **{one.name: other})


def _changed_within(
    thing: Any, name: str, several: tuple[Any, ...], place: str
) -> Iterator[tuple[str, str, Any]]:
    for number, one in enumerate(several):
        before, behind = several[:number], several[number + 1 :]
        here = f"{place}[{one.id}]" if hasattr(one, "id") else f"{place}[{number}]"
        if one.ground.article:
            yield here, one.ground.article, replace(thing, **{name: (*before, *behind)})
        for where, article, changed in _changed(one, here):
            yield where, article, replace(thing, **{name: (*before, changed, *behind)})


def _others(value: Any, more: Any) -> Iterator[Any]:
    """Other values of the same type; ``more`` is something to add to several."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, Enum):
        yield next(one for one in type(value) if one is not value)
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, str) or value is None:
        yield "something-else"
    elif isinstance(value, tuple):
        yield from (value[:number] + value[number + 1 :] for number in range(len(value)))
        yield (*value, more)
    else:
        raise TypeError(f"no other value is known of {value!r}")
