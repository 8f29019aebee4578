"""What a drawing and its tables say of a procedure: who has a turn, which limit runs where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wushu.casework.rules.articles import article_number
from wushu.casework.rules.clock import clock_state_after
from wushu.casework.types import (
    NODE_SEAT,
    ClockRule,
    ClockState,
    Ground,
    Procedure,
    Regulation,
    State,
    Step,
)
from wushu.kernel.errors import Said

NODE_LABEL = Said("系统", "the node itself")
PLATFORM_RULE = Said("平台规则", "platform rule")


def seat_label(regulation: Regulation, seat: str) -> Said:
    """What a seat is called; the node has one without being written down."""
    return NODE_LABEL if seat == NODE_SEAT else regulation.seat(seat).label


def listed(several: Sequence[Said]) -> Said:
    """Words one after the other; semicolons where a comma stands inside of one."""
    zh, en = [one.zh for one in several], [one.en for one in several]
    return Said(
        ("；" if any("，" in one or "、" in one for one in zh) else "、").join(zh),
        ("; " if any("," in one for one in en) else ", ").join(en),
    )


def either(several: Sequence[Said]) -> tuple[Said, ...]:
    """Words of which one suffices, each with what joins it to the others: A、B或C."""
    last = len(several) - 1
    return tuple(
        Said(
            ("或" if place and place == last else "") + one.zh + ("、" if place < last - 1 else ""),
            ("or " if place and place == last else "")
            + one.en
            + (", " if place < last - 1 else " " if place < last else ""),
        )
        for place, one in enumerate(several)
    )


def any_of(regulation: Regulation, seats: Sequence[str]) -> tuple[Said, ...]:
    """Seats of which each may do it alone."""
    return either([seat_label(regulation, one) for one in seats])


def joined(several: Sequence[Said]) -> Said:
    """Parts in one."""
    return Said("".join(one.zh for one in several), "".join(one.en for one in several))


def short_ground(ground: Ground) -> Said:
    """The article in figures, for places with little room: 第21条第(2)项."""
    if not ground.article:
        return PLATFORM_RULE
    number = article_number(ground.article)
    item = ground.article.removeprefix(str(number))
    return Said(f"第{number}条第{item}项" if item else f"第{number}条", f"art. {ground.article}")


def leaves(step: Step, state: State) -> bool:
    """Whether a step, done in that state, leads out of it."""
    return step.to is not None and step.to != state.id


def working_days(rule: ClockRule) -> Said:
    """A limit in words, with what it may be extended to."""
    plural = "" if rule.working_days == 1 else "s"
    zh, en = f"{rule.working_days} 个工作日", f"{rule.working_days} working day{plural}"
    if rule.extension_in_all is not None:
        zh += f"，可延至合计 {rule.extension_in_all} 个"
        en += f", extended {rule.extension_in_all} in all"
    return Said(zh, en)


def clocks_at(procedure: Procedure) -> Mapping[str, Mapping[str, frozenset[ClockState]]]:
    """By state and clock, how the clock can stand there, in whatever order the steps were taken."""
    found: dict[str, dict[str, set[ClockState]]] = {one.id: {} for one in procedure.states}
    for state, clocks in _standings(procedure):
        for clock, stands in clocks.items():
            found[state].setdefault(clock, set()).add(stands)
    ends = {one.id for one in procedure.states if one.end}
    return {
        state: {} if state in ends else {name: frozenset(how) for name, how in clocks.items()}
        for state, clocks in found.items()
    }


def _standings(procedure: Procedure) -> Iterator[tuple[str, Mapping[str, ClockState]]]:
    seen: set[tuple[str, frozenset[tuple[str, ClockState]]]] = set()
    waiting: list[tuple[Step, str, dict[str, ClockState]]] = [
        (step, "", {}) for step in procedure.steps if step.starts
    ]
    while waiting:
        step, before, stood = waiting.pop()
        clocks = dict(stood)
        for move in step.clocks:
            after = clock_state_after(clocks.get(move.clock), move.event)
            if after is not None:
                clocks[move.clock] = after
        state = step.to or before
        here = (state, frozenset(clocks.items()))
        if here not in seen:
            seen.add(here)
            yield state, clocks
            waiting += [(one, state, clocks) for one in procedure.steps if state in one.at]


def clocks_running(procedure: Procedure, state: str) -> tuple[ClockRule, ...]:
    """The limits that can run while a case stands there."""
    there = clocks_at(procedure)[state]
    return tuple(
        one for one in procedure.clocks if ClockState.RUNNING in there.get(one.id, frozenset())
    )


def clocks_stopped(procedure: Procedure, state: str) -> tuple[ClockRule, ...]:
    """The limits that have begun and stand still there."""
    there, still = clocks_at(procedure)[state], {ClockState.RETURNED, ClockState.PAUSED}
    return tuple(
        one
        for one in procedure.clocks
        if (how := there.get(one.id, frozenset())) & still and ClockState.RUNNING not in how
    )
