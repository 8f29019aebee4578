"""The work calendar, and clocks counted by it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import connection

from wushu.casework.files import REGULATIONS
from wushu.casework.models import CalendarNotice
from wushu.casework.refusals import WORK_CALENDAR_FAULTY
from wushu.casework.rules import clock as clocks
from wushu.casework.rules import work_calendar as calendars
from wushu.casework.types import Clock, Event, Limit, Notice, WorkCalendar
from wushu.kernel.errors import Refusal, Said


def notice(path: Path) -> Notice:
    """The notice of a file; refuses ``work-calendar-faulty``."""
    return notice_read(notice_text(path), str(path))


def notice_text(path: Path) -> str:
    """What stands in a file; refuses ``work-calendar-faulty``."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(str(path), error) from error


def notice_read(text: str, file: str) -> Notice:
    """The notice that a file holds; refuses ``work-calendar-faulty``."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(file, error) from error
    return calendars.notice_of(document, file)


def _unreadable(file: str, error: Exception) -> Refusal:
    reason = Said(f"读不出（{error}）", f"it cannot be read ({error})")
    return WORK_CALENDAR_FAULTY(file=file, where="TOML", reason=reason)


def notice_files(folder: Path = REGULATIONS) -> list[Path]:
    """Files of all notices, in order of year and number."""
    return sorted(folder.glob("cn-work-calendar-*/*.toml"))


def notice_faults(paths: Iterable[Path]) -> Iterator[Refusal]:
    """What is wrong in notices, one refusal a file."""
    for path in paths:
        try:
            notice(path)
        except Refusal as refusal:
            yield refusal


def work_calendar(known_on: date | None = None) -> WorkCalendar:
    """The work calendar as it was known on a day (None: with every notice here).

    Of the notices that come with the program and those published since. Of one number the text
    published last counts: so a mistyped notice is corrected, and both texts stay.
    """
    published = CalendarNotice.objects.order_by("published_at", "id")
    return _calendar(tuple(published.values_list("document", flat=True)), known_on)


def keeps_notices() -> bool:
    """Whether there is a node here that could have published some."""
    return CalendarNotice._meta.db_table in connection.introspection.table_names()


def shipped_calendar(known_on: date | None = None) -> WorkCalendar:
    """The same of what comes with the program alone, where there is no node yet."""
    return _calendar((), known_on)


@lru_cache(maxsize=16)
def _calendar(published: tuple[str, ...], known_on: date | None) -> WorkCalendar:
    notices = (*_shipped(), *(notice_read(text, CalendarNotice.__name__) for text in published))
    return calendars.calendar_of({one.number: one for one in notices}.values(), known_on)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Notice, ...]:
    return tuple(notice(path) for path in notice_files())


def clock(events: Sequence[Event], limit: Limit, *, today: date, calendar: WorkCalendar) -> Clock:
    """How a clock stands at the end of ``today`` by the calendar; refuses ``clock-events``."""
    return clocks.clock(events, limit, calendar, today)
