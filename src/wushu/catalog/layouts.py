"""The spreadsheet by which an existing catalogue is imported.

One row for every data item, as inventories of government information usually are: what is said of the
dataset stands in its first row, and rows without a title belong to the dataset above (merged cells
read so too).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from wushu.catalog import vocabulary
from wushu.catalog.rules import ATTRIBUTE_WORDS
from wushu.catalog.rules.words import METADATA
from wushu.catalog.types import Attribute, FieldType
from wushu.kernel.errors import Said
from wushu.kernel.sheets import Column, Layout

ATTRIBUTES: Mapping[str, Attribute] = {
    **{zh: attribute for attribute, (zh, _en) in ATTRIBUTE_WORDS.items()},
    **{one.value: one for one in Attribute},
}
TYPES: Mapping[str, FieldType] = {
    "文本": FieldType.TEXT,
    "字符型": FieldType.TEXT,
    "整数": FieldType.INTEGER,
    "小数": FieldType.DECIMAL,
    "数值型": FieldType.DECIMAL,
    "浮点数": FieldType.NUMBER,
    "日期": FieldType.DATE,
    "日期型": FieldType.DATE,
    "日期时间": FieldType.DATETIME,
    "是否": FieldType.BOOLEAN,
    **{one.value: one for one in FieldType},
}
YES: Mapping[str, bool] = {"是": True, "否": False, "yes": True, "no": False}
"""What may stand in a cell."""


@cache
def themes() -> Mapping[str, str]:
    """Theme codes by code, name and the words Chinese portals sort by."""
    found: dict[str, str] = {}
    for one in vocabulary.themes():
        for text in (one.zh, one.en, *one.more.get("domains", ()), one.code):
            found.setdefault(text.casefold(), one.code)
    return found


@cache
def frequencies() -> Mapping[str, str]:
    """Frequency codes by code and name."""
    return {
        text.casefold(): one.code
        for one in vocabulary.frequencies()
        for text in (one.zh, one.en, one.code)
    }


@cache
def licences() -> Mapping[str, str]:
    """Licence URIs by code, name and URI."""
    return {
        text.casefold(): one.uri
        for one in vocabulary.licences()
        for text in (one.zh, one.en, one.code, one.uri)
    }


def _of_entry(key: str, zh: str, example: str = "", required: bool = False) -> Column:
    words = METADATA[key]
    return Column(key, Said(words.zh, words.en), Said(zh, words.en), example, required)


CATALOGUE = Layout(
    "catalogue",
    Said("目录", "Catalogue"),
    (
        Column(
            "body", Said("开放主体代码", "Opening body"),
            Said("单位的统一社会信用代码，单位须已登记。", "Credit code of a registered body."),
            "11320500MB0000009K", required=True,
        ),
        _of_entry("title_zh", "数据集名称；留空的行是上一数据集的下一个数据项。", "公共停车场分布", True),
        _of_entry("title_en", "可不填。", "Public car parks"),
        Column(
            "slug", Said("标识", "Slug"),
            Said(
                "网址中的名称，小写字母、数字和连字符；不填由名称的拼音生成。",
                "Its name in addresses; made of the title's pinyin where empty.",
            ),
            "car-parks",
        ),
        _of_entry("description_zh", "数据内容、来源和用途。", "全市公共停车场的名称、位置和泊位数。"),
        _of_entry("description_en", "可不填。"),
        _of_entry("keywords", "用顿号隔开。", "停车、交通"),
        _of_entry("theme", "主题名称、常用领域名（如 交通、教育）或代码（如 TRAN）。", "交通"),
        Column(
            "attribute", Said("开放属性", "Opening attribute"),
            Said("无条件开放、有条件开放或不予开放。", "unconditional, conditional or none"),
            "无条件开放", required=True,
        ),
        _of_entry("attribute_reason", "为什么是这一开放属性；提交审核前必填。", "公共服务信息，不涉密。"),
        _of_entry("attribute_basis", "不予开放的法律依据，或收紧属性的备案。"),
        _of_entry("conditions", "有条件开放的对象、用途、范围和要求。"),
        _of_entry("update_cycle", "更新周期的名称或代码，如 每月、MONTHLY。", "每月"),
        _of_entry("spatial", "行政区划代码；不填为本单位的区划。", "320500"),
        Column(
            "temporal_start", Said("起始日期", "Begins"),
            Said("数据覆盖的第一天，如 2026-01-01。", "First day the data cover."), "2026-01-01",
        ),
        Column(
            "temporal_end", Said("终止日期", "Ends"),
            Said("数据覆盖的最后一天；持续更新的不填。", "Last day; empty while it goes on."),
        ),
        _of_entry("licence", "许可的名称、代码或网址；不知道的不填。"),
        _of_entry("licence_note", "可不填。"),
        _of_entry("source_url", "可不填。"),
        _of_entry("source_note", "数据出自哪个系统或业务。", "停车管理系统"),
        _of_entry("contact_name", "不填为本单位的联系人。"),
        _of_entry("contact_email", "公开。"),
        _of_entry("contact_phone", "公开。"),
        Column(
            "item_name", Said("数据项", "Data item"),
            Said("列名；一行一个数据项。没有数据项的目录也可导入。", "Name of a column; a row each."),
            "name",
        ),
        Column(
            "item_title_zh", Said("数据项中文名", "Item in Chinese"), Said("可不填。", "May be empty."),
            "名称",
        ),
        Column(
            "item_title_en", Said("数据项英文名", "Item in English"), Said("可不填。", "May be empty."),
        ),
        Column(
            "item_type", Said("数据类型", "Type"),
            Said("文本、整数、小数、浮点数、日期、日期时间或是否；不填为文本。", "text where empty"), "文本",
        ),
        Column(
            "item_format", Said("格式", "Format"),
            Said("日期的写法（如 %Y-%m-%d）或小数位数。", "strptime notation, or decimal places"),
        ),
        Column("item_description", Said("数据项含义", "Meaning"), Said("让外人看得懂。", "In words.")),
        Column("item_unit", Said("单位", "Unit"), Said("如 个、平方米。", "Unit of the values.")),
        Column(
            "item_codes", Said("代码表", "Codes"),
            Said("代码=含义，用分号隔开，如 1=是；0=否。", "code=meaning, separated by semicolons"),
        ),
        Column(
            "item_null", Said("空值含义", "Meaning of no value"), Said("可不填。", "May be empty."),
        ),
        Column("item_key", Said("主键", "Key"), Said("是或否；不填为否。", "yes or no"), "否"),
    ),
    (
        Said(
            "一个数据集占连续的几行，每行一个数据项；只在第一行填写数据集的内容，合并的单元格也可以。",
            "A dataset has consecutive rows, one for each item; what is said of it stands in the first.",
        ),
        Said(
            "导入只生成草稿，不会上架；已有的目录按标识（没有标识的按单位和名称）对照，空白单元格不改动。",
            "An import only makes drafts and lists nothing; empty cells change nothing.",
        ),
    ),
)  # fmt: skip
LAYOUTS = {CATALOGUE.name: CATALOGUE}
