"""Small tables of codes and names: languages, time zones, emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, key, names, number

LANGUAGE_FIELDS = (
    key(
        "code",
        ("语言代码", "Language code"),
        ("BCP 47 语言代码，可带文字和地区。", "Of BCP 47, some with script and region."),
    ),
    column(
        "name_zh",
        ("中文名称", "Name in Chinese"),
        ("CLDR 简体中文名称。", "As CLDR has it in simplified Chinese."),
    ),
    column(
        "name_en",
        ("英文名称", "Name in English"),
        ("CLDR 英文名称。", "As CLDR has it in English."),
        empty=("CLDR 没有英文名称", "CLDR has no English name"),
    ),
)
ZONE_FIELDS = (
    key("timezone", ("时区", "Time zone"), ("IANA 时区名称。", "Name in the IANA database.")),
    column(
        "countries",
        ("国家和地区", "Countries"),
        (
            "ISO 3166-1 两字母代码，多个以英文逗号分隔，第一个最主要。",
            "Codes of ISO 3166-1 parted by commas, the principal one first.",
        ),
    ),
    number(
        "latitude",
        ("纬度", "Latitude"),
        ("代表地点的纬度，由度分（秒）换算。", "Of the principal place, from degrees and minutes."),
        unit=("度，北纬为正", "degrees north"),
    ),
    number(
        "longitude",
        ("经度", "Longitude"),
        ("代表地点的经度，由度分（秒）换算。", "Of the principal place, from degrees and minutes."),
        unit=("度，东经为正", "degrees east"),
    ),
    column(
        "comments",
        ("说明", "Comments"),
        ("一国有几个时区时，说明范围。", "Which part, where a country has several zones."),
        empty=("不需要说明", "none needed"),
    ),
)
EMOJI_FIELDS = (
    key(
        "code_points", ("码位", "Code points"), ("Unicode 码位，以空格分隔。", "Parted by spaces.")
    ),
    column("emoji", ("表情符号", "Emoji"), ("符号本身。", "The symbol itself.")),
    column(
        "name_zh",
        ("中文名称", "Name in Chinese"),
        ("软件包据 CLDR 整理的中文名称。", "As the package has it after CLDR."),
        empty=("没有中文名称", "there is none"),
    ),
    column("name_en", ("英文名称", "Name in English"), ("英文名称。", "In English.")),
    column(
        "since",
        ("始于版本", "Since"),
        ("首次收入的 Emoji 版本，是文字。", "Version of Emoji that first has it; text."),
    ),
)
EMOJI_VERSIONS = {
    16: date(2024, 9, 10),
    17: date(2025, 9, 9),
    18: date(2026, 9, 15),
}
"""Version of Emoji -> day of its publication, after the table in the package's ``data_dict``."""
_COORDINATES = re.compile(r"([+-]\d{4}|[+-]\d{6})([+-]\d{5}|[+-]\d{7})")


def language_rows() -> Iterator[tuple[str, str, str | None]]:
    """Languages that have a Chinese name, in order of code."""
    core = d.package_module("babel.core", "babel")
    english = core.Locale.parse("en").languages
    for code, name in sorted(core.Locale.parse("zh_Hans_CN").languages.items()):
        yield code.replace("_", "-"), name, english.get(code)


def degrees(text: str) -> float:
    """Degrees of ISO 6709 (sign, degrees, minutes, perhaps seconds), to four decimals.

    >>> degrees("+3114"), degrees("-0353800")
    (31.2333, -35.6333)
    """
    sign, digits = -1 if text[0] == "-" else 1, text[1:]
    width = 3 if len(digits) in (5, 7) else 2
    whole, rest = int(digits[:width]), digits[width:]
    return round(sign * (whole + int(rest[:2]) / 60 + int(rest[2:] or 0) / 3600), 4)


def zone_rows() -> Iterator[tuple[str, str, float, float, str]]:
    """Time zones whose clocks have agreed since 1970, in the source's order."""
    file = d.package_folder("tzdata", "tzdata") / "zoneinfo" / "zone1970.tab"
    for line in d.lines_of(file):
        if not line.startswith("#"):
            countries, coordinates, zone, *comments = line.split("\t")
            place = _COORDINATES.fullmatch(coordinates)
            assert place is not None
            yield zone, countries, degrees(place[1]), degrees(place[2]), " ".join(comments)


def emoji_rows(until: int) -> Iterator[tuple[str, str, str | None, str, str]]:
    """Fully-qualified emoji up to a version of Emoji, in order of code points."""
    package = d.package_module("emoji", "emoji")
    package.config.load_language("zh")
    for symbol, known in sorted(package.EMOJI_DATA.items()):
        if known["status"] == package.STATUS["fully_qualified"] and known["E"] <= until:
            points = " ".join(f"U+{ord(one):04X}" for one in symbol)
            chinese = known.get("zh")
            yield points, symbol, chinese and _words(chinese), _words(known["en"]), str(known["E"])


def _words(alias: str) -> str:
    """``:man_dancing:`` without its marks."""
    return alias.strip(":").replace("_", " ")


def languages() -> d.DemoDataset:
    """From the same database as the currencies."""
    return d.DemoDataset(
        slug="languages",
        body="foreign",
        metadata=d.open_metadata(
            "foreign",
            title=("语言代码与名称", "Codes and names of languages"),
            about=(
                "语言代码及其中英文名称，供涉外服务登记语言、选择译员时使用。含少量带文字或地区的写法。",
                "Language codes with their Chinese and English names, for services that register a language "
                "or look for an interpreter. Some have a script or a region.",
            ),
            keywords=("语言", "语种", "代码", "翻译", "languages"),
            theme="INTR",
            reason="国际通用代码，不涉及秘密和个人信息。",
            spatial="WORLD",
            span=d.as_of("babel"),
            licence=d.UNICODE,
            licence_note="CLDR 数据：Unicode 许可第 3 版。软件包 Babel 本身为 BSD 许可。",
            source_url="https://cldr.unicode.org/",
            source_note=d.taken_from(
                "babel",
                "数据为 Unicode 通用语言环境数据库（CLDR）随包副本。",
                "The data are the package's copy of the Unicode CLDR.",
            ),
        ),
        fields=LANGUAGE_FIELDS,
        file=d.TableFile("语言.csv", names(LANGUAGE_FIELDS), language_rows, encoding="gb18030"),
        package="babel",
    )


def time_zones() -> d.DemoDataset:
    """In the public domain."""
    return d.DemoDataset(
        slug="time-zones",
        body="foreign",
        metadata=d.open_metadata(
            "foreign",
            title=("世界时区", "Time zones of the world"),
            about=(
                "1970 年以来钟点一致的时区，及其国家和地区、代表地点的坐标。全国只有一个时区的不另说明。"
                "不含各时区的时差和夏令时规则。",
                "Time zones whose clocks have agreed since 1970, with their countries and the coordinates of "
                "a principal place. Offsets and daylight saving rules are not in it.",
            ),
            keywords=("时区", "时差", "IANA", "time zones"),
            theme="INTR",
            reason="公有领域资料，不涉及秘密和个人信息。",
            spatial="WORLD",
            span=d.as_of("tzdata"),
            licence=d.PUBLIC_DOMAIN,
            licence_note="IANA 时区数据库的 zone1970.tab 属于公有领域。软件包本身为 Apache 许可 2.0。",
            source_url="https://www.iana.org/time-zones",
            source_note=d.taken_from(
                "tzdata",
                "为 IANA 时区数据库的 zone1970.tab；坐标由度分秒换算成小数。边界和归属照源数据，不代表本市的立场。",
                "The file zone1970.tab of the IANA time zone database; coordinates were turned into decimal "
                "degrees. Boundaries are the source's, not the city's.",
            ),
        ),
        fields=ZONE_FIELDS,
        file=d.TableFile("世界时区.txt", names(ZONE_FIELDS), zone_rows, delimiter="\t"),
        package="tzdata",
    )


def _emoji_edition(until: int) -> d.Edition:
    published = EMOJI_VERSIONS[until]
    return d.Edition(
        d.open_metadata(
            "culture",
            title=("表情符号名称", "Names of emoji"),
            about=(
                "Unicode 表情符号及其中英文名称，供无障碍读屏、文案和检索使用。只列完整写法，肤色和组合各占一行。",
                "Emoji of Unicode with their Chinese and English names, for screen readers, texts and "
                "search. Fully qualified forms only; each skin tone and combination has its row.",
            ),
            keywords=("表情符号", "Unicode", "无障碍", "emoji"),
            theme="EDUC",
            reason="国际通用符号，不涉及秘密和个人信息。",
            update_cycle="ANNUAL",
            spatial="WORLD",
            span=(None, published),
            licence=d.UNICODE,
            licence_note="Unicode 数据：Unicode 许可第 3 版。软件包本身为 BSD 三条款许可。",
            source_url="https://www.unicode.org/Public/emoji/",
            source_note=d.taken_from(
                "emoji",
                "由软件包据 Unicode 的 emoji-test.txt 和 CLDR 整理。各版只列当时已公布的符号。",
                "Compiled by the package from Unicode's emoji-test.txt and CLDR. Each version lists what was "
                "published by then.",
            ),
            change_note=f"收入 Emoji {until}.0（{published.isoformat()} 公布）为止的符号。",
        ),
        d.TableFile("表情符号.csv", names(EMOJI_FIELDS), partial(emoji_rows, until)),
    )


def emoji() -> d.DemoDataset:
    """Three versions, as three versions of the standard came out."""
    *earlier, newest = (_emoji_edition(until) for until in sorted(EMOJI_VERSIONS))
    return d.DemoDataset(
        slug="emoji",
        body="culture",
        metadata=newest.metadata,
        fields=EMOJI_FIELDS,
        file=newest.file,
        package="emoji",
        earlier=tuple(earlier),
    )
