"""Currencies: codes, names, decimals and years of tender, from CLDR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wushu.catalog.types import Attribute, FieldSpec, FieldType, Metadata
from wushu.config.demo import dataset as d

PACKAGE = "babel"
HEADER = ("code", "name_zh", "name_en", "symbol", "decimals", "first_tender", "last_tender")

FIELDS = (
    FieldSpec(
        name="code",
        title_zh="货币代码",
        title_en="Currency code",
        description=d.both(
            "ISO 4217 三字母代码，包括已停用的。", "Of ISO 4217, former ones included."
        ),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
        key=True,
    ),
    FieldSpec(
        name="name_zh",
        title_zh="中文名称",
        title_en="Name in Chinese",
        description=d.both("CLDR 简体中文名称。", "As CLDR has it in simplified Chinese."),
        null_meaning=d.both("CLDR 没有中文名称", "CLDR has no Chinese name"),
    ),
    FieldSpec(
        name="name_en",
        title_zh="英文名称",
        title_en="Name in English",
        description=d.both("CLDR 英文名称。", "As CLDR has it in English."),
        null_meaning=d.both("CLDR 没有英文名称", "CLDR has no English name"),
    ),
    FieldSpec(
        name="symbol",
        title_zh="符号",
        title_en="Symbol",
        description=d.both("中文语境中使用的符号。", "The symbol used in Chinese text."),
        null_meaning=d.both("没有专用符号，直接写代码", "no symbol: the code is written"),
    ),
    FieldSpec(
        name="decimals",
        type=FieldType.INTEGER,
        title_zh="小数位数",
        title_en="Decimals",
        unit=d.both("位", "digits"),
        description=d.both("记账时保留的小数位数。", "Digits after the point in accounts."),
        null_meaning=d.both("不会为空", "never empty"),
        required=True,
    ),
    FieldSpec(
        name="first_tender",
        type=FieldType.DATE,
        format="%Y-%m-%d",
        title_zh="最早流通日期",
        title_en="First day of tender",
        description=d.both(
            "各国家和地区中最早成为法定货币的日期。",
            "Earliest day on which any territory accepted it.",
        ),
        null_meaning=d.both(
            "从未作为法定货币流通（如黄金、记账单位），或 CLDR 没有记载",
            "never legal tender (gold, units of account), or not recorded",
        ),
    ),
    FieldSpec(
        name="last_tender",
        type=FieldType.DATE,
        format="%Y-%m-%d",
        title_zh="最后流通日期",
        title_en="Last day of tender",
        description=d.both(
            "在最后一个国家或地区停止流通的日期。", "Day on which the last territory gave it up."
        ),
        null_meaning=d.both(
            "仍在流通，或从未作为法定货币流通", "still in use, or never legal tender"
        ),
    ),
)


def _tenders() -> dict[str, list[tuple[date | None, date | None]]]:
    """For each code the spans in which some territory had it as legal tender."""
    core = d.package_module("babel.core", PACKAGE)
    spans: dict[str, list[tuple[date | None, date | None]]] = {}
    for uses in core.get_global("territory_currencies").values():
        for code, start, end, tender in uses:
            known = spans.setdefault(code, [])
            if tender and start is not None:
                known.append((date(*start), date(*end) if end else None))
    return spans


def rows() -> Iterator[tuple[object, ...]]:
    """One row for each currency CLDR knows, in order of code."""
    core = d.package_module("babel.core", PACKAGE)
    numbers = d.package_module("babel.numbers", PACKAGE)
    chinese, english = core.Locale.parse("zh_Hans_CN"), core.Locale.parse("en")
    for code, spans in sorted(_tenders().items()):
        symbol = chinese.currency_symbols.get(code, "")
        ends = [end for _, end in spans]
        yield (
            code,
            chinese.currencies.get(code),
            english.currencies.get(code),
            symbol if symbol != code else None,
            numbers.get_currency_precision(code),
            min((start for start, _ in spans if start), default=None),
            max(end for end in ends if end) if ends and None not in ends else None,
        )


def _first_tender() -> date:
    return min(start for spans in _tenders().values() for start, _ in spans if start)


def dataset() -> d.DemoDataset:
    """The currency table: many empty cells, each kind of emptiness explained."""
    return d.DemoDataset(
        slug="currencies",
        body="commerce",
        metadata=Metadata(
            title_zh="货币代码与名称",
            title_en="Currency codes and names",
            description_zh=(
                "ISO 4217 货币代码及其中英文名称、符号、小数位数和流通起止日期，供报关、结算单据校验使用。"
                "包括已停用的货币、贵金属和记账单位。"
            ),
            description_en=(
                "Codes of ISO 4217 with Chinese and English names, symbol, decimals and the days between "
                "which they were legal tender. Former currencies, precious metals and units of account "
                "are included."
            ),
            keywords=("货币", "币种", "ISO 4217", "外贸", "currencies"),
            theme="ECON",
            attribute=Attribute.UNCONDITIONAL,
            attribute_reason="国际通用代码，不涉及秘密和个人信息。",
            attribute_basis=d.UNCONDITIONAL_BASIS,
            update_cycle="IRREG",
            spatial="CN",
            temporal_start=_first_tender(),
            licence=d.UNICODE,
            licence_note="CLDR 数据：Unicode 许可第 3 版。软件包 Babel 本身为 BSD 许可。",
            source_url="https://cldr.unicode.org/",
            source_note=d.taken_from(
                PACKAGE,
                "数据为 Unicode 通用语言环境数据库（CLDR）随包副本；起止日期由各国家和地区的记录汇总。",
                "The data are the package's copy of the Unicode CLDR; the two dates sum up the records of "
                "all territories.",
            ),
            contact_name="对外贸易科",
            contact_email="commerce@demo.wushu.example",
        ),
        fields=FIELDS,
        file=d.TableFile("货币代码.csv", HEADER, rows),
        package=PACKAGE,
    )
