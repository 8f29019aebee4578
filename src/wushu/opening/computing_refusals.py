"""Every "no" that a computation may meet, but those of the program itself (``privacy``)."""

from __future__ import annotations

from wushu.kernel.errors import kind

COMPUTATIONS_FULL = kind(
    "computations-full",
    429,
    zh="对“{title}”已提交 {given} 个程序：24 小时内最多 {limit} 个，等待运行的最多 {open} 个。",
    en="{given} programs were handed in for “{title}”: at most {limit} in 24 hours, and {open} that "
    "wait to run.",
    way_out_zh="请等前面的运行完，或明天再提交。",
    way_out_en="Wait until those before have run, or come back tomorrow.",
)
COMPUTATION_STANDS_OTHERWISE = kind(
    "computation-stands-otherwise",
    409,
    zh="这次计算现在是“{state}”，不能{what}。",
    en="The computation stands at “{state}” now: you cannot {what}.",
    way_out_zh="请刷新页面，看现在可以做什么。",
    way_out_en="Load the page again; it says what can be done.",
)
COMPUTATION_NOT_RELEASED = kind(
    "computation-not-released",
    403,
    zh="这次计算的结果没有放行（{state}），不能下载。",
    en="The result of this computation is not released ({state}) and cannot be downloaded.",
    way_out_zh="结果由数据开放主体审核后放行；未放行的，页面上写有理由。",
    way_out_en="An official of the opening body decides on it; where it was withheld the page says why.",
)
COMPUTATION_OF_ONES_OWN = kind(
    "computation-of-ones-own",
    403,
    zh="{who}不能放行自己或本单位提交的计算。",
    en="{who} cannot release what they, or an organisation of theirs, submitted.",
    way_out_zh="请由数据开放主体的另一位工作人员审核。",
    way_out_en="Another official of the opening body decides on it.",
)
COMPUTATION_GIVEN_UP = kind(
    "computation-given-up",
    500,
    zh="运行这个程序的后台进程 {tries} 次中途停止，不再尝试。",
    en="The worker that ran this program ended {tries} times before it was done; it is given up.",
    way_out_zh="请改用更小的数据范围或更简单的程序重新提交；若仍如此，请把时间告诉节点运维人员。",
    way_out_en="Hand in a smaller or simpler program; if it stays so, tell the node's operator the time.",
)
COMPUTATION_BROKE = kind(
    "computation-broke",
    500,
    zh="节点在计算时出错，错误已记入日志。",
    en="The node failed while it computed; the fault is in its log.",
    way_out_zh="请重新提交；若仍如此，请把时间告诉节点运维人员。",
    way_out_en="Hand it in again; if it stays so, tell the node's operator the time.",
)
