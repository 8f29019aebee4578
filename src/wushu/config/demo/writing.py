"""Simplified and traditional Chinese, from the dictionaries of OpenCC."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, key, names

PACKAGE = "opencc-python-reimplemented"


def rows(dictionary: str) -> Iterator[tuple[str, str, str]]:
    """What is written, its commonest counterpart, and the others parted by a space."""
    file = d.package_folder("opencc", PACKAGE) / "dictionary" / f"{dictionary}.txt"
    for line in d.lines_of(file):
        if line:
            written, counterparts = line.split("\t")
            first, *others = counterparts.split(" ")
            yield written, first, " ".join(others)


def _dataset(
    slug: str,
    body: str,
    dictionary: str,
    *,
    title: d.Words,
    about: d.Words,
    sides: tuple[d.Words, d.Words],
    file_name: str,
    encoding: str,
    delimiter: str = ",",
) -> d.DemoDataset:
    source, target = sides
    fields = (
        key("written", source, ("要转换的写法。", "What is to be converted.")),
        column("counterpart", target, ("首选的对应写法。", "The counterpart to be preferred.")),
        column(
            "others",
            ("其他写法", "Others"),
            (
                "视上下文可用的其他写法，以空格分隔。",
                "Others that fit in some contexts, by spaces.",
            ),
            empty=("没有其他写法", "there are none"),
        ),
    )
    return d.DemoDataset(
        slug=slug,
        body=body,
        metadata=d.open_metadata(
            body,
            title=title,
            about=about,
            keywords=("简体字", "繁体字", "汉字", "OpenCC"),
            theme="EDUC",
            reason="语言文字基础资料，不涉及秘密和个人信息。",
            span=d.as_of(PACKAGE),
            licence=d.APACHE_2,
            licence_note="软件包及 OpenCC 词典以 Apache 许可 2.0 发布。",
            source_url="https://github.com/BYVoid/OpenCC",
            source_note=d.taken_from(
                PACKAGE,
                "为开放中文转换（OpenCC）的词典，由志愿者维护；规范字以《通用规范汉字表》为准。",
                "The dictionaries of OpenCC, kept by volunteers; the official table of standard characters "
                "prevails.",
            ),
        ),
        fields=fields,
        file=d.TableFile(
            file_name,
            names(fields),
            partial(rows, dictionary),
            encoding=encoding,
            delimiter=delimiter,
        ),
        package=PACKAGE,
    )


_SIMPLIFIED: d.Words = ("简体", "Simplified")
_TRADITIONAL: d.Words = ("繁体", "Traditional")


def words() -> d.DemoDataset:
    """Words, in UTF-16 with tabs: what a spreadsheet calls "Unicode text"."""
    return _dataset(
        "simplified-traditional-words",
        "education",
        "STPhrases",
        title=("简繁词语对照", "Words in simplified and traditional Chinese"),
        about=(
            "一个简体字对应几个繁体字时，须按词语判断的四万九千余条对照。原文件为 UTF-16 编码、制表符分隔。",
            "Some forty-nine thousand words whose traditional form cannot be told from the single "
            "characters. The source file is UTF-16 with tabs.",
        ),
        sides=(_SIMPLIFIED, _TRADITIONAL),
        file_name="简繁词语.txt",
        encoding="utf-16",
        delimiter="\t",
    )


def simplified() -> d.DemoDataset:
    """Characters, from simplified to traditional."""
    return _dataset(
        "simplified-characters",
        "donghu",
        "STCharacters",
        title=("简体字对应的繁体字", "Traditional forms of simplified characters"),
        about=(
            "每个简体字对应的繁体字，对应几个的全部列出。用于旧籍阅读教学。",
            "The traditional forms of each simplified character, all of them where there are several.",
        ),
        sides=(_SIMPLIFIED, _TRADITIONAL),
        file_name="简体字.csv",
        encoding="utf-8-sig",
    )


def traditional() -> d.DemoDataset:
    """Characters, from traditional to simplified."""
    return _dataset(
        "traditional-characters",
        "donghu",
        "TSCharacters",
        title=("繁体字对应的简体字", "Simplified forms of traditional characters"),
        about=(
            "每个繁体字对应的简体字，含少量扩展区汉字。",
            "The simplified form of each traditional character, a few from the extension blocks.",
        ),
        sides=(_TRADITIONAL, _SIMPLIFIED),
        file_name="繁体字.csv",
        encoding="gb18030",
        delimiter="|",
    )
