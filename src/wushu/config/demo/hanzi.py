"""Readings of Chinese characters."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from wushu.catalog.types import Attribute, FieldSpec, FieldType, Metadata
from wushu.config.demo import dataset as d

PACKAGE = "pypinyin"
HEADER = ("code_point", "character", "first_reading", "readings", "count")

FIELDS = (
    FieldSpec(
        name="code_point",
        title_zh="码位",
        title_en="Code point",
        description=d.both("Unicode 码位，如 U+4E2D。", "Of Unicode, such as U+4E2D."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
        key=True,
    ),
    FieldSpec(
        name="character",
        title_zh="汉字",
        title_en="Character",
        description=d.both(
            "码位对应的字；扩展区的字可能没有字体可显示。",
            "The character itself; those of the extensions may lack a font.",
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="first_reading",
        title_zh="首列读音",
        title_en="First reading",
        description=d.both(
            "源数据列在最前的读音，一般最常用。",
            "The one the source puts first, mostly the commonest.",
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="readings",
        title_zh="全部读音",
        title_en="All readings",
        description=d.both(
            "带声调的拼音，以英文逗号分隔。", "Pinyin with tone marks, parted by commas."
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="count",
        type=FieldType.INTEGER,
        title_zh="读音数",
        title_en="Number of readings",
        unit=d.both("个", "readings"),
        description=d.both("全部读音的个数，由本表算出。", "Counted in this table."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
)


def rows() -> Iterator[tuple[str, str, str, str, int]]:
    """One row for each character, in order of code point."""
    readings: dict[int, str] = d.package_module("pypinyin.pinyin_dict", PACKAGE).pinyin_dict
    for code in sorted(readings):
        each = readings[code].split(",")
        yield f"U+{code:04X}", chr(code), each[0], readings[code], len(each)


def dataset() -> d.DemoDataset:
    """The longest table of the demonstration, with cells that hold commas."""
    return d.DemoDataset(
        slug="hanzi-readings",
        body="education",
        metadata=Metadata(
            title_zh="汉字读音",
            title_en="Readings of Chinese characters",
            description_zh=(
                "四万余个汉字的普通话读音，多音字列出全部读音。包括扩展区汉字和少量有读音的非统一汉字。"
                "可用于姓名、地名的注音和检索；规范读音以国家语言文字工作委员会发布的为准。"
            ),
            description_en=(
                "Mandarin readings of more than forty thousand characters, every reading of each, "
                "extension blocks included. Good for sorting and searching names; the standards of the "
                "State Language Commission prevail."
            ),
            keywords=("汉字", "拼音", "多音字", "Unicode", "pinyin"),
            theme="EDUC",
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="语言文字基础资料，不涉及秘密和个人信息。",
            attribute_basis=d.UNCONDITIONAL_BASIS,
            update_cycle="IRREG",
            spatial="CN",
            temporal_end=d.as_of(PACKAGE)[1],
            licence=d.MIT,
            licence_note="软件包及 pinyin-data 以 MIT 许可发布；Unihan 数据另有 Unicode 许可。",
            source_url="https://github.com/mozillazg/pinyin-data",
            source_note=d.taken_from(
                PACKAGE,
                "读音来自 pinyin-data 项目，由 Unihan 数据库等资料合并，并经手工订正。",
                "The readings are those of the pinyin-data project, merged from the Unihan database and "
                "other sources and corrected by hand.",
            ),
            contact_name="语言文字科",
            contact_email="education@demo.wushu.example",
            change_note=f"pypinyin {version(PACKAGE)}",
        ),
        fields=FIELDS,
        file=d.TableFile("汉字读音.csv", HEADER, rows, newline="\n"),
        package=PACKAGE,
    )
