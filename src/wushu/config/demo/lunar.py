"""The lunisolar calendar: days and solar terms from 1900 to 2100."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from wushu.catalog.types import Metadata
from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, day, integer, key, names

PACKAGE = "borax"
FIRST, LAST = date(1900, 1, 31), date(2100, 12, 31)
_TERMS = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)  # fmt: skip
TERM_YEARS = range(1901, 2101)

DAY_FIELDS = (
    day("公历", ("公历日期", "Gregorian date"), ("公历日期。", "Date in the Gregorian calendar.")),
    column(
        "年",
        ("农历年", "Lunar year"),
        (
            "农历年的干支，以正月初一为岁首。",
            "Sexagenary name of the year, which begins at new year.",
        ),
    ),
    column("生肖", ("生肖", "Animal"), ("农历年的生肖。", "Animal of the year.")),
    column(
        "月",
        ("农历月", "Lunar month"),
        ("农历月份，闰月写作“闰六”。", "Month; leap months begin with 闰."),
    ),
    column("日", ("农历日", "Lunar day"), ("初一至三十。", "Day of the month.")),
    column(
        "干支日",
        ("日干支", "Sexagenary day"),
        ("这一天的干支。", "Sexagenary name of the day."),
    ),
    column(
        "节气",
        ("节气", "Solar term"),
        ("交节的日子写节气名。", "Name of the solar term that begins on the day."),
        codes=[(term, (term, f"solar term {n}")) for n, term in enumerate(_TERMS, start=1)],
        empty=("当天不交节", "no solar term begins on the day"),
    ),
)
TERM_FIELDS = (
    key("term", ("节气", "Solar term"), ("二十四节气之一。", "One of the twenty-four.")),
    day(
        "date",
        ("日期", "Date"),
        ("交节的日期（北京时间）。", "Day it begins, China Standard Time."),
    ),
    integer(
        "order",
        ("次序", "Order"),
        ("公历年内的次序，小寒为 1。", "Its place in the Gregorian year, from 1."),
        unit=("第几个", "ordinal"),
    ),
)


def day_rows() -> Iterator[tuple[object, ...]]:
    """One row for each day, in order."""
    lunar = d.package_module("borax.calendars.lunardate", PACKAGE).LunarDate
    for passed in range((LAST - FIRST).days + 1):
        of_day = FIRST + timedelta(passed)
        known = lunar.from_solar_date(of_day.year, of_day.month, of_day.day)
        month = f"{'闰' if known.leap else ''}{known.cn_month}"
        yield of_day, known.gz_year, known.animal, month, known.cn_day, known.gz_day, known.term


def term_rows() -> Iterator[tuple[str, date, int]]:
    """One row for each solar term, in order of date."""
    terms = d.package_module("borax.calendars.lunardate", PACKAGE).TermUtils
    for year in TERM_YEARS:
        for order, name in enumerate(_TERMS):
            yield name, terms.nth_term_day(year, term_index=order), order + 1


def _described(
    body: str,
    title: d.Words,
    about: d.Words,
    span: tuple[date, date],
    keywords: tuple[str, ...],
    theme: str,
) -> Metadata:
    return d.open_metadata(
        body,
        title=title,
        about=about,
        keywords=("农历", "节气", *keywords),
        theme=theme,
        reason="历法常识，不涉及秘密和个人信息。",
        update_cycle="NEVER",
        span=span,
        licence=d.MIT,
        licence_note="软件包及其数据以 MIT 许可发布。",
        source_url="https://github.com/kinegratii/borax",
        source_note=d.taken_from(
            PACKAGE,
            "由软件包所带的农历和节气数据表推出；农历编算以 GB/T 33661—2017《农历的编算和颁行》为准，"
            "远期日期临近子夜的可能相差一日。",
            "Derived from the package's tables of months and solar terms; GB/T 33661-2017 prevails. Far in "
            "the future, what falls close to midnight may be a day off.",
        ),
    )


def days() -> d.DemoDataset:
    """Two centuries of days, all in Chinese and in GB18030."""
    return d.DemoDataset(
        slug="lunar-calendar",
        body="weather",
        metadata=_described(
            "weather",
            ("公历农历对照", "Gregorian and lunar calendar"),
            (
                "1900 年 1 月 31 日至 2100 年 12 月 31 日每一天的农历日期、干支、生肖和节气。可用于核对以农历记载的生日、"
                "契约和档案。",
                "Lunar date, sexagenary names, animal and solar term of each day from 31 January 1900 to 31 "
                "December 2100. Useful for birthdays, deeds and files that are dated by the lunar calendar.",
            ),
            (FIRST, LAST),
            ("公历", "干支", "生肖", "lunar calendar"),
            "SOCI",
        ),
        fields=DAY_FIELDS,
        file=d.TableFile("公历农历对照.csv", names(DAY_FIELDS), day_rows, encoding="gb18030"),
        package=PACKAGE,
    )


def solar_terms() -> d.DemoDataset:
    """Filed by a county's bureau for its farmers."""
    return d.DemoDataset(
        slug="solar-terms",
        body="xishan",
        metadata=_described(
            "xishan",
            ("二十四节气日期", "Dates of the twenty-four solar terms"),
            (
                "1901 年至 2100 年二十四节气的日期，供安排农时参考。只到日，不到时刻。",
                "Days on which the twenty-four solar terms begin, 1901 to 2100, for planning farm work. To "
                "the day, not to the minute.",
            ),
            (date(TERM_YEARS.start, 1, 1), date(TERM_YEARS.stop - 1, 12, 31)),
            ("农时", "二十四节气", "solar terms"),
            "AGRI",
        ),
        fields=TERM_FIELDS,
        file=d.TableFile("二十四节气.csv", names(TERM_FIELDS), term_rows, encoding="utf-8-sig"),
        package=PACKAGE,
    )
