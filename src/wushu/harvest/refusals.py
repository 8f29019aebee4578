"""Every "no" of the harvest, by name, in two languages, with the way out."""

from __future__ import annotations

from wushu.kernel.errors import kind

# Sources

HARVESTER_LACKS_ROLE = kind(
    "harvester-lacks-role",
    403,
    zh="{who}不能管理采集：没有本平台所在地的数据主管部门或平台运营单位的角色。",
    en="{who} may not manage harvests: neither the role of the data authority nor of the platform's"
    " operator over the place of this node.",
    way_out_zh="请由主管部门或平台运营单位的人员办理；用密钥时须有相应范围。",
    way_out_en="Let somebody of the authority or the platform's operator do it; a key needs the scope.",
)
ACTIVATOR_LACKS_ROLE = kind(
    "activator-lacks-role",
    403,
    zh="{who}不能启用采集来源：没有本平台所在地数据主管部门的角色。",
    en="{who} may not activate a source: not the role of the data authority over the place of this node.",
    way_out_zh="请由主管部门的另一人启用。",
    way_out_en="Let another person, of the data authority, activate it.",
)
ACTIVATOR_IS_PROPOSER = kind(
    "activator-is-proposer",
    403,
    zh="{who}提出了这个来源，不能自己启用。",
    en="{who} proposed this source and cannot activate it.",
    way_out_zh="请由主管部门的另一人启用。",
    way_out_en="Let another person of the data authority activate it.",
)
SOURCE_NAME_TAKEN = kind(
    "source-name-taken",
    409,
    zh="名称“{name}”已被另一个采集来源使用。",
    en="The name “{name}” belongs to another source.",
    way_out_zh="请换一个名称。",
    way_out_en="Choose another.",
)
SOURCE_STATE_WRONG = kind(
    "source-state-wrong",
    409,
    zh="采集来源“{name}”现在是“{state}”，不能{act}。",
    en="The source {name} is {state}; one cannot {act} it now.",
    way_out_zh="请刷新页面，看它现在的状态。",
    way_out_en="Look at its present state.",
)

# Runs

HARVEST_RUNNING = kind(
    "harvest-running",
    409,
    zh="采集来源“{name}”正在被采集。",
    en="The source {name} is being harvested already.",
    way_out_zh="请等它结束后再试。",
    way_out_en="Wait for its end and try again.",
)
HARVEST_ANSWER_WRONG = kind(
    "harvest-answer-wrong",
    502,
    zh="{host} 的应答不是所说的目录：{reason}。已有的记录没有改动。",
    en="The answer of {host} is not the catalogue it should be: {reason}. Nothing was changed here.",
    way_out_zh="请核对网址和协议；与对方核实服务是否正常。",
    way_out_en="Check address and protocol; ask whoever runs it whether the service is well.",
)
HARVEST_INCOMPLETE = kind(
    "harvest-incomplete",
    502,
    zh="{host} 说有 {told} 条，只给出 {found} 条。已有的记录没有改动。",
    en="{host} says it has {told} records and gave {found}. Nothing was changed here.",
    way_out_zh="请稍后再采集一次；仍然如此的，请对方检查分页。",
    way_out_en="Harvest again later; if it stays so, ask whoever runs it to look at its paging.",
)
HARVEST_TOO_MUCH = kind(
    "harvest-too-much",
    502,
    zh="{host} 给出的超过一次采集的上限：{what}。已有的记录没有改动。",
    en="{host} gives more than one harvest may take: {what}. Nothing was changed here.",
    way_out_zh="请采集对方的一个子集（OAI-PMH 用 set），或分成几个来源。",
    way_out_en="Harvest a part of it (a set of OAI-PMH), or divide it into several sources.",
)
HARVEST_SHRUNK = kind(
    "harvest-shrunk",
    409,
    zh="采集来源“{name}”上次有 {before} 条，这次有 {missing} 条不见了，对方也没有说已删除。已有的记录没有改动。",
    en="The source {name} had {before} records; {missing} of them are missing now, and nothing says they "
    "were deleted. Nothing was changed here.",
    way_out_zh="请先到对方网站查看；确实减少了的，再采集一次并确认（--accept-shrink）。",
    way_out_en="Look at the source first; if it truly shrank, harvest again and confirm (--accept-shrink).",
)
HARVEST_BROKEN_OFF = kind(
    "harvest-broken-off",
    503,
    zh="对“{name}”的采集中断了：本节点停止了工作。已有的记录没有改坏。",
    en="The harvest of {name} was broken off: the node stopped. No record was left half-written.",
    way_out_zh="节点恢复后会再次采集；也可以现在采集。",
    way_out_en="It is harvested again once the node is back; it can also be run now.",
)
RECORD_GONE = kind(
    "record-gone",
    410,
    zh="“{title}”已不在其来源目录中。",
    en="“{title}” is no longer in the catalogue it came from.",
    way_out_zh="请到来源目录查找。",
    way_out_en="Look for it in that catalogue.",
)
