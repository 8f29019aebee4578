"""How the command line says no."""

from __future__ import annotations

from wushu.kernel.errors import kind

DATABASE_UNREACHABLE = kind(
    "database-unreachable",
    503,
    zh="读不到节点 {home} 的数据库：{reason}。",
    en="The database of the node at {home} cannot be read: {reason}.",
    way_out_zh="请核对 WUSHU_HOME 和 WUSHU_DATABASE_URL；新节点请先运行 wushu init。",
    way_out_en="Check WUSHU_HOME and WUSHU_DATABASE_URL; run `wushu init` for a new node.",
)
