"""Telephone prefixes and the places and carriers they belong to, from libphonenumber."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from wushu.catalog.types import EntryAct, Metadata
from wushu.config.demo import dataset as d
from wushu.config.demo.columns import column, key, names

PACKAGE = "phonenumbers"
CHINA = "86"
_LINE = re.compile(r" '(\d+)':\{(.*)\},?")
_NAME = re.compile(r"""'(\w+)': (?:u\()?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_MOBILE = re.compile(r"1[3-9]\d+")

_PLACE_ZH = column(
    "place_zh",
    ("归属地", "Place in Chinese"),
    ("源数据中的中文地名，多为省和市连写。", "As the source has it: mostly province and city."),
)
_PLACE_EN = column(
    "place_en",
    ("归属地英文名", "Place in English"),
    ("源数据中的英文地名。", "As the source has it."),
    empty=("源数据没有英文名", "the source has no English name"),
)
MOBILE_FIELDS = (
    key(
        "prefix",
        ("手机号段", "Prefix"),
        (
            "手机号码开头的数字，多为七位；相邻号段归属地相同时合并，位数较少。",
            "How the number begins, mostly seven digits; fewer where neighbours share their place.",
        ),
    ),
    _PLACE_ZH,
    _PLACE_EN,
)
AREA_FIELDS = (
    key(
        "area_code",
        ("区号", "Area code"),
        (
            "长途区号，含开头的 0；比区号更长的，后几位是局向号码。",
            "Trunk code with its leading 0; what is longer also has the first digits of the exchange.",
        ),
    ),
    _PLACE_ZH,
    _PLACE_EN,
)
CARRIER_FIELDS = (
    key("prefix", ("号段", "Prefix"), ("手机号码开头的数字。", "How the number begins.")),
    column(
        "carrier_zh",
        ("运营商", "Carrier"),
        ("号段最初分配给的运营商。", "The carrier to which the prefix was first assigned."),
    ),
    column("carrier_en", ("运营商英文名", "Carrier in English"), ("英文名。", "In English.")),
)
ABROAD_FIELDS = (
    key(
        "prefix",
        ("号码前缀", "Prefix"),
        (
            "E.164 号码开头的数字，含国家或地区码，不含“+”。",
            "First digits of the E.164 number with its country code, without the +.",
        ),
    ),
    column(
        "calling_code",
        ("国家或地区码", "Country code"),
        ("国际电信联盟 E.164 的国家或地区码。", "Country code of ITU-T E.164."),
    ),
    column(
        "place",
        ("地区", "Place"),
        ("前缀所属的地区，有英文名的用英文名。", "Where it is; in English where there is a name."),
    ),
    column(
        "language",
        ("地名语言", "Language of the name"),
        ("地名所用语言的代码（BCP 47）。", "Code of the language of the name (BCP 47)."),
    ),
)


@lru_cache(maxsize=10_000)
def _text(literal: str) -> str:
    """What a Python string literal says; the same few thousand names come again and again."""
    return str(ast.literal_eval(literal))


def _names_in(folder: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(prefix, name by language) of the package's tables, read as text, in their order."""
    files = d.numbered(d.package_folder("phonenumbers", PACKAGE) / folder, "data")
    for line in d.lines_of(*files):
        entry = _LINE.fullmatch(line)
        if entry is not None:
            found = _NAME.findall(entry[2])
            yield entry[1], {language: _text(literal) for language, literal in found}


def mobile_rows() -> Iterator[tuple[str | None, ...]]:
    """Mobile prefixes of mainland China."""
    for prefix, name in _names_in("geodata"):
        national = prefix.removeprefix(CHINA)
        if prefix.startswith(CHINA) and _MOBILE.fullmatch(national):
            yield national, name.get("zh"), name.get("en")


def area_rows() -> Iterator[tuple[str | None, ...]]:
    """Prefixes of fixed lines of mainland China, as dialled with the trunk 0."""
    for prefix, name in _names_in("geodata"):
        national = prefix.removeprefix(CHINA)
        if prefix.startswith(CHINA) and not _MOBILE.fullmatch(national):
            yield f"0{national}", name.get("zh"), name.get("en")


def carrier_rows() -> Iterator[tuple[str | None, ...]]:
    """Mobile prefixes of mainland China with the carrier they were assigned to."""
    for prefix, name in _names_in("carrierdata"):
        if prefix.startswith(CHINA):
            yield prefix.removeprefix(CHINA), name.get("zh"), name.get("en")


def abroad_rows() -> Iterator[tuple[str, str, str, str]]:
    """Prefixes of all other countries and territories."""
    codes = d.package_module("phonenumbers", PACKAGE).COUNTRY_CODE_TO_REGION_CODE
    for prefix, name in _names_in("geodata"):
        if not prefix.startswith(CHINA):
            calling = next(prefix[:n] for n in (1, 2, 3) if int(prefix[:n]) in codes)
            language = "en" if "en" in name else next(iter(name))
            yield prefix, calling, name[language], language


_REASON = "号段和区号是公开的网络编号资源，不涉及具体号码和用户。"


def _described(
    body: str,
    title: d.Words,
    about: d.Words,
    keywords: tuple[str, ...],
    spatial: str = "CN",
) -> Metadata:
    return d.open_metadata(
        body,
        title=title,
        about=about,
        keywords=keywords,
        theme="TECH",
        reason=_REASON,
        licence=d.APACHE_2,
        licence_note="软件包及其数据（libphonenumber）以 Apache 许可 2.0 发布。",
        source_url="https://github.com/google/libphonenumber",
        source_note=d.taken_from(
            PACKAGE,
            "为 libphonenumber 的地理和运营商数据，由其维护者汇集各方资料而成，不是主管部门的编号计划。",
            "These are the tables of libphonenumber, gathered by its maintainers; they are not the "
            "numbering plan of an authority.",
        ),
        spatial=spatial,
        span=d.as_of(PACKAGE),
    )


def mobile_prefixes() -> d.DemoDataset:
    """The longest Chinese table of the demonstration."""
    return d.DemoDataset(
        slug="mobile-prefixes",
        body="industry",
        metadata=_described(
            "industry",
            ("手机号段归属地", "Mobile prefixes and their places"),
            (
                "中国大陆手机号码前几位与归属地的对照。归属地是号码发放时的地方，不是使用者现在的位置；"
                "携号转网以后也不能看出运营商。",
                "First digits of mobile numbers of mainland China and the place where such numbers were "
                "issued. It is not where somebody is now, and since numbers may be ported it does not "
                "tell the carrier.",
            ),
            ("手机", "号段", "归属地", "电话", "mobile"),
        ),
        fields=MOBILE_FIELDS,
        file=d.TableFile("手机号段归属地.csv", names(MOBILE_FIELDS), mobile_rows),
        package=PACKAGE,
    )


def area_codes() -> d.DemoDataset:
    """A real table with real faults: a city was renamed in 2007, and four rows lost their name."""
    return d.DemoDataset(
        slug="area-codes",
        body="industry",
        metadata=_described(
            "industry",
            ("固定电话区号", "Area codes of fixed telephones"),
            (
                "中国大陆固定电话长途区号（部分到局向）与地名的对照。源数据中有四行没有中文地名"
                "（英文为 Simao, Yunnan，思茅市已于 2007 年更名为普洱市），按字典退回，连同行号和原因保存，"
                "没有代为填写。",
                "Trunk codes of mainland China, some with the first digits of the exchange, and their "
                "places. Four rows of the source have no Chinese name (Simao, Yunnan, renamed Pu'er in "
                "2007); they were rejected as the dictionary demands and are kept with line and reason; "
                "nothing was filled in.",
            ),
            ("区号", "固定电话", "长途", "电话", "area code"),
        ),
        fields=AREA_FIELDS,
        file=d.TableFile("区号.csv", names(AREA_FIELDS), area_rows, encoding="gb18030"),
        package=PACKAGE,
    )


def carriers() -> d.DemoDataset:
    """Sealed: what it says misleads since numbers can be taken to another carrier."""
    return d.DemoDataset(
        slug="carrier-prefixes",
        body="industry",
        metadata=_described(
            "industry",
            ("手机号段所属运营商", "Mobile prefixes and their carriers"),
            (
                "中国大陆手机号段与最初分配的运营商的对照。",
                "Mobile prefixes of mainland China and the carrier each was first assigned to.",
            ),
            ("手机", "号段", "运营商", "carrier"),
        ),
        fields=CARRIER_FIELDS,
        file=d.TableFile("号段运营商.csv", names(CARRIER_FIELDS), carrier_rows),
        package=PACKAGE,
        closing=d.Closing(
            EntryAct.SEAL,
            username="clerk.industry",
            reason=d.both(
                "有市民反馈：2019 年全国实行携号转网以后，号段不再能说明号码现在的运营商，字典未写明，容易误用。"
                "核实并改写说明以前中止开放。（示范情节）",
                "A citizen pointed out that since numbers may be ported (2019) a prefix no longer tells the "
                "carrier, which the dictionary does not say. Closed until that is checked and rewritten. "
                "(Invented for the demonstration.)",
            ),
            basis=d.both(
                "《苏州市公共数据开放实施细则（征求意见稿）》第十一条（示范市参照采用）",
                "Art. 11 of Suzhou's draft rules for opening public data, followed by the demonstration.",
            ),
        ),
    )


def abroad() -> d.DemoDataset:
    """Long, with codes that must stay text."""
    return d.DemoDataset(
        slug="calling-codes-abroad",
        body="foreign",
        metadata=_described(
            "foreign",
            ("国际电话号码前缀与地区", "Telephone prefixes abroad and their places"),
            (
                "中国大陆以外国家和地区的电话号码前缀与地区的对照，供涉外服务、来电核对时参考。"
                "各国和地区详略不一；没有英文地名的保留当地文字。",
                "Prefixes of telephone numbers outside mainland China and the places they belong to, for "
                "services that deal with callers from abroad. Some countries are covered in more detail "
                "than others; where there is no English name the local one is kept.",
            ),
            ("国际电话", "国家码", "区号", "calling code"),
            spatial="WORLD",
        ),
        fields=ABROAD_FIELDS,
        file=d.TableFile("国际电话前缀.txt", names(ABROAD_FIELDS), abroad_rows, delimiter="\t"),
        package=PACKAGE,
    )
