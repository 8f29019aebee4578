"""Every "no" that a program of somebody else may meet."""

from __future__ import annotations

from wushu.kernel.errors import kind

PROGRAM_EMPTY = kind(
    "program-empty",
    422,
    zh="没有填写程序。",
    en="There is no program.",
    way_out_zh="请写一条 SELECT 语句；被授权的数据是表 data。",
    way_out_en="Write one SELECT statement; what is granted is the table data.",
)
PROGRAM_TOO_LONG = kind(
    "program-too-long",
    422,
    zh="程序有 {length} 个字符，最多 {limit} 个。",
    en="The program has {length} characters; it may have {limit}.",
    way_out_zh="请缩短程序，或分成几个提交。",
    way_out_en="Shorten it, or hand in several.",
)
PROGRAM_NOT_UNDERSTOOD = kind(
    "program-not-understood",
    422,
    zh="引擎不理解这个程序：{what}",
    en="The engine does not understand the program: {what}",
    way_out_zh="请按 DuckDB 的 SQL 更正；列名以数据页为准，带引号的名称用双引号。",
    way_out_en="Correct it by DuckDB's SQL; columns are named as on the dataset's page.",
)
PROGRAM_NOT_ONE_STATEMENT = kind(
    "program-not-one-statement",
    422,
    zh="程序有 {what} 条语句，应当只有一条。",
    en="The program has {what} statements; it has one.",
    way_out_zh="请只写一条 SELECT；中间步骤用 WITH。",
    way_out_en="Write one SELECT; steps on the way go into WITH.",
)
PROGRAM_NOT_A_QUERY = kind(
    "program-not-a-query",
    422,
    zh="程序不是一条 SELECT 语句：沙箱里不能读写文件、连接别的库、装载扩展或更改设置。",
    en="The program is no SELECT: in the sandbox no file is read or written, nothing attached, no "
    "extension loaded and no setting changed.",
    way_out_zh="请只写一条 SELECT；被授权的数据是表 data。",
    way_out_en="Write one SELECT; what is granted is the table data.",
)
PROGRAM_OTHER_TABLE = kind(
    "program-other-table",
    422,
    zh="沙箱里没有表或文件“{what}”。",
    en="In the sandbox there is no table or file “{what}”.",
    way_out_zh="只有表 data，以及程序自己用 WITH 给出的表。",
    way_out_en="There is the table data, and what the program names itself by WITH.",
)
PROGRAM_FUNCTION_REFUSED = kind(
    "program-function-refused",
    422,
    zh="沙箱里不能用函数 {what}。",
    en="The function {what} is not to be used in the sandbox.",
    way_out_zh="请只计算表 data 里的内容；产生行的函数只有 range、generate_series 和 unnest。",
    way_out_en="Compute with the table data alone; of functions that make rows there are range, "
    "generate_series and unnest.",
)
PROGRAM_TOO_SLOW = kind(
    "program-too-slow",
    422,
    zh="程序运行超过 {seconds} 秒，已停止。",
    en="The program ran longer than {seconds} seconds and was stopped.",
    way_out_zh="请先筛选或分组，避免没有终点的递归和不带条件的连接。",
    way_out_en="Filter or group first; avoid recursion without an end and joins without a condition.",
)
PROGRAM_TOO_LARGE = kind(
    "program-too-large",
    422,
    zh="程序需要的内存超过 {memory} MB，已停止。",
    en="The program needed more than {memory} MB of memory and was stopped.",
    way_out_zh="请先筛选或分组，少排序、少拼接长文本。",
    way_out_en="Filter or group first; sort less, and build no long texts.",
)
COMPUTED_TOO_LARGE = kind(
    "computed-too-large",
    422,
    zh="结果超过 {rows} 行或 {bytes} 字节，没有保存。",
    en="The result has more than {rows} rows or {bytes} bytes; it was not kept.",
    way_out_zh="请分组汇总，或用 LIMIT 取最前的一部分。",
    way_out_en="Group it, or take its beginning with LIMIT.",
)
PROGRAM_FAILED = kind(
    "program-failed",
    422,
    zh="程序在运行中出错（{what}）。",
    en="The program failed while it ran ({what}).",
    way_out_zh="错误的原文可能带有数据，不予显示。请检查类型转换（可用 TRY_CAST）、除以零和数值范围。",
    way_out_en="The engine's own words may hold data and are not shown. Look at casts (TRY_CAST), at "
    "division by zero and at ranges.",
)
PROGRAM_BROKE = kind(
    "program-broke",
    422,
    zh="程序使计算进程中断，没有结果。",
    en="The program ended the process it ran in; there is no result.",
    way_out_zh="请简化程序，例如减少嵌套；若仍如此，请告诉节点运维人员。",
    way_out_en="Make it simpler, with less nesting for example; if it stays so, tell the operator.",
)
PROGRAM_STOPPED = kind(
    "program-stopped",
    409,
    zh="程序运行期间授权已中止，计算已停止。",
    en="The grant ended while the program ran; it was stopped.",
    way_out_zh="请与数据开放主体联系；恢复授权后重新提交。",
    way_out_en="Talk to the body that opens the data; hand it in again once access is restored.",
)
