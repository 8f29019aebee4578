"""The list of a yearly plan out of a spreadsheet: all of it, or the first wrong cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any
from uuid import uuid4

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.kernel.errors import Said
from wushu.kernel.sheets import CELL_EMPTY, CellRefusal, Column, Layout, Row, read
from wushu.opening.planning_refusals import PLAN_CELL
from wushu.opening.types import PlanContent, PlanItem
from wushu.parties.types import Actor

_ATTRIBUTES: Mapping[str, Attribute] = {
    "无条件开放": Attribute.UNCONDITIONAL,
    "有条件开放": Attribute.CONDITIONAL,
    **{one.value: one for one in (Attribute.UNCONDITIONAL, Attribute.CONDITIONAL)},
}
_QUARTERS: Mapping[str, int] = {
    word: number
    for number in (1, 2, 3, 4)
    for word in (f"{number}", f"第{number}季度", f"q{number}")
}
LAYOUT = Layout(
    "plan-items",
    Said("年度计划清单", "List of a yearly plan"),
    (
        Column("title", Said("数据名称", "Dataset"), Said("数据集的名称。", "What it will be called."),
               "公共停车场分布", required=True),
        Column("attribute", Said("开放属性", "Attribute"),
               Said("无条件开放或有条件开放。", "unconditional or conditional."), "无条件开放",
               required=True),
        Column("quarter", Said("完成季度", "Quarter"), Said("1 至 4。", "1 to 4."), "3", required=True),
        Column("theme", Said("主题", "Theme"),
               Said("主题名称或代码，可不填。", "Name or code of a theme; may be empty."), "交通运输"),
        Column("update_cycle", Said("更新周期", "Update cycle"),
               Said("更新周期名称或代码，可不填。", "Name or code; may be empty."), "每月"),
        Column("dataset", Said("数据集", "Name in the address"),
               Said("目录中已有的，填数据页地址里的名称。", "Of what is in the catalogue already."), "parking"),
    ),
)  # fmt: skip


def plan_items_of_sheet(
    stream: IO[bytes], name: str, *, before: PlanContent, actor: Actor
) -> tuple[PlanItem, ...]:
    """The items of a CSV or XLSX file; what has the title of a former item goes on as that item.

    Refusals: ``sheet-…`` of the file, ``plan-cell`` of its first wrong cell.
    """
    former = {one.title: one for one in before.items}
    items = []
    for row in read(stream, name, LAYOUT):
        try:
            if row.fault is not None:
                raise row.fault
            items.append(_item(row, former, actor))
        except CellRefusal as fault:
            said = (
                fault.refusal.sentence("zh").rstrip("。"),
                fault.refusal.sentence("en").rstrip("."),
            )
            raise PLAN_CELL(cell=fault.cell, reason=Said(*said)) from fault
    return tuple(items)


def _item(row: Row, former: Mapping[str, PlanItem], actor: Actor) -> PlanItem:
    """What a sheet does not say, the priority domain, stays as it was."""
    for column in LAYOUT.columns:
        if column.required and not row[column.key]:
            raise CellRefusal(CELL_EMPTY(field=column.named), row.cell(column.key))
    dataset = None
    if row["dataset"]:
        with row.at("dataset"):
            dataset = catalog.entry_by_slug(row["dataset"], actor=actor).id
    before = former.get(row["title"])
    return PlanItem(
        key=before.key if before else uuid4(), title=row["title"],
        domain=before.domain if before else "",
        attribute=row.choice(LAYOUT.by_key["attribute"], _ATTRIBUTES, None),
        quarter=row.choice(LAYOUT.by_key["quarter"], _QUARTERS, None),
        theme=row.choice(LAYOUT.by_key["theme"], _codes("data-theme"), ""),
        update_cycle=row.choice(LAYOUT.by_key["update_cycle"], _codes("frequency"), ""),
        dataset=dataset,
    )  # fmt: skip


def _codes(vocabulary: str) -> dict[str, Any]:
    """Codes by all that may stand for them, in small letters as cells are compared."""
    return {
        word.casefold(): one.code
        for one in catalog.vocabulary(vocabulary)
        for word in (one.zh, one.en, one.code)
    }
