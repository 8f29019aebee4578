"""Public holidays and make-up working days, as the State Council's notices set them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from wushu.catalog.types import FieldSpec, FieldType, Metadata
from wushu.config.demo import dataset as d

PACKAGE = "chinesecalendar"
HEADER = ("日期", "星期", "安排", "节日", "节日英文名")
FIRST_YEAR = 2004
NOTICES = {
    2024: "收到 2024 年的安排（国办发明电〔2023〕7 号，2023 年 10 月 25 日）。",
    2025: "增加 2025 年的安排（国办发明电〔2024〕12 号，2024 年 11 月 12 日）：春节、劳动节各增一天假期。",
    2026: "增加 2026 年的安排（国办发明电〔2025〕7 号，2025 年 11 月 4 日）。",
}
"""Year -> what changed when its notice was out. Each version holds the days known by then."""
LAST_YEAR = max(NOTICES)
_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")

FIELDS = (
    FieldSpec(
        name="日期",
        type=FieldType.DATE,
        format="%Y年%-m月%-d日",
        title_zh="日期",
        title_en="Date",
        description=d.both(
            "通知点名的一天，放假或上班。", "A day that the notice names as rest or work."
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
        key=True,
    ),
    FieldSpec(
        name="星期",
        title_zh="星期",
        title_en="Weekday",
        description=d.both("由日期算出，便于核对。", "Computed from the date, for checking."),
        code_list=tuple(
            zip(
                _WEEKDAYS,
                ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
                strict=True,
            )
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="安排",
        title_zh="安排",
        title_en="Arrangement",
        description=d.both("这一天休息还是上班。", "Whether people rest or work on that day."),
        code_list=(
            ("放假", d.both("节日放假（含相连的周末）", "holiday, with the weekend it joins")),
            ("调休", d.both("用调换来的周末放假", "rest, in exchange for a weekend day worked")),
            ("上班", d.both("周末改为上班", "a weekend day that is worked")),
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="节日",
        title_zh="节日",
        title_en="Festival",
        description=d.both("因哪个节日而安排。", "The festival the arrangement is for."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="节日英文名",
        title_zh="节日英文名",
        title_en="Festival in English",
        description=d.both("软件包给出的英文名。", "The English name the package gives."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
)


def rows(
    until: int = LAST_YEAR, since: int = FIRST_YEAR
) -> Iterator[tuple[str, str, str, str, str]]:
    """One row for each day a notice names, in order of date; none before the year ``since`` nor after ``until``."""
    constants = d.package_module("chinese_calendar.constants", PACKAGE)
    arranged: dict[date, tuple[str, str]] = {}
    arranged |= {day: ("放假", name) for day, name in constants.holidays.items()}
    arranged |= {day: ("调休", name) for day, name in constants.in_lieu_days.items()}
    arranged |= {day: ("上班", name) for day, name in constants.workdays.items()}
    for day, (arrangement, name) in sorted(arranged.items()):
        if since <= day.year <= until:
            chinese = constants.Holiday(name).chinese
            yield d.chinese_date(day), _WEEKDAYS[day.weekday()], arrangement, chinese, name


def _metadata(
    title: d.Words,
    about: d.Words,
    *,
    years: tuple[int, int],
    update_cycle: str,
    change_note: str = "",
) -> Metadata:
    """What the table of all years and that of one year say of themselves."""
    return d.open_metadata(
        "labour",
        title=title,
        about=about,
        keywords=("节假日", "调休", "工作日", "日历", "holidays"),
        theme="SOCI",
        reason="依据已经公布的通知整理，不涉及秘密、商业秘密和个人信息。",
        update_cycle=update_cycle,
        span=(date(years[0], 1, 1), date(years[1], 12, 31)),
        licence=d.MIT,
        licence_note="软件包以 MIT 许可发布；通知本身是官方文件，依《著作权法》第五条不受著作权保护。",
        source_url="https://github.com/LKI/chinese-calendar",
        source_note=d.taken_from(
            PACKAGE,
            "维护者按国务院办公厅每年的节假日安排通知整理；以通知原文为准。",
            "Compiled by its maintainers from the State Council's notices; the notices prevail.",
        ),
        change_note=change_note,
    )


def _edition(year: int) -> d.Edition:
    """The table as it stood once the notice for a year was out."""
    metadata = _metadata(
        ("法定节假日放假和调休安排", "Public holidays and make-up working days"),
        (
            f"国务院办公厅历年通知公布的放假、调休和周末上班日期，{FIRST_YEAR} 年至 {year} 年。"
            "只列通知点名的日子；没有列出的日子，周一至周五上班，周六、周日休息。"
            "计算工作日时限时使用。原文件为 GB18030 编码，日期写作“2026年1月1日”。",
            "Days that the yearly notices of the General Office of the State Council name as rest, "
            f"rest in exchange, or work, {FIRST_YEAR} to {year}. Days not listed follow the "
            "week: Monday to Friday are worked. The source file is GB18030 with Chinese dates.",
        ),
        years=(FIRST_YEAR, year),
        update_cycle="ANNUAL",
        change_note=NOTICES[year],
    )
    file = d.TableFile(
        "节假日和调休安排.csv", HEADER, partial(rows, until=year), encoding="gb18030"
    )
    return d.Edition(metadata, file)


def dataset() -> d.DemoDataset:
    """The holiday table, a version a year, in GB18030 with Chinese dates: what offices hand in."""
    *earlier, newest = (_edition(year) for year in sorted(NOTICES))
    return d.DemoDataset(
        slug="work-calendar",
        body="labour",
        metadata=newest.metadata,
        fields=FIELDS,
        file=newest.file,
        package=PACKAGE,
        earlier=tuple(earlier),
    )


def of_year(year: int) -> d.DemoDataset:
    """The days of one year alone: one table of the series by year."""
    metadata = _metadata(
        (f"{year} 年法定节假日放假和调休安排", f"Public holidays and make-up days of {year}"),
        (
            f"国务院办公厅关于 {year} 年节假日安排的通知所点名的放假、调休和周末上班日期，"
            "选自历年总表，方便只需要一年的人。",
            f"Days that the notice for {year} names as rest, rest in exchange, or work: that year's "
            "part of the table of all years.",
        ),
        years=(year, year),
        update_cycle="NEVER",
    )
    file = d.TableFile(
        f"节假日和调休安排{year}.csv",
        HEADER,
        partial(rows, until=year, since=year),
        encoding="utf-8",
    )
    return d.DemoDataset(
        slug=f"work-calendar-{year}",
        body="labour",
        metadata=metadata,
        fields=FIELDS,
        file=file,
        package=PACKAGE,
    )
