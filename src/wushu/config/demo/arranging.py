"""What stands beside the demonstration's datasets: a series, groupings, a source, units, derivations.

Each step looks first whether it was done, as the loading of the datasets does; a step whose datasets are
not there (a load of some of them) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import EntryState, EntryView, GroupingKind, Words
from wushu.config.demo import region
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

SERIES = "work-calendar-years"
SERIES_WORDS = Words(
    "法定节假日安排（分年）",
    "每年一张表：国务院办公厅当年通知点名的放假、调休和周末上班日期。各年的列相同。",
    "Public holidays and make-up days by year",
    "One table a year: the days that the year's notice names as rest or work. All have the same columns.",
)
PERIODS = {str(year): f"work-calendar-{year}" for year in (2024, 2025, 2026)}
WHOLE = "work-calendar"
"""The table of all years, of which each year's is a part."""


@dataclass(frozen=True, slots=True)
class DemoGrouping:
    """A base or theme database of the invented city."""

    slug: str
    kind: GroupingKind
    words: Words
    members: tuple[str, ...]


GROUPINGS = (
    DemoGrouping(
        "geography", GroupingKind.BASE,
        Words(
            "自然资源和地理空间基础库", "行政区划、城镇和机场的代码与位置，各单位共同引用。",
            "Base database of places", "Codes and places of divisions, towns and airports.",
        ),
        ("division-codes", "cities", "airports"),
    ),
    DemoGrouping(
        "scripts", GroupingKind.THEME,
        Words(
            "语言文字主题库", "汉字的读音、规范字表和简繁对照。",
            "Theme database of language and script",
            "Readings of characters, the table of standard ones, simplified and traditional forms.",
        ),
        ("hanzi-readings", "standard-characters", "simplified-characters", "polyphone-words"),
    ),
    DemoGrouping(
        "calendar", GroupingKind.THEME,
        Words(
            "日历和节假日主题库", "工作日、节假日、农历和节气，计算期限和安排活动时使用。",
            "Theme database of the calendar", "Working days, holidays, lunar days and solar terms.",
        ),
        ("work-calendar", "lunar-calendar", "solar-terms", "holidays-hong-kong-macao"),
    ),
)  # fmt: skip
SOURCE = ("number:人口", "cities", "人口数字由统计部门采集和公布，其他单位引用（示范决定）。")
"""Data item, a dataset of the body that is its source, and why."""
DUTIES = {
    "work-calendar": ("劳动关系处（虚构）", "工作日历管理系统（虚构）"),
    "cities": ("综合统计处（虚构）", "城镇名录系统（虚构）"),
}


def arrange() -> None:
    """Bring all of it to where it is described here."""
    reviewer = parties.actor_for_username(region.REVIEWER)
    with transaction.atomic():  # whole or not at all: an interrupted load goes on
        _series(reviewer)
        for grouping in GROUPINGS:
            _grouping(grouping, reviewer)
    _source(reviewer)
    for slug, (unit, system) in DUTIES.items():
        entry = _listed(slug)
        if entry is not None and not catalog.duty_of(entry.id, actor=reviewer).unit:
            services.duty_set(actor=_clerk(entry), entry=entry.id, unit=unit, source_system=system)


def _series(reviewer: Actor) -> None:
    members = {period: _listed(slug) for period, slug in PERIODS.items()}
    whole = _listed(WHOLE)
    if None in members.values() or whole is None or _is_there(_find_series):
        return
    clerk = _clerk(whole)
    made = services.series_propose(actor=clerk, body=whole.body, words=SERIES_WORDS, slug=SERIES)
    for period, entry in members.items():
        assert entry is not None
        services.series_add(actor=clerk, series=made.id, entry=entry.id, period=period)
        services.derivation_add(actor=clerk, entry=entry.id, source=whole.id)
    services.series_list(actor=reviewer, series=made.id)


def _find_series() -> None:
    catalog.series_by_slug(SERIES, actor=parties.actor_for_username(region.REVIEWER))


def _grouping(grouping: DemoGrouping, reviewer: Actor) -> None:
    members = [_listed(slug) for slug in grouping.members]
    if None in members or _is_there(lambda: _find_grouping(grouping.slug)):
        return
    made = services.grouping_create(
        actor=reviewer, division=region.DIVISION, kind=grouping.kind, slug=grouping.slug,
        words=grouping.words,
    )  # fmt: skip
    _fill(made.id, members, reviewer)


def _find_grouping(slug: str) -> None:
    catalog.grouping_by_slug(slug)


def _fill(grouping: UUID, members: Sequence[EntryView | None], reviewer: Actor) -> None:
    for entry in members:
        if entry is not None:
            services.grouping_add(actor=reviewer, grouping=grouping, entry=entry.id)


def _source(reviewer: Actor) -> None:
    key, slug, reason = SOURCE
    entry = _listed(slug)
    if entry is None:
        return
    shared = catalog.shared_items(actor=reviewer, division=region.DIVISION)
    if any(one.key == key and one.source is None for one in shared):
        services.item_source_decide(actor=reviewer, item=key, body=entry.body, reason=reason)


def _clerk(entry: EntryView) -> Actor:
    body = next(one.key for one in region.ORGANISATIONS if one.code == entry.body_code)
    return parties.actor_for_username(region.clerk_of(body).username)


def _listed(slug: str) -> EntryView | None:
    try:
        entry = catalog.entry_by_slug(slug)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return None
    return entry if entry.state is EntryState.LISTED else None


def _is_there(find: Callable[[], None]) -> bool:
    try:
        find()
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return False
    return True
