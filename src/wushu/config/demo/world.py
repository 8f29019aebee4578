"""Countries, cities and airports of the world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version

from wushu.catalog.types import FieldType, Metadata
from wushu.config.demo import airports, cities
from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, integer, key, names, number

_COUNTRY = column(
    "country",
    ("国家或地区", "Country"),
    ("ISO 3166-1 两字母代码，按源数据。", "Two letters of ISO 3166-1, as the source has it."),
)
_CITY = {field.name: field for field in cities.FIELDS}
CITY_FIELDS = (
    _CITY["geonameid"],
    _CITY["name"],
    _CITY["chinese_names"],
    _COUNTRY,
    *(_CITY[name] for name in ("population", "latitude", "longitude", "timezone")),
)
_AIRPORT = {field.name: field for field in airports.FIELDS}
AIRPORT_FIELDS = (
    *(_AIRPORT[name] for name in ("icao", "iata", "name", "city", "subdivision")),
    _COUNTRY,
    replace(_AIRPORT["elevation_ft"], type=FieldType.NUMBER),
    *(_AIRPORT[name] for name in ("latitude", "longitude", "timezone")),
)
COUNTRY_FIELDS = (
    key("iso2", ("两字母代码", "Two letters"), ("ISO 3166-1 alpha-2。", "ISO 3166-1 alpha-2.")),
    column(
        "iso3", ("三字母代码", "Three letters"), ("ISO 3166-1 alpha-3。", "ISO 3166-1 alpha-3.")
    ),
    column(
        "name_zh",
        ("中文名称", "Name in Chinese"),
        ("CLDR 简体中文名称。", "As CLDR has it in simplified Chinese."),
        empty=("CLDR 没有中文名称", "CLDR has no Chinese name"),
    ),
    column("name_en", ("英文名称", "Name in English"), ("GeoNames 的名称。", "As in GeoNames.")),
    column(
        "capital",
        ("首府", "Capital"),
        ("首都或首府的英文名。", "Capital or chief town, in English."),
        empty=("没有，或源数据没有写", "there is none, or the source does not say"),
    ),
    column(
        "continent",
        ("大洲", "Continent"),
        ("GeoNames 的大洲代码。", "GeoNames' code of the continent."),
        codes=(
            ("AF", ("非洲", "Africa")),
            ("AN", ("南极洲", "Antarctica")),
            ("AS", ("亚洲", "Asia")),
            ("EU", ("欧洲", "Europe")),
            ("NA", ("北美洲", "North America")),
            ("OC", ("大洋洲", "Oceania")),
            ("SA", ("南美洲", "South America")),
        ),
    ),
    number(
        "area_km2",
        ("面积", "Area"),
        ("源数据记载的面积。", "As the source records it."),
        unit=("平方千米", "km²"),
        empty=("源数据没有写", "the source does not say"),
    ),
    integer(
        "population",
        ("人口", "Population"),
        ("源数据记载的人口，年份不一。", "As the source records it; the years differ."),
        unit=("人", "persons"),
    ),
    column(
        "currency",
        ("货币", "Currency"),
        ("ISO 4217 货币代码。", "Code of ISO 4217."),
        empty=("没有通行货币", "no currency of its own use"),
    ),
    column(
        "calling_code",
        ("电话国家码", "Calling code"),
        ("国际电话的国家或地区码，按源数据写法。", "For telephone calls, as the source writes it."),
        empty=("源数据没有写", "the source does not say"),
    ),
)


def country_rows() -> Iterator[tuple[object, ...]]:
    """Countries and territories, in order of code."""
    chinese = d.package_module("babel.core", "babel").Locale.parse("zh_Hans_CN").territories
    countries = cities.geonames().get_countries()
    for code, known in sorted(countries.items()):
        yield (
            code,
            known["iso3"],
            chinese.get(code),
            known["name"],
            known["capital"],
            known["continentcode"],
            known["areakm2"] or None,
            known["population"],
            known["currencycode"],
            known["phone"],
        )


def city_rows() -> Iterator[tuple[object, ...]]:
    """Places of all countries, most populous first."""
    for city in cities.most_populous_first():
        yield (
            city["geonameid"],
            city["name"],
            cities.chinese_names(city),
            city["countrycode"],
            city["population"],
            city["latitude"],
            city["longitude"],
            city["timezone"],
        )


def airport_rows() -> Iterator[tuple[object, ...]]:
    """Airports of all countries, in order of ICAO code."""
    for code, airport in airports.by_code():
        yield (
            code,
            airport["iata"],
            airport["name"],
            airport["city"],
            airport["subd"],
            airport["country"],
            airports.plain(airport["elevation"]),
            airport["lat"],
            airport["lon"],
            airport["tz"],
        )


def _from_geonames(
    body: str, title: d.Words, about: d.Words, keywords: tuple[str, ...], theme: str
) -> Metadata:
    snapshot = cities.SNAPSHOTS.get(version(cities.PACKAGE))
    return d.open_metadata(
        body,
        title=title,
        about=about,
        keywords=(*keywords, "GeoNames"),
        theme=theme,
        reason="源数据以知识共享署名许可公开，不涉及秘密和个人信息。",
        spatial="WORLD",
        span=(snapshot, snapshot),
        licence=d.CC_BY_4,
        licence_note="GeoNames 数据：知识共享署名 4.0。使用时注明来源 GeoNames（geonames.org）。",
        source_url="https://www.geonames.org/",
        source_note=d.taken_from(
            cities.PACKAGE,
            "其数据为 GeoNames 的表；行和列经挑选，内容未改。国家和地区的列法、名称均照源数据，"
            "不代表本市的立场。",
            "Tables of GeoNames; rows and columns were chosen, values not changed. Which territories are "
            "listed and how they are called is the source's choice, not the city's.",
        ),
    )


def world_cities() -> d.DemoDataset:
    """Twenty-five thousand places with coordinates."""
    return d.DemoDataset(
        slug="world-cities",
        body="statistics",
        metadata=_from_geonames(
            "statistics",
            ("世界城镇人口与坐标", "Towns and cities of the world"),
            (
                "GeoNames 地名库中人口超过一万五千的居民点：名称、汉字名称、国家或地区、人口、坐标和时区。"
                "人口的年份和口径各地不一，只供认识地名和位置。",
                "Populated places of GeoNames with more than 15,000 people: names, Chinese names, country, "
                "population, coordinates, time zone. Years and definitions of the figures differ.",
            ),
            ("城市", "世界", "坐标", "cities"),
            "REGI",
        ),
        fields=CITY_FIELDS,
        file=d.TableFile("世界城镇.csv", names(CITY_FIELDS), city_rows, newline="\n"),
        package=cities.PACKAGE,
    )


def countries() -> d.DemoDataset:
    """Codes that officials look up every day."""
    return d.DemoDataset(
        slug="countries",
        body="foreign",
        metadata=_from_geonames(
            "foreign",
            ("国家和地区代码", "Codes of countries and territories"),
            (
                "国家和地区的 ISO 3166-1 代码、中英文名称、首府、面积、人口、货币和电话国家码，供涉外表格填写和校验。"
                "中文名称取自 CLDR，正式文件中的名称以外交部的写法为准。",
                "Codes of ISO 3166-1 with Chinese and English names, capital, area, population, currency and "
                "calling code, for forms that deal with abroad. The Chinese names are those of CLDR; in "
                "formal papers those of the Ministry of Foreign Affairs prevail.",
            ),
            ("国家", "地区", "代码", "ISO 3166", "countries"),
            "INTR",
        ),
        fields=COUNTRY_FIELDS,
        file=d.TableFile("国家和地区.csv", names(COUNTRY_FIELDS), country_rows, delimiter="|"),
        package=cities.PACKAGE,
    )


def world_airports() -> d.DemoDataset:
    """Twenty-eight thousand airports."""
    return d.DemoDataset(
        slug="world-airports",
        body="transport",
        metadata=d.open_metadata(
            "transport",
            title=("世界机场", "Airports of the world"),
            about=(
                "各国和地区在用机场的代码、名称、城市、坐标、标高和时区，含小型机场和起降场。坐标未说明精度，"
                "不可用于航行。",
                "Airports in use in all countries and territories, small ones and landing strips included: "
                "codes, name, city, coordinates, elevation and time zone. Not for navigation.",
            ),
            keywords=("机场", "民航", "世界", "ICAO", "airports"),
            theme="TRAN",
            reason="机场代码和基准点为公开的航行资料，不涉及秘密和个人信息。",
            spatial="WORLD",
            span=(airports.released(), airports.released()),
            licence=d.MIT,
            licence_note="软件包及其数据以 MIT 许可发布。",
            source_url="https://github.com/mborsetti/airportsdata",
            source_note=d.taken_from(
                airports.PACKAGE,
                "由社区维护，自 mwgg/Airports 演变而来；不保证准确。国家和地区的列法照源数据。",
                "Kept by volunteers, a fork of mwgg/Airports; accuracy is not guaranteed. Countries are "
                "listed as the source does.",
            ),
        ),
        fields=AIRPORT_FIELDS,
        file=d.TableFile("世界机场.csv", names(AIRPORT_FIELDS), airport_rows),
        package=airports.PACKAGE,
    )
