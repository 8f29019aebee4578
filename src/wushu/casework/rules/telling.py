"""What a due day brings with it, and for whom a line of the timeline is news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from wushu.casework.rules.cases import is_expert
from wushu.casework.rules.work_calendar import day_of, days_from
from wushu.casework.types import (
    NODE_SEAT,
    Happened,
    HappenedKind,
    Regulation,
    SeatOf,
    WorkCalendar,
)
from wushu.kernel.errors import Said


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that is told on a day, unless somebody acts before."""

    on: date
    kind: HappenedKind
    seat: str


def tellings(
    due: date, turn: str, regulation: Regulation, calendar: WorkCalendar
) -> tuple[Telling, ...]:
    """What a due day brings with it, in its order: a reminder, that it has passed, and who is told above.

    Nobody is told above whoever filed: nobody decides while it is their turn.
    """
    late = due + timedelta(days=1)
    near = _working_days_before(calendar, due, regulation.reminder.before)
    found = [
        Telling(near, HappenedKind.WARNED, turn),
        Telling(late, HappenedKind.OVERDUE, turn),
    ]
    of = {one.id: one.of for one in regulation.seats}
    if of.get(turn, SeatOf.FILER) is SeatOf.FILER:
        return tuple(found)
    for one in regulation.escalation:
        if of[one.seat] is SeatOf.BODY and of[turn] is not SeatOf.BODY:
            continue
        day = max(late, _working_day_after(calendar, due, one.after))
        found.append(Telling(day, HappenedKind.ESCALATED, one.seat))
    return tuple(found)


def about_day(clock: str, due: date) -> str:
    """What such a line says beside its kind: of which limit and day it is."""
    return f"{clock} {due.isoformat()}"


def not_told(
    all_of_it: Iterable[Telling], history: Iterable[Happened], about: str
) -> tuple[Telling, ...]:
    """What of it the timeline does not say yet of this limit and day (``about_day``).

    That a day has passed is said once, whoever's turn it becomes; and then nobody is reminded of it.
    """
    said = {(one.kind, one.seat) for one in history if one.text == about}
    late = any(kind is HappenedKind.OVERDUE for kind, _seat in said)
    before_it = {HappenedKind.WARNED, HappenedKind.OVERDUE} if late else set()
    return tuple(
        one for one in all_of_it if one.kind not in before_it and (one.kind, one.seat) not in said
    )


def told_now(left: Iterable[Telling], today: date) -> tuple[Telling, ...]:
    """What is told today; where the day has passed nobody is reminded of it."""
    due = [one for one in left if one.on <= today]
    late = any(one.kind is HappenedKind.OVERDUE for one in due)
    return tuple(one for one in due if not (late and one.kind is HappenedKind.WARNED))


@dataclass(frozen=True, slots=True)
class Lapse:
    """A step that the node takes once the time of who filed is over."""

    procedure: str
    step: str
    states: tuple[str, ...]
    """Where it is their turn."""


def lapses(regulation: Regulation) -> Iterator[Lapse]:
    """The steps of the node that do nothing outside the case: a limit that has passed is all they wait for."""
    filers = {one.id for one in regulation.seats if one.of is SeatOf.FILER}
    for procedure in regulation.procedures:
        for step in procedure.steps:
            states = tuple(one for one in step.at if procedure.state(one).turn in filers)
            if NODE_SEAT in step.seats and not step.effect and states:
                yield Lapse(procedure.id, step.id, states)


def _working_day_after(calendar: WorkCalendar, day: date, number: int) -> date:
    """The so-manieth working day after another; the day itself for 0."""
    if number == 0:
        return day
    working = (one.date for one in days_from(calendar, day) if one.works and one.date > day)
    return next(islice(working, number - 1, None))


def _working_days_before(calendar: WorkCalendar, day: date, number: int) -> date:
    while number > 0:
        day -= timedelta(days=1)
        number -= day_of(calendar, day).works
    return day


WORDS: Mapping[HappenedKind, Said] = {
    HappenedKind.MESSAGE: Said("发来消息", "wrote"),
    HappenedKind.NOTE: Said("内部备注", "noted among officials"),
    HappenedKind.ASSIGNED: Said("指派经办人", "assigned"),
    HappenedKind.COUNTER: Said("窗口经办人离任，接替人", "at the counter it is now followed by"),
    HappenedKind.REFERRED: Said("征询专家意见", "asked the expert panel"),
    HappenedKind.OPINION: Said("出具意见", "gave an opinion"),
    HappenedKind.MERGED: Said("已并案，继续办理于", "merged: it goes on in"),
    HappenedKind.TAKEN_IN: Said("并入本事项：", "another case goes on in this one:"),
    HappenedKind.WARNED: Said("期限临近，已提醒", "the due day comes near; a reminder was sent"),
    HappenedKind.OVERDUE: Said("已过期限", "the due day has passed"),
    HappenedKind.ESCALATED: Said("逾期未办，已报告上一级", "nobody acted in time: told above"),
    HappenedKind.RECOUNTED: Said(
        "按新公布的工作日历重新计算，届满日有变动",
        "counted again by a newer work calendar; the due day moved",
    ),
}
"""What a line says that is no step; a step has its own words in the regulation."""


_TO_FILERS = frozenset(
    {
        HappenedKind.STEP, HappenedKind.MERGED, HappenedKind.TAKEN_IN, HappenedKind.OVERDUE,
        HappenedKind.ESCALATED, HappenedKind.RECOUNTED,
    }
)  # fmt: skip
_TO_WHOSE_TURN = frozenset(
    {
        HappenedKind.STEP, HappenedKind.TAKEN_IN, HappenedKind.OPINION, HappenedKind.NOTE,
        HappenedKind.RECOUNTED,
    }
)  # fmt: skip
TO_ITS_SEAT = frozenset({HappenedKind.WARNED, HappenedKind.OVERDUE, HappenedKind.ESCALATED})


def seats_told(
    one: Happened, turn: str, last_official: str, regulation: Regulation
) -> Iterator[str]:
    """The seats for which a line is news; one may come twice.

    ``turn``: whose it is after the line. ``last_official``: who of the officials acted last, for the
    messages of who waits for them. That somebody is put in charge is news for that person alone.
    """
    seats = {seat.id: seat for seat in regulation.seats}
    filers = [key for key, seat in seats.items() if seat.of is SeatOf.FILER]
    if one.kind in _TO_FILERS:
        yield from filers
    if one.kind in _TO_WHOSE_TURN and turn not in {"", NODE_SEAT}:
        yield turn
    if one.kind in TO_ITS_SEAT and one.seat in seats:
        yield one.seat
    if one.kind is HappenedKind.REFERRED:
        yield from (key for key, seat in seats.items() if is_expert(seat))
    if one.kind is HappenedKind.MESSAGE:
        if one.seat not in filers:
            yield from filers
        elif turn in seats and turn not in filers:
            yield turn
        elif last_official in seats:
            yield last_official
