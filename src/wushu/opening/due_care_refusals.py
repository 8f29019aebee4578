"""Every "no" about the record of due care."""

from __future__ import annotations

from wushu.kernel.errors import kind

DUE_CARE_FOR_OFFICIALS = kind(
    "due-care-for-officials",
    403,
    zh="履职记录供开放这个数据集的单位和主管部门使用，{who}两者都不是。",
    en="The record of due care is for the body that opens the dataset and its authority; {who} is of neither.",
    way_out_zh="任何人都可以看数据集的历史、事项公示和存证；需要记录的，请向该单位索取，其中的存证可以自行核验。",
    way_out_en="Anybody can read the dataset's history, the ledger of cases and the log; ask the body "
    "for the record, whose proofs you can check yourself.",
)
