"""Which days are working days, from the State Council's notices (国务院办公厅关于部分节假日安排的通知).

Without a notice a day of Monday to Friday is worked and a weekend is not. A notice names days of rest
and weekend days worked for them (调休); a later notice overrides an earlier one day by day, as the one
of 26 January 2020 did while cases were running. The days of a year without a notice are *provisional*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from wushu.casework.refusals import WORK_CALENDAR_FAULTY
from wushu.casework.types import Arrangement, Day, DayKind, Notice, WorkCalendar
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.errors import Refusal, Said

SATURDAY = 5
_TEXTS = ("number", "title", "issuer", "source")
_FIELDS = {*_TEXTS, "issued", "year", "holiday"}
_HOLIDAY_FIELDS = {"name", "name_en", "rest", "work"}


def day_of(calendar: WorkCalendar, day: date) -> Day:
    """What the calendar says of a day."""
    named = calendar.days.get(day)
    if named is not None:
        return named
    kind = DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING
    return Day(day, kind, provisional=day.year not in calendar.years)


def days_from(calendar: WorkCalendar, first: date) -> Iterator[Day]:
    """All days from the first on."""
    while True:
        yield day_of(calendar, first)
        first += timedelta(days=1)


def working_days_after(calendar: WorkCalendar, day: date, until: date) -> int:
    """Working days later than a day, through another."""
    following = takewhile(lambda one: one.date <= until, days_from(calendar, day))
    return sum(one.works for one in following if one.date > day)


def calendar_of(notices: Iterable[Notice], known_on: date | None = None) -> WorkCalendar:
    """The calendar that follows from the notices issued by ``known_on`` (None: all of them)."""
    known = sorted(
        (one for one in notices if known_on is None or one.issued <= known_on),
        key=lambda one: (one.issued, one.number),
    )
    days: dict[date, Day] = {}
    for notice in known:
        for one in notice.arrangements:
            named = ((DayKind.HOLIDAY, one.rest), (DayKind.MAKE_UP, one.work))
            days |= {
                day: Day(day, kind, one.name, notice.number) for kind, some in named for day in some
            }
    return WorkCalendar(
        notices=tuple(known),
        version=sha256_hex(canonical_json([_document(one) for one in known])),
        days=days,
        years=frozenset(one.year for one in known),
    )


def notice_of(document: Mapping[str, Any], file: str) -> Notice:
    """A notice as it stands in its file; refuses ``work-calendar-faulty``, naming the place."""
    fault = _Faults(file)
    fault.unknown("the file", set(document) - _FIELDS)
    texts = {name: fault.text(name, document.get(name)) for name in _TEXTS}
    issued, year = document.get("issued"), document.get("year")
    if not isinstance(issued, date) or isinstance(issued, datetime):
        raise fault("issued", Said("不是日期", "it is no date"))
    if not isinstance(year, int):
        raise fault("year", Said("不是年份", "it is no year"))
    holidays = document.get("holiday")
    if not isinstance(holidays, list) or not holidays:
        raise fault("holiday", Said("没有写节日", "there is no holiday"))
    arrangements = tuple(
        _arrangement(one, f"holiday[{number}]", year, fault)
        for number, one in enumerate(holidays, 1)
    )
    seen: set[date] = set()
    for number, one in enumerate(arrangements, 1):
        for day in (*one.rest, *one.work):
            if day in seen:
                raise fault(f"holiday[{number}]", Said(f"{day} 写了两次", f"{day} stands twice"))
            seen.add(day)
    return Notice(issued=issued, year=year, arrangements=arrangements, **texts)


def _arrangement(given: Mapping[str, Any], where: str, year: int, fault: _Faults) -> Arrangement:
    fault.unknown(where, set(given) - _HOLIDAY_FIELDS)
    name = Said(
        fault.text(f"{where}.name", given.get("name")),
        fault.text(f"{where}.name_en", given.get("name_en")),
    )
    rest = tuple(
        day
        for number, text in enumerate(given.get("rest", ()), 1)
        for day in _span(text, f"{where}.rest[{number}]", year, fault)
    )
    work = tuple(
        day
        for number, text in enumerate(given.get("work", ()), 1)
        for day in _span(text, f"{where}.work[{number}]", year, fault)
    )
    for day in work:
        if day.weekday() < SATURDAY:
            raise fault(f"{where}.work", Said(f"{day} 不是周末", f"{day} is no weekend"))
    if not rest and not work:
        raise fault(where, Said("没有写日期", "it names no day"))
    return Arrangement(name, rest, work)


def _span(text: object, where: str, year: int, fault: _Faults) -> list[date]:
    """``2026-01-01`` or ``2026-01-01/2026-01-03`` (ISO 8601), both ends included."""
    parts = text.split("/") if isinstance(text, str) else []
    try:
        first, last = (date.fromisoformat(one) for one in (parts if len(parts) > 1 else parts * 2))
    except ValueError:
        raise fault(where, Said(f"“{text}”不是日期", f"“{text}” is no day")) from None
    if last < first:
        raise fault(where, Said(f"“{text}”先后颠倒", f"“{text}” ends before it begins"))
    if (last - first).days > _LONGEST or not {first.year, last.year} & {year}:
        raise fault(
            where, Said(f"“{text}”不在 {year} 年内或太长", f"“{text}” is not of {year} or too long")
        )
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


_LONGEST = 31
"""Days: no holiday is longer; a mistyped month would be."""


class _Faults:
    """Makes refusals that name the file."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __call__(self, where: str, reason: Said) -> Refusal:
        return WORK_CALENDAR_FAULTY(file=self.file, where=where, reason=reason)

    def text(self, where: str, given: object) -> str:
        """Text that is not empty."""
        if not isinstance(given, str) or not given.strip():
            raise self(where, Said("没有写", "it is not said"))
        return given

    def unknown(self, where: str, names: set[str]) -> None:
        """Refuse fields that nobody would read."""
        if names:
            several = ", ".join(sorted(names))
            raise self(where, Said(f"不认识 {several}", f"unknown: {several}"))


def _document(notice: Notice) -> dict[str, Any]:
    """What of a notice decides how days count, for its hash."""
    return {
        "number": notice.number,
        "issued": notice.issued.isoformat(),
        "year": notice.year,
        "rest": sorted(day.isoformat() for one in notice.arrangements for day in one.rest),
        "work": sorted(day.isoformat() for one in notice.arrangements for day in one.work),
    }
