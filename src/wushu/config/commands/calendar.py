"""``wushu calendar``: working days by the State Council's notices, and how a time limit is counted."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from wushu.casework import selectors, services
from wushu.casework.types import (
    ZONE,
    Clock,
    ClockState,
    Day,
    DayKind,
    Event,
    EventKind,
    Limit,
    Line,
    Supplement,
    Why,
    WorkCalendar,
)
from wushu.config.commands.options import as_json
from wushu.config.saying import language, said
from wushu.parties.types import NODE_AT_THE_SHELL

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z"])
_WEEKDAYS = (("一", "Mon"), ("二", "Tue"), ("三", "Wed"), ("四", "Thu"), ("五", "Fri"), ("六", "Sat"), ("日", "Sun"))  # fmt: skip
_STATES = {
    ClockState.RUNNING: ("计时中", "running"),
    ClockState.RETURNED: ("已退回，待补正", "returned for supplement"),
    ClockState.PAUSED: ("已暂停", "paused"),
    ClockState.FINISHED: ("已办结", "finished"),
}
_WHY = {
    Why.BEGINS: ("收件、补正或恢复当日，不计入", "received, resubmitted or resumed: not counted"),
    Why.STOPPED: ("退回或暂停，不计时", "returned or paused: not counted"),
    Why.LATE: ("已超期", "after the due day"),
}


def _happened(
    context: click.Context, param: click.Parameter, given: tuple[str, ...]
) -> list[Event]:
    """The events written as ``KIND=WHEN``, an extension as ``extended=WHEN,DAYS``."""
    return [_event(one, context, param) for one in given]


def _event(given: str, context: click.Context, param: click.Parameter) -> Event:
    kind, equals, rest = given.partition("=")
    when, comma, days = rest.partition(",")
    kinds = [one.value for one in EventKind if one is not EventKind.STARTED]
    if not equals or kind not in kinds:
        raise click.BadParameter(f"{given!r}: write KIND=WHEN, KIND one of {', '.join(kinds)}")
    if comma and not days.isdecimal():
        raise click.BadParameter(f"{given!r}: {days!r} is no number of working days")
    at = _moment(_MOMENT.convert(when, param, context))
    return Event(EventKind(kind), at, int(days) if comma else None)


@click.group()
def calendar() -> None:
    """Working days, and time limits counted in them."""


@calendar.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Read the notices (FILES, or all that come with the program) and say what is wrong in them.

    Exit code 3 when something is.
    """
    paths = list(files) or selectors.notice_files()
    faults = list(selectors.notice_faults(paths))
    if as_json:
        problems = [fault.as_problem("en") for fault in faults]
        click.echo(json.dumps({"checked": len(paths), "faults": problems}, ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(f"{fault.sentence(language())} {fault.way_out(language())}", err=True)
        click.echo(
            said(
                f"检查了 {len(paths)} 份通知，{len(faults)} 份有问题。",
                f"Checked {len(paths)} notices, {len(faults)} with faults.",
            )
        )
    context.exit(3 if faults else 0)


@calendar.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
def publish(file: Path, *, as_json: bool) -> None:
    """Let days count by the notice in FILE, which came after this program.

    The worker counts open cases again; the timeline of each says where its due day moved.
    """
    found = services.notice_publish(
        actor=NODE_AT_THE_SHELL, text=selectors.notice_text(file), file=str(file)
    )
    if as_json:
        click.echo(json.dumps({"number": found.number, "year": found.year}, ensure_ascii=False))
        return
    click.echo(
        said(
            f"已公布 {found.number}（{found.year} 年）。在办事项由后台任务按新日历重新计算。",
            f"Published {found.number} ({found.year}). The worker counts open cases again by it.",
        )
    )


@calendar.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List the notices by which days count: those of the program, and those published since."""
    notices = _work_calendar(None).notices
    if as_json:
        found = [
            {
                "year": one.year, "number": one.number, "title": one.title,
                "issued": one.issued.isoformat(), "source": one.source,
            }
            for one in notices
        ]  # fmt: skip
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    table = _table(said("年份", "year"), said("文号", "number"), said("印发", "issued"))
    for one in notices:
        table.add_row(str(one.year), one.number, one.issued.isoformat())
    Console().print(table)


def _work_calendar(known_on: date | None) -> WorkCalendar:
    """The node's; before there is a node, that of the program."""
    has_node = Path(settings.HOME).is_dir() and selectors.keeps_notices()
    return (selectors.work_calendar if has_node else selectors.shipped_calendar)(known_on)


@calendar.command()
@click.argument("year", type=click.IntRange(1949, 9998))
@click.option("--known-on", type=_DAY, help="By the notices issued by then. Default: by all.")
@as_json
def show(year: int, known_on: datetime | None, *, as_json: bool) -> None:
    """List the days of YEAR that notices name, each with its notice."""
    work_calendar = _work_calendar(known_on.date() if known_on else None)
    days = sorted(
        (one for one in work_calendar.days.values() if one.date.year == year),
        key=lambda one: one.date,
    )
    provisional = year not in work_calendar.years
    if as_json:
        found = {
            "year": year,
            "provisional": provisional,
            "version": work_calendar.version,
            "days": [_day_facts(one) for one in days],
        }
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if provisional:
        click.echo(
            said(
                f"{year} 年的安排尚未公布：只知道周末，期限是暂定的。",
                f"No notice for {year} is out: only weekends are known, due days are provisional.",
            )
        )
    if days:
        table = _table(said("日期", "day"), said("安排", "is"), said("通知", "notice"))
        for one in days:
            table.add_row(_day(one.date), _kind(one), one.notice)
        Console().print(table)


@calendar.command()
@click.argument("received", type=_MOMENT)
@click.option(
    "--working-days",
    type=click.IntRange(1, 1000),
    required=True,
    help="The limit, as the rules say.",
)
@click.option(
    "--event", "events", multiple=True, callback=_happened, metavar="KIND=WHEN",
    help="What happened since, in order: returned, resubmitted, paused, resumed, finished (=WHEN)"
    " or extended (=WHEN,DAYS in all).",
)  # fmt: skip
@click.option(
    "--supplement", type=click.Choice([one.value for one in Supplement]),
    default=Supplement.RESTART.value, show_default=True, help="What a resubmission does to the clock.",
)  # fmt: skip
@click.option("--today", type=_DAY, help="How it stands at the end of this day. Default: today.")
@click.option("--known-on", type=_DAY, help="By the notices issued by then. Default: by all.")
@click.option("--explain", is_flag=True, help="Say of every day whether it counted, and why.")
@as_json
def due(
    *,
    received: datetime,
    working_days: int,
    events: list[Event],
    supplement: str,
    today: datetime | None,
    known_on: datetime | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Count a limit for what was RECEIVED (a day, or a moment; without a zone that of Asia/Shanghai)."""
    found = selectors.clock(
        [Event(EventKind.STARTED, _moment(received)), *events],
        Limit(working_days, Supplement(supplement)),
        today=today.date() if today else selectors.local_day(datetime.now().astimezone()),
        calendar=_work_calendar(known_on.date() if known_on else None),
    )
    if as_json:
        click.echo(json.dumps(_facts(found, explain=explain), ensure_ascii=False))
        return
    click.echo(_sentence(found))
    if explain:
        table = _table(said("日期", "day"), said("计数", "counts"), said("原因", "why"))
        for line in found.lines:
            number = "" if line.number is None else str(line.number)
            table.add_row(_day(line.day.date), number, _reason(line))
        Console().print(table)


def _moment(given: datetime) -> datetime:
    """A moment without a zone is one of the office's."""
    return given if given.tzinfo else given.replace(tzinfo=ZONE)


def _sentence(clock: Clock) -> str:
    state = said(*_STATES[clock.state])
    if clock.due is None:
        return said(
            f"{state}：{clock.limit} 个工作日已用 {clock.used}，还剩 {clock.left}；恢复计时之后才知道到期日。",
            f"{state}: {clock.used} of {clock.limit} working days used, {clock.left} left;"
            " the due day is known when it goes on.",
        )
    text = said(
        f"{state}：{_day(clock.due)} 到期，{clock.limit} 个工作日已用 {clock.used}，还剩 {clock.left}。",
        f"{state}: due on {_day(clock.due)}, {clock.used} of {clock.limit} working days used,"
        f" {clock.left} left.",
    )
    if clock.late:
        text += said(f"已超期 {clock.late} 个工作日。", f" {clock.late} working days late.")
    if clock.provisional:
        text += said(
            "其中有未公布安排的年份，到期日是暂定的。",
            " A year without a published calendar is in it: the day is provisional.",
        )
    return text


def _facts(clock: Clock, *, explain: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "state": clock.state.value,
        "due": clock.due and clock.due.isoformat(),
        "limit": clock.limit,
        "used": clock.used,
        "left": clock.left,
        "late": clock.late,
        "provisional": clock.provisional,
        "calendar": clock.calendar,
        "rounds": [
            {
                "began": one.began.isoformat(),
                "due": one.due and one.due.isoformat(),
                "ended": one.ended and one.ended.isoformat(),
                "kept": one.kept,
            }
            for one in clock.rounds
        ],
    }
    if explain:
        facts["days"] = [
            _day_facts(one.day) | {"why": one.why.value, "number": one.number}
            for one in clock.lines
        ]
    return facts


def _day_facts(day: Day) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "kind": day.kind.value,
        "holiday": day.holiday and day.holiday.zh,
        "holiday_en": day.holiday and day.holiday.en,
        "notice": day.notice,
        "provisional": day.provisional,
    }


def _table(*columns: str) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _day(day: date) -> str:
    zh, en = _WEEKDAYS[day.weekday()]
    return said(f"{day}（周{zh}）", f"{day} ({en})")


def _kind(day: Day) -> str:
    name = "" if day.holiday is None else day.holiday(language())
    words = {
        DayKind.WORKING: ("工作日", "working day"),
        DayKind.WEEKEND: ("周末", "weekend"),
        DayKind.HOLIDAY: (f"{name}放假", f"rest: {name}"),
        DayKind.MAKE_UP: (f"{name}调休上班", f"worked for {name}"),
    }
    return said(*words[day.kind])


def _reason(line: Line) -> str:
    kind = _kind(line.day)
    text = f"{kind}{said('；', '; ')}{said(*_WHY[line.why])}" if line.why in _WHY else kind
    if line.day.notice:
        text += said(f"（{line.day.notice}）", f" ({line.day.notice})")
    if line.day.provisional:
        text += said("（暂定）", " (provisional)")
    return text
