"""Readings of words and of the standard characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wushu.catalog.types import Metadata
from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, integer, key, names

DICTIONARIES = "pypinyin-dict"
PINYIN = "pypinyin"
_FIRST_COMMON = "\u4e00"
"""Where the block begins that holds the characters in daily use."""
_WORD = re.compile(r"    '([^']*)': \[(.*)\],?")
_SYLLABLE = re.compile(r"'([^']*)'")
_CHARACTER = re.compile(r"    0x([0-9A-F]+): '([^']*)',?")

WORD_FIELDS = (
    key("word", ("词语", "Word"), ("简体词语。", "In simplified characters.")),
    column(
        "pinyin",
        ("拼音", "Pinyin"),
        ("带声调的拼音，一字一音节，以空格分隔。", "With tone marks, a syllable for a character."),
    ),
    integer(
        "syllables",
        ("音节数", "Syllables"),
        ("拼音的音节数，由本表算出。", "Counted in this table."),
        unit=("个", "syllables"),
    ),
)
CHARACTER_FIELDS = (
    key("code_point", ("码位", "Code point"), ("Unicode 码位，如 U+4E2D。", "Of Unicode.")),
    column("character", ("汉字", "Character"), ("规范汉字。", "The standard character.")),
    column(
        "readings",
        ("读音", "Readings"),
        ("带声调的拼音，多音字以英文逗号分隔。", "With tone marks; several parted by commas."),
    ),
)


def cedict_rows() -> Iterator[tuple[str, str, int]]:
    """Words of CC-CEDICT with the reading the dictionary gives, in the package's order.

    Words that begin with a rare character of the extension blocks come after the others.
    """
    folder = d.package_folder("pypinyin_dict", DICTIONARIES) / "phrase_pinyin_data"
    rare: list[tuple[str, str, int]] = []
    for line in d.lines_of(*d.numbered(folder, "cc_cedict_")):
        entry = _WORD.fullmatch(line)
        if entry is not None:
            syllables = _SYLLABLE.findall(entry[2])
            row = entry[1], " ".join(syllables), len(syllables)
            if row[0] < _FIRST_COMMON:
                rare.append(row)
            else:
                yield row
    yield from rare


def standard_rows() -> Iterator[tuple[str, str, str]]:
    """The characters of the official table, in order of code point."""
    folder = d.package_folder("pypinyin_dict", DICTIONARIES) / "pinyin_data"
    for line in d.lines_of(folder / "ktghz2013.py"):
        entry = _CHARACTER.fullmatch(line)
        if entry is not None:
            code = int(entry[1], 16)
            yield f"U+{code:04X}", chr(code), entry[2]


def polyphone_rows() -> Iterator[tuple[str, str, int]]:
    """Words that decide how a character is read, in order of code point."""
    words = d.package_module("pypinyin.phrases_dict", PINYIN).phrases_dict
    for word in sorted(words):
        syllables = [readings[0] for readings in words[word]]
        yield word, " ".join(syllables), len(syllables)


def _described(
    package: str,
    title: d.Words,
    about: d.Words,
    licence: str,
    licence_note: str,
    source_url: str,
    source_note: str,
) -> Metadata:
    return d.open_metadata(
        "education",
        title=title,
        about=about,
        keywords=("拼音", "读音", "词语", "汉字", "pinyin"),
        theme="EDUC",
        reason="语言文字基础资料，不涉及秘密和个人信息。",
        span=d.as_of(package),
        licence=licence,
        licence_note=licence_note,
        source_url=source_url,
        source_note=source_note,
    )


def cedict_words() -> d.DemoDataset:
    """Under a licence that binds what is made of it."""
    return d.DemoDataset(
        slug="word-readings",
        body="education",
        metadata=_described(
            DICTIONARIES,
            ("词语读音", "Readings of words"),
            (
                "十万余条汉语词语及其普通话读音，含成语、地名和专名；词典收有的口语和粗话照录，未作删减。读音以词典和《普通话异读词审音表》为准。",
                "More than a hundred thousand words with their Mandarin reading, idioms, place names and "
                "proper names included; what the dictionary has of slang was left in.",
            ),
            d.CC_BY_SA_4,
            "CC-CEDICT 以知识共享 署名-相同方式共享 4.0 发布，由此制作的数据须用同样的许可。软件包本身为 MIT 许可。",
            "https://cc-cedict.org/",
            d.taken_from(
                DICTIONARIES,
                "读音取自汉英词典 CC-CEDICT，由志愿者编写；释义没有收入。",
                "The readings of the Chinese-English dictionary CC-CEDICT, written by volunteers; its "
                "definitions are left out.",
            ),
        ),
        fields=WORD_FIELDS,
        file=d.TableFile("词语读音.csv", names(WORD_FIELDS), cedict_rows),
        package=DICTIONARIES,
    )


def standard_characters() -> d.DemoDataset:
    """The 8,105 characters of the official table."""
    return d.DemoDataset(
        slug="standard-characters",
        body="education",
        metadata=_described(
            DICTIONARIES,
            ("通用规范汉字读音", "Readings of the standard characters"),
            (
                "《通用规范汉字表》（2013 年）8105 字及其读音。表本身以国务院公布的为准。",
                "The 8,105 characters of the Table of General Standard Chinese Characters (2013) with their "
                "readings. The table as published by the State Council prevails.",
            ),
            d.UNICODE,
            "Unihan 数据库（kTGHZ2013 字段）：Unicode 许可第 3 版。软件包本身为 MIT 许可。",
            "https://www.unicode.org/reports/tr38/",
            d.taken_from(
                DICTIONARIES,
                "读音为 Unihan 数据库 kTGHZ2013 字段，出自《通用规范汉字字典》。",
                "The field kTGHZ2013 of the Unihan database, after the dictionary of the table.",
            ),
        ),
        fields=CHARACTER_FIELDS,
        file=d.TableFile("通用规范汉字.csv", names(CHARACTER_FIELDS), standard_rows, newline="\n"),
        package=DICTIONARIES,
    )


def polyphone_words() -> d.DemoDataset:
    """Words by which the node's own search tells readings apart."""
    return d.DemoDataset(
        slug="polyphone-words",
        body="education",
        metadata=_described(
            PINYIN,
            ("含多音字词语的读音", "Words with characters of several readings"),
            (
                "四万七千余条词语的读音，用来判断多音字在词中怎么读，如“银行”与“行走”。一条有几种读法的只取第一种。",
                "Readings of some forty-seven thousand words that decide how a character with several "
                "readings is read. Where a word itself has several, the first is given.",
            ),
            d.MIT,
            "软件包及 phrase-pinyin-data 以 MIT 许可发布。",
            "https://github.com/mozillazg/phrase-pinyin-data",
            d.taken_from(
                PINYIN,
                "读音来自 phrase-pinyin-data 项目，由志愿者汇编和订正。",
                "The readings of the phrase-pinyin-data project, compiled and corrected by volunteers.",
            ),
        ),
        fields=WORD_FIELDS,
        file=d.TableFile(
            "多音词语.csv",
            names(WORD_FIELDS),
            polyphone_rows,
            encoding="gb18030",
        ),
        package=PINYIN,
    )
