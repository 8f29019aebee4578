"""How object storage says no."""

from __future__ import annotations

from wushu.kernel.errors import kind

STORAGE_UNAVAILABLE = kind(
    "storage-unavailable",
    503,
    zh="存放文件的对象存储现在没有应答，或拒绝了请求。",
    en="The object storage that keeps the files does not answer at the moment, or refused.",
    way_out_zh="请稍后重试；若持续如此，请管理员运行 wushu doctor。",
    way_out_en="Try again later; if it goes on, let the operator run `wushu doctor`.",
)
STORAGE_CONFLICT = kind(
    "storage-conflict",
    409,
    zh="对象存储中已有名为 {name} 的另一内容。",
    en="The object storage has other content under the name {name}.",
    way_out_zh="对象按内容命名，不应出现这种情况：请管理员运行 wushu doctor 并核对桶的写入权限。",
    way_out_en="Objects are named by content, so this ought not to happen: let the operator run `wushu "
    "doctor` and look who else may write to the bucket.",
)
