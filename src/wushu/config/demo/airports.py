"""Airports with their codes, place and elevation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from typing import Any

from wushu.catalog.types import Attribute, FieldSpec, FieldType, Metadata
from wushu.config.demo import dataset as d

PACKAGE = "airportsdata"
HEADER = (
    "icao", "iata", "name", "city", "subdivision", "elevation_ft", "latitude", "longitude", "timezone",
)  # fmt: skip

FIELDS = (
    FieldSpec(
        name="icao",
        title_zh="ICAO 代码",
        title_en="ICAO code",
        description=d.both(
            "国际民航组织四字地名代码（Doc 7910）。", "Four-letter location indicator (Doc 7910)."
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
        key=True,
    ),
    FieldSpec(
        name="iata",
        title_zh="IATA 代码",
        title_en="IATA code",
        description=d.both("国际航协三字代码。", "Three-letter code of IATA."),
        null_meaning=d.both("没有三字代码", "has no three-letter code"),
    ),
    FieldSpec(
        name="name",
        title_zh="名称",
        title_en="Name",
        description=d.both("源数据中的英文名称。", "English name as the source has it."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="city",
        title_zh="所在城市",
        title_en="City",
        description=d.both("源数据中的城市写法，不作改动。", "As the source spells it."),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
    FieldSpec(
        name="subdivision",
        title_zh="省级行政区",
        title_en="Subdivision",
        description=d.both(
            "源数据中的省级行政区英文写法，个别写法不一致。",
            "Province in English as the source spells it, which is not always the same way.",
        ),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
    FieldSpec(
        name="elevation_ft",
        type=FieldType.INTEGER,
        title_zh="标高",
        title_en="Elevation",
        unit=d.both("英尺", "ft"),
        description=d.both(
            "着陆区最高点的海拔；源数据说明此项常有误。",
            "Highest point of the landing area above sea level; the source warns it is often wrong.",
        ),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
    FieldSpec(
        name="latitude",
        type=FieldType.NUMBER,
        title_zh="纬度",
        title_en="Latitude",
        unit=d.both("度，北纬为正", "degrees north"),
        description=d.both("机场基准点的纬度。", "Of the airport reference point."),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
    FieldSpec(
        name="longitude",
        type=FieldType.NUMBER,
        title_zh="经度",
        title_en="Longitude",
        unit=d.both("度，东经为正", "degrees east"),
        description=d.both("机场基准点的经度。", "Of the airport reference point."),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
    FieldSpec(
        name="timezone",
        title_zh="时区",
        title_en="Time zone",
        description=d.both("IANA 时区名称。", "Name in the IANA time zone database."),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
)


def plain(value: float) -> str:
    """A number without a needless ``.0``."""
    return str(int(value)) if float(value).is_integer() else str(value)


def by_code() -> list[tuple[str, dict[str, Any]]]:
    """All airports of the source with their ICAO code, in order of it."""
    return sorted(d.package_module("airportsdata", PACKAGE).load("ICAO").items())


def rows() -> Iterator[tuple[str, ...]]:
    """Airports whose country code is CN in the source, in order of ICAO code."""
    for code, airport in by_code():
        if airport["country"] != "CN":
            continue
        yield (
            code,
            airport["iata"],
            airport["name"],
            airport["city"],
            airport["subd"],
            plain(airport["elevation"]),
            str(airport["lat"]),
            str(airport["lon"]),
            airport["tz"],
        )


def released() -> date:
    """The package's version is the day of its release, ``YYYYMMDD``."""
    return date.fromisoformat(version(PACKAGE))


def dataset() -> d.DemoDataset:
    """The airport table, in UTF-8 with a byte order mark, as spreadsheets save it."""
    return d.DemoDataset(
        slug="airports",
        body="transport",
        metadata=Metadata(
            title_zh="机场代码、位置与标高",
            title_en="Airports: codes, place and elevation",
            description_zh=(
                "源数据中国家代码为 CN 的机场：四字和三字代码、名称、城市、坐标、标高和时区。"
                "只含在用机场；已关闭的机场不保留。坐标未说明精度，不可用于航行。"
            ),
            description_en=(
                "Airports with country code CN in the source: codes, name, city, coordinates, elevation "
                "and time zone. Airports in use only. Not for navigation."
            ),
            keywords=("机场", "民航", "ICAO", "IATA", "airports"),
            theme="TRAN",
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="机场代码和基准点为公开的航行资料，不涉及秘密和个人信息。",
            attribute_basis=d.UNCONDITIONAL_BASIS,
            update_cycle="IRREG",
            spatial="CN",
            temporal_start=released(),
            temporal_end=released(),
            licence=d.MIT,
            licence_note="软件包及其数据以 MIT 许可发布。",
            source_url="https://github.com/mborsetti/airportsdata",
            source_note=d.taken_from(
                PACKAGE,
                "由社区维护，自 mwgg/Airports 演变而来，新增内容对照各国航行资料汇编核对；不保证准确。",
                "Kept by volunteers, a fork of mwgg/Airports; additions are checked against national "
                "aeronautical publications; accuracy is not guaranteed.",
            ),
            contact_name="综合运输科",
            contact_email="transport@demo.wushu.example",
        ),
        fields=FIELDS,
        file=d.TableFile("机场.csv", HEADER, rows, encoding="utf-8-sig"),
        package=PACKAGE,
    )
