"""How a scan says no."""

from __future__ import annotations

from wushu.kernel.errors import kind

MALWARE_FOUND = kind(
    "malware-found",
    422,
    zh="文件 {name} 含有恶意代码（{signature}），没有接收。",
    en="Malware was found in {name} ({signature}); it was not accepted.",
    way_out_zh="请检查产生该文件的电脑，清除后重新导出；若确认是误报，请联系节点管理员。",
    way_out_en="Check the computer it comes from and export it again; if you are sure that it is a false "
    "alarm, tell the node's operator.",
)
SCAN_UNAVAILABLE = kind(
    "scan-unavailable",
    503,
    zh="恶意代码检查服务现在不可用，文件 {name} 没有接收。",
    en="The malware scanner is not available; {name} was not accepted.",
    way_out_zh="请稍后重新上传；若持续如此，请管理员运行 wushu doctor。",
    way_out_en="Hand it in again later; if it goes on, let the operator run `wushu doctor`.",
)
SCAN_TOO_LARGE = kind(
    "scan-too-large",
    413,
    zh="文件 {name} 超过恶意代码检查的上限 {limit} 字节，没有接收。",
    en="The file {name} is larger than the {limit} bytes that are scanned; it was not accepted.",
    way_out_zh="请分成几个文件，或请管理员同时调高 clamd 的 StreamMaxLength 和 WUSHU_CLAMD_MAX_BYTES。",
    way_out_en="Split it, or ask the operator to raise clamd's StreamMaxLength and "
    "WUSHU_CLAMD_MAX_BYTES together.",
)
