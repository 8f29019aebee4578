"""Working days, by the notices of the State Council's General Office."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from wushu.casework import selectors
from wushu.casework.rules.work_calendar import calendar_of, day_of, notice_of
from wushu.casework.types import Day, DayKind
from wushu.kernel.errors import Refusal


def day_known(day: date, known_on: date | None = None) -> Day:
    return day_of(selectors.shipped_calendar(known_on), day)


FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)


def test_every_day_of_seven_years_is_as_an_independent_calendar_has_it():
    calendar = selectors.shipped_calendar()
    day = FIRST
    while day <= LAST:
        assert day_of(calendar, day).works == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_a_make_up_saturday_is_worked_and_says_for_which_holiday():
    found = day_known(date(2026, 2, 14))
    assert found.kind is DayKind.MAKE_UP
    assert found.works
    assert found.holiday is not None
    assert (found.holiday.zh, found.holiday.en) == ("春节", "Spring Festival")
    assert found.notice == "国办发明电〔2025〕7号"


def test_new_years_eve_of_2022_rests_by_the_notice_of_the_year_after():
    assert day_known(date(2022, 12, 31)).notice == "国办发明电〔2022〕16号"


def test_the_first_of_february_2020_was_a_working_day_until_the_notice_of_26_january():
    day = date(2020, 2, 1)
    assert day_known(day, known_on=date(2020, 1, 25)).kind is DayKind.MAKE_UP
    assert day_known(day, known_on=date(2020, 1, 26)).kind is DayKind.HOLIDAY
    assert day_known(day).notice == "国办发明电〔2020〕1号"


def test_days_of_a_year_without_a_notice_are_provisional():
    spring = date(2027, 2, 8)
    assert day_known(spring).provisional
    assert day_known(spring).kind is DayKind.WORKING
    assert day_known(date(2027, 2, 7)).kind is DayKind.WEEKEND
    assert not day_known(date(2026, 12, 31)).provisional
    assert day_known(date(2026, 5, 6), known_on=date(2025, 11, 3)).provisional


def test_the_version_tells_two_calendars_apart_and_not_two_readings_of_one():
    notices = [selectors.notice(path) for path in selectors.notice_files()]
    whole = calendar_of(notices)
    assert calendar_of(reversed(notices)).version == whole.version
    assert calendar_of(notices[1:]).version != whole.version


def test_all_notices_in_the_repository_hold():
    paths = selectors.notice_files()
    assert len(paths) >= 8
    assert list(selectors.notice_faults(paths)) == []


def test_a_file_that_is_no_toml_is_named(tmp_path: Path):
    path = tmp_path / "01.toml"
    path.write_bytes("number = 国".encode("gb18030"))
    (fault,) = selectors.notice_faults([path])
    assert fault.name == "work-calendar-faulty"
    assert str(path) in fault.sentence("en")


def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    path = next(one for one in selectors.notice_files() if "2026" in str(one))
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda d: d.pop("number"), "number"),
        (lambda d: d.update(title=" "), "title"),
        (lambda d: d.update(issued="2025-11-04"), "issued"),
        (lambda d: d.update(year="2026"), "year"),
        (lambda d: d.update(holidays=[]), "the file"),
        (lambda d: d.update(holiday=[]), "holiday"),
        (lambda d: d["holiday"][1].pop("name_en"), "holiday[2].name_en"),
        (lambda d: d["holiday"][0].update(rest=["2026-02-30"]), "holiday[1].rest[1]"),
        (lambda d: d["holiday"][0].update(rest=["2026-01-03/2026-01-01"]), "holiday[1].rest[1]"),
        (lambda d: d["holiday"][0].update(rest=["2027-01-01"]), "holiday[1].rest[1]"),
        (lambda d: d["holiday"][0].update(rest=["2026-01-01/2026-03-01"]), "holiday[1].rest[1]"),
        (lambda d: d["holiday"][0].update(rest=[20260101]), "holiday[1].rest[1]"),
        (lambda d: d["holiday"][0].update(work=["2026-01-05"]), "holiday[1].work"),
        (lambda d: d["holiday"][0].update(rest=[], work=[]), "holiday[1]"),
        (lambda d: d["holiday"][1].update(works=[]), "holiday[2]"),
        (lambda d: d["holiday"][1].update(rest=["2026-01-01"]), "holiday[2]"),
    ],
)
def test_what_is_wrong_in_a_notice_is_named_with_its_place(
    change: Callable[[dict[str, Any]], None], where: str
):
    with pytest.raises(Refusal) as refused:
        notice_of(changed(change), "01.toml")
    assert refused.value.name == "work-calendar-faulty"
    assert refused.value.facts["where"] == where
    assert "01.toml" in refused.value.sentence("zh")
