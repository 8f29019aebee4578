"""When a case is answered, and whether that was in time. Pure functions of history and calendar.

The answer is the first step of somebody who did not file that ends a time limit and begins none of
theirs, or that ends the case: 《苏州市公共数据开放实施细则》第二十一条 answers with an agreement or a refusal, and the use of
the data that follows may take years. What the filer withdraws, and what lapses, is not answered. Limits that
run while it is the filer's turn are their own: they neither go on after an answer nor make it late.
Procedures without a limit are left out: in some only a refusal could be told from what goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import accumulate

from wushu.casework.rules import cases as rules
from wushu.casework.rules.clock import clock, local_day
from wushu.casework.rules.work_calendar import working_days_after
from wushu.casework.types import (
    NODE_SEAT,
    Answer,
    EventKind,
    Happened,
    HappenedKind,
    Pace,
    Procedure,
    Regulation,
    SeatOf,
    Step,
    WorkCalendar,
)


def answering_steps(regulation: Regulation, procedure: str) -> frozenset[str]:
    """The steps of a procedure that answer who filed; none where no limit is set."""
    of = regulation.procedure(procedure)
    if not of.clocks:
        return frozenset()
    filers = _filers(regulation)
    own = [one for one in of.steps if (filers | {NODE_SEAT}) & set(one.seats)]
    withdrawn = {one.to for one in own}
    others = [one for one in of.steps if one not in own]
    waits = _waits(of, filers)
    return frozenset(one.id for one in others if _answers(of, one, withdrawn, waits))


def _filers(regulation: Regulation) -> frozenset[str]:
    return frozenset(one.id for one in regulation.seats if one.of is SeatOf.FILER)


def _waits(procedure: Procedure, filers: Set[str]) -> frozenset[str]:
    """The filer's own limits: they begin with a step after which it is their turn."""
    return frozenset(
        move.clock
        for step in procedure.steps
        if step.to is not None and procedure.state(step.to).turn in filers
        for move in step.clocks
        if move.event is EventKind.STARTED
    )


def _answers(procedure: Procedure, step: Step, withdrawn: Set[str | None], waits: Set[str]) -> bool:
    """``withdrawn``: where the filer's own steps lead; to end there is to lapse. ``waits``: their own limits."""
    begun = {one.clock for one in step.clocks if one.event is EventKind.STARTED}
    if any(one.event is EventKind.FINISHED for one in step.clocks):
        return begun <= waits
    return step.to is not None and procedure.state(step.to).end and step.to not in withdrawn


def answer_of(
    regulation: Regulation, procedure: str, history: Sequence[Happened], calendar: WorkCalendar
) -> Answer | None:
    """The first answer in a case's history, or None."""
    steps = answering_steps(regulation, procedure)
    taken = [one for one in history if one.kind is HappenedKind.STEP]
    place = next((number for number, one in enumerate(taken) if one.step in steps), None)
    if place is None:
        return None
    received, answered = local_day(taken[0].at), local_day(taken[place].at)
    of = regulation.procedure(procedure)
    waits = _waits(of, _filers(regulation))
    counted = [
        clock(run, rules.limit_of(of.clock(name)), calendar, answered)
        for name, runs in rules.clock_runs(of, taken[: place + 1]).items()
        if name not in waits
        for run in runs
    ]
    late = any(one.late or any(part.kept is False for part in one.rounds) for one in counted)
    return Answer(
        received=received,
        answered=answered,
        working_days=working_days_after(calendar, received, answered),
        in_time=not late,
    )


def pace(counted: Iterable[tuple[int, bool, int]]) -> Pace | None:
    """The figures of many answers, given as working days, whether in time, and of how many cases."""
    several = sorted(counted, key=lambda one: one[0])
    total = sum(many for _, _, many in several)
    if not total:
        return None
    ranks = list(accumulate(many for _, _, many in several))

    def at(rank: int) -> int:
        return next(days for (days, _, _), upto in zip(several, ranks, strict=True) if rank < upto)

    return Pace(
        answered=total,
        median=(at((total - 1) // 2) + at(total // 2)) / 2,
        in_time=sum(many for _, kept, many in several if kept),
        late=sum(many for _, kept, many in several if not kept),
    )
