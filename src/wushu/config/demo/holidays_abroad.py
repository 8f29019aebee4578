"""Public holidays abroad and in Hong Kong and Macao."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date

from wushu.catalog.types import Metadata
from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, day, key, names

PACKAGE = "holidays"
YEARS = range(1990, 2031)
NEARBY_YEARS = range(2000, 2031)
NEARBY = {"HK": ("香港", "zh_HK"), "MO": ("澳門", "zh_MO")}
"""Code -> name, language of the holidays' names."""
_ELSEWHERE = frozenset({"CN", "TW", *NEARBY})
"""The mainland's calendar is a table of its own, and so is that of Hong Kong and Macao."""

ABROAD_FIELDS = (
    key("country", ("国家或地区", "Country"), ("ISO 3166-1 两字母代码。", "Code of ISO 3166-1.")),
    day("date", ("日期", "Date"), ("放假的日期。", "The day.")),
    column(
        "name",
        ("假日名称", "Name"),
        (
            "有英文名的用英文名，否则用当地文字；同日两个假日以“; ”分隔。",
            "In English where the source has it, else as it is called there; two on a day parted by “; ”.",
        ),
    ),
)
NEARBY_FIELDS = (
    day("日期", ("日期", "Date"), ("放假的日期。", "The day."), form="%Y/%m/%d"),
    key("地區", ("地區", "Region"), ("香港或澳門。", "Hong Kong or Macao.")),
    column("假期", ("假期名稱", "Holiday"), ("當地公布的繁體中文名稱。", "As it is called there.")),
)


def _calendar(country: str, years: range, language: str | None = None) -> dict[date, str]:
    """The country's public holidays in the years the source knows, by day."""
    of_country = getattr(d.package_module("holidays", PACKAGE), country)
    known = range(max(years.start, of_country.start_year), min(years.stop, of_country.end_year + 1))
    spoken = language or ("en_US" if "en_US" in of_country.supported_languages else None)
    with warnings.catch_warnings():
        # It warns that a calendar ends before the years asked for; those years are simply not there.
        warnings.simplefilter("ignore")
        found: dict[date, str] = of_country(years=known, language=spoken)
        return dict(sorted(found.items()))


def abroad_rows() -> Iterator[tuple[str, date, str]]:
    """One row for each country and day, in order of both."""
    countries = d.package_module("holidays", PACKAGE).list_supported_countries()
    for country in sorted(code for code in countries if len(code) == 2):
        if country not in _ELSEWHERE:
            for of_day, name in _calendar(country, YEARS).items():
                yield country, of_day, name


def nearby_rows() -> Iterator[tuple[str, str, str]]:
    """One row for each day and region, in order of both."""
    rows = [
        (of_day, region, name)
        for code, (region, language) in NEARBY.items()
        for of_day, name in _calendar(code, NEARBY_YEARS, language).items()
    ]
    for of_day, region, name in sorted(rows):
        yield f"{of_day:%Y/%m/%d}", region, name.replace("; ", "；")


def _described(
    body: str,
    title: d.Words,
    about: d.Words,
    years: range,
    keywords: tuple[str, ...],
    spatial: str,
) -> Metadata:
    return d.open_metadata(
        body,
        title=title,
        about=about,
        keywords=("节假日", "公共假日", "日历", *keywords),
        theme="INTR",
        reason="依据各地公布的假日法规和公告整理，不涉及秘密和个人信息。",
        update_cycle="ANNUAL",
        spatial=spatial,
        span=(date(years.start, 1, 1), date(years.stop - 1, 12, 31)),
        licence=d.MIT,
        licence_note="软件包及其数据以 MIT 许可发布。",
        source_url="https://github.com/vacanza/holidays",
        source_note=d.taken_from(
            PACKAGE,
            "由维护者按各地法规写成规则，再由规则算出日期；尚未公布的年份是推算，随时可能变动。",
            "Its maintainers write the laws of each place as rules, from which the days are computed; "
            "days of years not yet announced are estimates and may change.",
        ),
    )


def abroad() -> d.DemoDataset:
    """Some two hundred calendars in one table."""
    return d.DemoDataset(
        slug="holidays-abroad",
        body="foreign",
        metadata=_described(
            "foreign",
            ("各国和地区公共假日", "Public holidays of countries and territories"),
            (
                f"两百多个国家和地区 {YEARS.start} 年至 {YEARS.stop - 1} 年的全国性公共假日，供外贸、涉外接待安排日程。"
                "不含中国，中国的放假安排见“法定节假日放假和调休安排”。只列全国性假日，不含各州省的假日。",
                "Nationwide public holidays of more than two hundred countries and territories, "
                f"{YEARS.start} to {YEARS.stop - 1}, for planning trade and visits. China is not in it: see "
                "the table of its public holidays. Holidays of single states or provinces are left out.",
            ),
            YEARS,
            ("外贸", "涉外", "holidays"),
            "WORLD",
        ),
        fields=ABROAD_FIELDS,
        file=d.TableFile("各国公共假日.csv", names(ABROAD_FIELDS), abroad_rows),
        package=PACKAGE,
    )


def nearby() -> d.DemoDataset:
    """In Big5, as a table from there would come."""
    return d.DemoDataset(
        slug="holidays-hong-kong-macao",
        body="culture",
        metadata=_described(
            "culture",
            ("香港和澳门公众假期", "Public holidays of Hong Kong and Macao"),
            (
                f"香港、澳门 {NEARBY_YEARS.start} 年至 {NEARBY_YEARS.stop - 1} 年的公众假期，名称用当地繁体中文，"
                "供旅游接待预估客流。原文件为 Big5 编码，日期写作“2026/01/01”。",
                f"Public holidays of Hong Kong and Macao, {NEARBY_YEARS.start} to {NEARBY_YEARS.stop - 1}, named "
                "in traditional Chinese, for planning tourism. The source file is Big5, its dates have "
                "slashes.",
            ),
            NEARBY_YEARS,
            ("香港", "澳门", "旅游"),
            "CN",
        ),
        fields=NEARBY_FIELDS,
        file=d.TableFile(
            "港澳公众假期.csv",
            names(NEARBY_FIELDS),
            nearby_rows,
            encoding="big5",
        ),
        package=PACKAGE,
    )
