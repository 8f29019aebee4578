"""What refusals call the fields of an entry. Pages have the same words through gettext (``labels``)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wushu.kernel.errors import Said

_METADATA = {
    "title_zh": ("名称（中文）", "Title (Chinese)"),
    "title_en": ("名称（英文）", "Title (English)"),
    "description_zh": ("说明（中文）", "Description (Chinese)"),
    "description_en": ("说明（英文）", "Description (English)"),
    "keywords": ("关键词", "Keywords"),
    "theme": ("主题", "Theme"),
    "attribute_reason": ("开放属性的理由", "Reason of the opening attribute"),
    "attribute_basis": ("法律依据或备案", "Legal basis or filing"),
    "conditions": ("开放条件", "Conditions of opening"),
    "update_cycle": ("更新周期", "Update cycle"),
    "spatial": ("空间范围", "Area covered"),
    "licence": ("许可", "Licence"),
    "licence_note": ("许可说明", "Note on the licence"),
    "source_url": ("来源网址", "Address of the source"),
    "source_note": ("数据来源", "Origin of the data"),
    "contact_name": ("联系人", "Contact"),
    "contact_email": ("邮箱", "E-mail"),
    "contact_phone": ("电话", "Telephone"),
    "change_note": ("改动说明", "What changed"),
}
_ITEM = {
    "name": ("列名", "Column"),
    "format": ("格式", "Format"),
    "title_zh": ("名称（中文）", "Name (Chinese)"),
    "title_en": ("名称（英文）", "Name (English)"),
    "description": ("含义", "Meaning"),
    "unit": ("单位", "Unit"),
    "null_meaning": ("空值的含义", "Meaning of no value"),
}
METADATA: Mapping[str, Said] = MappingProxyType(
    {name: Said(zh, en, name) for name, (zh, en) in _METADATA.items()}
)
"""By the field's name in ``Metadata``."""


def item(position: int, name: str) -> Said:
    """One property of the data item at a position, from 1."""
    zh, en = _ITEM[name]
    return Said(
        f"第 {position} 个数据项的“{zh}”",
        f"{en} of data item {position}",
        f"fields.{position}.{name}",
    )
