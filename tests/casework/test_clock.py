"""The statutory clock: sentences with real dates, and properties for all others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.casework import selectors
from wushu.casework.rules.clock import ZONE
from wushu.casework.rules.clock import clock as count
from wushu.casework.rules.work_calendar import calendar_of, day_of
from wushu.casework.types import (
    Arrangement,
    Clock,
    ClockState,
    Event,
    EventKind,
    Limit,
    Notice,
    Supplement,
    Why,
    WorkCalendar,
)
from wushu.kernel.errors import Refusal, Said

RESTART, RESUME = Supplement.RESTART, Supplement.RESUME


def at(text: str) -> datetime:
    """A day, or a moment, of Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def happened(*pairs: tuple[str, str] | tuple[str, str, int]) -> list[Event]:
    return [Event(EventKind(one[0]), at(one[1]), *one[2:]) for one in pairs]


def clock(
    *pairs: tuple[str, str] | tuple[str, str, int],
    days: int = 10,
    supplement: Supplement = RESTART,
    today: str = "",
    known_on: str = "",
) -> Clock:
    events = happened(*pairs)
    return count(
        events, Limit(days, supplement),
        selectors.shipped_calendar(date.fromisoformat(known_on) if known_on else None),
        date.fromisoformat(today) if today else events[-1].at.astimezone(ZONE).date(),
    )  # fmt: skip


def due(*pairs: tuple[str, str] | tuple[str, str, int], **more: Any) -> str:
    return str(clock(*pairs, **more).due)


# The day of receipt, rest days, festivals


def test_the_day_of_receipt_is_not_counted():
    assert due(("started", "2026-03-02"), days=1) == "2026-03-03"


def test_what_is_filed_at_2359_counts_for_that_day():
    assert due(("started", "2026-03-02T23:59"), days=5) == "2026-03-09"
    assert due(("started", "2026-03-03T00:00"), days=5) == "2026-03-10"


def test_a_moment_in_another_zone_is_of_its_day_in_shanghai():
    events = [Event(EventKind.STARTED, datetime(2026, 3, 2, 16, 0, tzinfo=UTC))]  # 00:00 on the 3rd
    found = count(events, Limit(5), CALENDAR, date(2026, 3, 3))
    assert found.due == date(2026, 3, 10)


def test_filed_on_a_rest_day_the_next_working_day_is_day_one():
    found = clock(("started", "2026-03-07"), days=5)
    assert [one.day.date.day for one in found.lines if one.number == 1] == [9]
    assert str(found.due) == "2026-03-13"


def test_ten_working_days_across_spring_festival_2023_with_its_two_worked_weekend_days():
    # 21 to 27 January rest; 28 January (Saturday) and 29 January (Sunday) are worked.
    assert due(("started", "2023-01-16")) == "2023-02-02"


def test_ten_working_days_across_spring_festival_2024():
    # 10 to 17 February rest; Sunday 4 and Sunday 18 February are worked; the eve (9th) is a working day.
    assert due(("started", "2024-02-02")) == "2024-02-21"


def test_ten_working_days_across_spring_festival_2026():
    # 15 to 23 February rest; Saturday 14 and Saturday 28 February are worked.
    assert due(("started", "2026-02-10")) == "2026-03-02"


def test_a_due_day_on_a_make_up_saturday_is_that_saturday():
    assert due(("started", "2026-02-11"), days=3) == "2026-02-14"


def test_an_extended_spring_festival_moves_the_due_day_of_a_running_case():
    before = due(("started", "2020-01-20"), known_on="2020-01-25")
    after = due(("started", "2020-01-20"), known_on="2020-01-26")
    assert (before, after) == ("2020-02-07", "2020-02-11")


def test_a_limit_that_reaches_into_an_unpublished_year_is_provisional():
    assert clock(("started", "2026-12-28"), days=5).provisional
    assert not clock(("started", "2026-12-21"), days=5).provisional


# Left and late


def test_on_the_due_day_nothing_is_left_and_nothing_is_late():
    found = clock(("started", "2026-03-02"), days=5, today="2026-03-09")
    assert (str(found.due), found.used, found.left, found.late) == ("2026-03-09", 5, 0, 0)


def test_lateness_is_told_in_working_days():
    found = clock(("started", "2026-03-02"), days=5, today="2026-03-16")
    assert found.late == 5
    assert found.used == 5
    assert [str(one.day.date) for one in found.lines if one.why is Why.LATE][-1] == "2026-03-16"


def test_what_ended_on_the_due_day_was_kept_and_a_day_later_was_not():
    ended = [
        clock(("started", "2026-03-02"), ("finished", day), days=5, today="2026-06-01")
        for day in ("2026-03-09T23:59", "2026-03-10T00:00")
    ]
    assert [one.rounds[-1].kept for one in ended] == [True, False]
    assert [one.late for one in ended] == [0, 1]
    assert all(one.state is ClockState.FINISHED for one in ended)


# Returned for supplement, paused


RETURNED = (("started", "2026-03-02"), ("returned", "2026-03-05"), ("resubmitted", "2026-03-11"))


def test_a_resubmission_restarts_the_clock_where_the_regulation_says_so():
    found = clock(*RETURNED, supplement=RESTART)
    assert str(found.due) == "2026-03-25"
    first, second = found.rounds
    assert (str(first.began), first.due, str(first.ended)) == ("2026-03-02", None, "2026-03-05")
    assert first.kept
    assert (str(second.began), str(second.due)) == ("2026-03-11", "2026-03-25")


def test_or_lets_it_go_on_with_what_was_left():
    # 3 and 4 March were counted: eight more from 12 March.
    found = clock(*RETURNED, supplement=RESUME)
    assert str(found.due) == "2026-03-23"
    assert len(found.rounds) == 1


def test_while_returned_nobody_can_say_when_it_is_due():
    found = clock(*RETURNED[:2], today="2026-04-30")
    assert found.state is ClockState.RETURNED
    assert found.due is None
    assert (found.used, found.left) == (2, 8)
    assert {one.why for one in found.lines if one.day.date >= date(2026, 3, 5)} == {Why.STOPPED}
    assert str(found.lines[-1].day.date) == "2026-04-30"


def test_a_return_after_the_due_day_keeps_the_missed_day_on_record():
    found = clock(
        ("started", "2026-03-02"), ("returned", "2026-03-12"), ("resubmitted", "2026-03-13"), days=5
    )
    assert [(str(one.due), one.kept) for one in found.rounds] == [
        ("2026-03-09", False), ("2026-03-20", None)
    ]  # fmt: skip


def test_a_pause_stops_the_clock_on_its_day_and_the_day_of_resumption_is_not_counted():
    found = clock(("started", "2026-03-02"), ("paused", "2026-03-04"), ("resumed", "2026-03-10"))
    numbers = {str(one.day.date): one.number for one in found.lines if one.number}
    assert list(numbers)[:2] == ["2026-03-03", "2026-03-11"]
    assert str(found.due) == "2026-03-23"


def test_returned_and_resubmitted_on_one_day_begins_again_on_the_next():
    found = clock(
        ("started", "2026-03-02"), ("returned", "2026-03-04T09:00"),
        ("resubmitted", "2026-03-04T17:00"), days=5,
    )  # fmt: skip
    assert str(found.due) == "2026-03-11"
    assert len({one.day.date for one in found.lines}) == len(found.lines), "no day stands twice"


# Extended


def test_an_extension_names_the_limit_in_all_from_receipt():
    # Article 11: thirty working days at most in all, not thirty on top of five.
    found = clock(("started", "2026-03-02"), ("extended", "2026-03-06", 30), days=5)
    assert str(found.due) == due(("started", "2026-03-02"), days=30) == "2026-04-14"
    assert (found.limit, found.used) == (30, 4)


# What cannot have happened


@pytest.mark.parametrize(
    ("pairs", "number"),
    [
        ((), 1),
        ((("returned", "2026-03-02"),), 1),
        ((("started", "2026-03-02"), ("started", "2026-03-03")), 2),
        ((("started", "2026-03-02"), ("resubmitted", "2026-03-03")), 2),
        ((("started", "2026-03-02"), ("returned", "2026-03-01")), 2),
        ((("started", "2026-03-02"), ("paused", "2026-03-03"), ("returned", "2026-03-04")), 3),
        ((("started", "2026-03-02"), ("paused", "2026-03-03"), ("extended", "2026-03-04", 20)), 3),
        ((("started", "2026-03-02"), ("extended", "2026-03-03")), 2),
        ((("started", "2026-03-02"), ("extended", "2026-03-03", 10)), 2),
        ((("started", "2026-03-02"), ("paused", "2026-03-03", 20)), 2),
        ((("started", "2026-03-02"), ("finished", "2026-03-03"), ("paused", "2026-03-04")), 3),
    ],
)
def test_events_that_cannot_follow_are_refused_by_number(pairs, number):
    with pytest.raises(Refusal) as refused:
        count(happened(*pairs), Limit(10), CALENDAR, date(2026, 3, 9))
    assert refused.value.name == "clock-events"
    assert refused.value.facts["number"] == number


def test_a_time_without_a_zone_is_refused():
    without = at("2026-03-02").replace(tzinfo=None)
    with pytest.raises(Refusal, match="no zone"):
        count([Event(EventKind.STARTED, without)], Limit(10), CALENDAR, date(2026, 3, 2))


def test_a_limit_of_no_days_cannot_be_made():
    with pytest.raises(ValueError, match="0 working days"):
        Limit(0)


# For all dates

days = st.dates(date(2020, 1, 1), date(2026, 6, 30))
limits = st.integers(1, 60)
CALENDAR = selectors.shipped_calendar()


def begun(day: date) -> Event:
    return Event(EventKind.STARTED, datetime.combine(day, time(12), ZONE))


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """A start, then returns and pauses, each ended."""
    moment = datetime.combine(draw(days), time(9), ZONE)
    events = [Event(EventKind.STARTED, moment)]
    pairs = [
        (EventKind.RETURNED, EventKind.RESUBMITTED), (EventKind.PAUSED, EventKind.RESUMED)
    ]  # fmt: skip
    for stop, go in draw(st.lists(st.sampled_from(pairs), max_size=3)):
        for kind in (stop, go):
            moment += timedelta(days=draw(st.integers(0, 12)))
            events.append(Event(kind, moment))
    return events


def stopped(events: list[Event], day: date) -> bool:
    """Whether the clock stood on the day, or began on it: by looking at each day by itself."""
    if any(one.at.date() == day for one in events):
        return True
    last = [one.kind for one in events if one.at.date() < day][-1:]
    return last in ([EventKind.RETURNED], [EventKind.PAUSED])


@given(histories(), limits)
def test_between_start_and_due_day_exactly_the_limit_was_worked_and_not_stopped(events, limit):
    found = count(events, Limit(limit, RESUME), CALENDAR, date(2026, 6, 30))
    assert found.due is not None
    day, worked = events[0].at.date(), 0
    while day <= found.due:
        worked += day_of(CALENDAR, day).works and not stopped(events, day)
        day += timedelta(days=1)
    assert worked == limit
    assert day_of(CALENDAR, found.due).works
    assert not stopped(events, found.due)


@given(histories(), limits)
def test_the_explanation_has_every_day_once_and_numbers_without_a_gap(events, limit):
    found = count(events, Limit(limit, RESUME), CALENDAR, events[-1].at.date())
    dates = [one.day.date for one in found.lines]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]
    assert [one.number for one in found.lines if one.number] == list(range(1, limit + 1))


@given(histories(), limits)
def test_a_restart_is_never_due_earlier_than_a_resumption(events, limit):
    today = events[-1].at.date()
    restarted, resumed = (
        count(events, Limit(limit, one), CALENDAR, today).due for one in (RESTART, RESUME)
    )
    assert restarted is not None
    assert resumed is not None
    assert restarted >= resumed


@given(days, limits)
def test_a_longer_limit_is_due_later(day, limit):
    shorter, longer = (
        count([begun(day)], Limit(one), CALENDAR, day).due for one in (limit, limit + 1)
    )
    assert shorter is not None
    assert longer is not None
    assert shorter < longer


@given(days, limits, st.integers(0, 60))
def test_a_day_of_rest_more_never_makes_anything_due_earlier(day, limit, later):
    rest = day + timedelta(days=later)
    more = Notice(
        number="x", title="x", issuer="x", issued=date.max, year=rest.year, source="x",
        arrangements=(Arrangement(Said("假", "rest"), (rest,), ()),),
    )  # fmt: skip
    changed: WorkCalendar = calendar_of([*CALENDAR.notices, more])
    before = count([begun(day)], Limit(limit), CALENDAR, day).due
    after = count([begun(day)], Limit(limit), changed, day).due
    assert before is not None
    assert after is not None
    assert after >= before


@given(histories(), limits, days)
def test_used_and_left_make_the_limit_on_every_day(events, limit, today):
    found = count(events, Limit(limit), CALENDAR, today)
    assert 0 <= found.used <= limit
    assert found.used + found.left == limit
    assert not found.late or found.left == 0
