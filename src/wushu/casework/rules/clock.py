"""The statutory clock: a pure function of events, limit and work calendar.

Boundaries, as ``docs/decisions/0020-work-calendar-and-clock.md`` fixes them:

* The day of receipt is not counted; counting begins on the next working day (《中华人民共和国民法典》
  第二百零一条: 按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算).
* A day ends at 24:00 in Asia/Shanghai, whatever the office hours: what comes in or is answered at 23:59
  is of that day.
* On the day of a return or pause the clock no longer counts; the day of resubmission or resumption is
  again a day on which counting begins, and does not count.
* A resubmission restarts the clock or lets it resume: the regulation's parameter.
* An extension names the limit in all, counted from receipt (苏州市公共数据开放实施细则 第十一条:
  原则上最多不超过30个工作日, a total), not days on top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile

from wushu.casework.refusals import CLOCK_EVENTS
from wushu.casework.rules.work_calendar import days_from, working_days_after
from wushu.casework.types import (
    ZONE,
    Clock,
    ClockState,
    Day,
    Event,
    EventKind,
    Limit,
    Line,
    Round,
    Supplement,
    Why,
    WorkCalendar,
)
from wushu.kernel.errors import Said

_MOVES = {
    (ClockState.RUNNING, EventKind.RETURNED): ClockState.RETURNED,
    (ClockState.RETURNED, EventKind.RESUBMITTED): ClockState.RUNNING,
    (ClockState.RUNNING, EventKind.PAUSED): ClockState.PAUSED,
    (ClockState.PAUSED, EventKind.RESUMED): ClockState.RUNNING,
    (ClockState.RUNNING, EventKind.EXTENDED): ClockState.RUNNING,
    (ClockState.RUNNING, EventKind.FINISHED): ClockState.FINISHED,
    (ClockState.RETURNED, EventKind.FINISHED): ClockState.FINISHED,
    (ClockState.PAUSED, EventKind.FINISHED): ClockState.FINISHED,
}


def clock_state_after(before: ClockState | None, event: EventKind) -> ClockState | None:
    """How a clock stands after an event; None where it cannot happen. One that has ended may start anew."""
    if event is EventKind.STARTED:
        return ClockState.RUNNING if before in {None, ClockState.FINISHED} else None
    return None if before is None else _MOVES.get((before, event))


def local_day(moment: datetime) -> date:
    """The day of a moment where the office is."""
    return moment.astimezone(ZONE).date()


def clock(events: Sequence[Event], limit: Limit, calendar: WorkCalendar, today: date) -> Clock:
    """How the clock stands at the end of ``today``, and why.

    Refusal: ``clock-events`` when the events cannot have happened in this order.
    """
    state, working_days = replay(events, limit)
    ended = local_day(events[-1].at) if state is ClockState.FINISHED else None
    asked = min(today, ended) if ended else today
    walk = _Walk(working_days, calendar, asked)
    for stretch in _stretches(events, limit.supplement):
        walk.through(stretch)
    walk.close(ended)
    *_, newest = walk.rounds
    counted = [
        one.number for one in walk.lines if one.number and newest.began < one.day.date <= asked
    ]
    return Clock(
        state=state,
        limit=working_days,
        used=max(counted, default=0),
        due=newest.due,
        provisional=any(
            one.day.provisional for one in walk.lines if one.day.date <= (newest.due or asked)
        ),
        late=0 if newest.due is None else working_days_after(calendar, newest.due, asked),
        rounds=tuple(walk.rounds),
        lines=tuple(walk.lines),
        calendar=calendar.version,
    )


def replay(events: Sequence[Event], limit: Limit) -> tuple[ClockState, int]:
    """State and limit in working days after the events.

    Refusal: ``clock-events`` at the first event that cannot have happened.
    """
    state: ClockState | None = None
    working_days = limit.working_days
    before: datetime | None = None
    for number, event in enumerate(events, 1):
        reason = next(_obstacles(state, event, before, working_days), None)
        if reason is not None:
            raise CLOCK_EVENTS(
                number=number, kind=event.kind.value, at=event.at.isoformat(), reason=reason
            )
        state = ClockState.RUNNING if state is None else _MOVES[state, event.kind]
        working_days = event.working_days or working_days
        before = event.at
    if state is None:
        raise CLOCK_EVENTS(number=1, kind="-", at="-", reason=Said("没有收件", "nothing came in"))
    return state, working_days


def _obstacles(
    state: ClockState | None, event: Event, before: datetime | None, working_days: int
) -> Iterator[Said]:
    """Why an event cannot follow."""
    if event.at.tzinfo is None:
        yield Said("时间没有时区", "its time has no zone")
    elif before is not None and event.at < before:
        yield Said("早于上一个事件", "it is earlier than the one before")
    if state is None and event.kind is not EventKind.STARTED:
        yield Said("还没有收件", "nothing has come in yet")
    if state is not None and (state, event.kind) not in _MOVES:
        yield Said(f"此时的状态是 {state.value}", f"the clock is {state.value}")
    if (event.kind is EventKind.EXTENDED) != (event.working_days is not None):
        yield Said("延期须写明合计工作日", "an extension, and only it, names working days in all")
    if event.working_days is not None and event.working_days <= working_days:
        yield Said(
            f"延期后合计须多于 {working_days} 个工作日",
            f"an extension names more than {working_days} working days in all",
        )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time in which the clock ran (or stood), between two events."""

    first: date
    """The day on which it began: never counted."""
    until: date | None
    """The day that is no longer of it; None: it goes on."""
    runs: bool
    restarts: bool


def _stretches(events: Sequence[Event], supplement: Supplement) -> Iterator[_Stretch]:
    """The events as times of running and standing, in order."""
    turning = [one for one in events if one.kind not in {EventKind.EXTENDED, EventKind.FINISHED}]
    for event, following in zip(turning, [*turning[1:], None], strict=True):
        yield _Stretch(
            first=local_day(event.at),
            until=None if following is None else local_day(following.at),
            runs=event.kind not in {EventKind.RETURNED, EventKind.PAUSED},
            restarts=event.kind is EventKind.STARTED
            or (event.kind is EventKind.RESUBMITTED and supplement is Supplement.RESTART),
        )


@dataclass(slots=True)
class _Walk:
    """Goes through the days once and writes down what each was."""

    limit: int
    calendar: WorkCalendar
    asked: date
    lines: list[Line] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    number: int = 0
    due: date | None = None

    def through(self, stretch: _Stretch) -> None:
        """Write down the days of a stretch."""
        if stretch.restarts:
            if self.rounds:
                self.close(self._stopped_on)
            self.number, self.due = 0, None
            self.rounds.append(Round(stretch.first, None, None))
        if self.lines and self.lines[-1].day.date == stretch.first:
            self.lines.pop()  # of several events on a day the last says what the day was
        for day in days_from(self.calendar, stretch.first):
            if self._is_over(stretch, day.date):
                break
            self.lines.append(self._line(stretch, day))

    def close(self, ended: date | None) -> None:
        """Write the newest round as it stands."""
        self.rounds[-1] = Round(self.rounds[-1].began, self.due, ended)

    @property
    def _stopped_on(self) -> date:
        """The first day of the standing time that has just ended."""
        stopped = takewhile(lambda one: one.why is Why.STOPPED, reversed(self.lines))
        return min(one.day.date for one in stopped)

    def _is_over(self, stretch: _Stretch, day: date) -> bool:
        """A stretch without an end goes on to the day asked about; one that runs, to its due day too."""
        if stretch.until is not None:
            return day >= max(stretch.until, stretch.first + timedelta(days=1))
        return day > self.asked and (not stretch.runs or (self.due is not None and day > self.due))

    def _line(self, stretch: _Stretch, day: Day) -> Line:
        if not stretch.runs:
            return Line(day, Why.STOPPED)
        if day.date == stretch.first:
            return Line(day, Why.BEGINS)
        if not day.works:
            return Line(day, Why.REST)
        if self.due is not None:
            return Line(day, Why.LATE)
        self.number += 1
        if self.number == self.limit:
            self.due = day.date
        return Line(day, Why.COUNTED, self.number)
