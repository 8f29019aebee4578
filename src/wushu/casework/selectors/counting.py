"""The work calendar, and clocks counted by it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from wushu.casework.files import REGULATIONS
from wushu.casework.refusals import WORK_CALENDAR_FAULTY
from wushu.casework.rules import clock as clocks
from wushu.casework.rules import work_calendar as calendars
from wushu.casework.types import Clock, Event, Limit, Notice, WorkCalendar
from wushu.kernel.errors import Refusal, Said


def notice(path: Path) -> Notice:
    """The notice of a file; refuses ``work-calendar-faulty``."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = Said(f"读不出（{error}）", f"it cannot be read ({error})")
        raise WORK_CALENDAR_FAULTY(file=path, where="TOML", reason=reason) from error
    return calendars.notice_of(document, str(path))


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


@lru_cache(maxsize=16)
def work_calendar(known_on: date | None = None) -> WorkCalendar:
    """The work calendar as it was known on a day (None: with every notice here)."""
    return calendars.calendar_of(_notices(), known_on)


@lru_cache(maxsize=1)
def _notices() -> tuple[Notice, ...]:
    return tuple(notice(path) for path in notice_files())


def clock(
    events: Sequence[Event], limit: Limit, *, today: date, known_on: date | None = None
) -> Clock:
    """How a clock stands at the end of ``today`` by the calendar; refuses ``clock-events``."""
    return clocks.clock(events, limit, work_calendar(known_on), today)
