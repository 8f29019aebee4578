"""Every "no" of plans, needs and assessments."""

from __future__ import annotations

from wushu.kernel.errors import kind

PLAN_YEAR = kind(
    "plan-year",
    409,
    zh="{year} 年的计划不能编制或调整。",
    en="The plan of {year} cannot be drafted or amended.",
    way_out_zh="可以编制 {first} 年和 {last} 年的计划。",
    way_out_en="Plans of {first} and {last} can be.",
)
PLAN_STATE = kind(
    "plan-state",
    409,
    zh="{body}{year} 年的计划现在不能{what}：{state}。",
    en="The plan of {body} for {year} cannot be {what} now: {state}.",
    way_out_zh="请刷新页面，看计划现在的状态。",
    way_out_en="Reload the page to see where the plan stands.",
)
OWN_PLAN = kind(
    "own-plan",
    403,
    zh="{who}不能审定自己提交的或者本单位的计划。",
    en="{who} may not decide on a plan of their own or of their body.",
    way_out_zh="请由主管部门的另一人审定。",
    way_out_en="Let somebody else of the authority decide.",
)
CALL_NOT_OPEN = kind(
    "call-not-open",
    409,
    zh="“{title}”的征集期是 {begins} 至 {ends}，现在不能提交。",
    en="“{title}” takes needs from {begins} to {ends}, and none now.",
    way_out_zh="请看有没有正在进行的征集，或者直接向单位提出目录外数据需求。",
    way_out_en="See whether another call is open, or ask a body for data outside the catalogue.",
)
NEEDS_FULL = kind(
    "needs-full",
    409,
    zh="您已有 {limit} 项需求等待审核。",
    en="{limit} needs of yours wait to be looked at already.",
    way_out_zh="请等审核之后再提交。",
    way_out_en="Wait until they were looked at.",
)
NEED_STATE = kind(
    "need-state",
    409,
    zh="需求“{title}”现在不能{what}。",
    en="The need “{title}” cannot be {what} now.",
    way_out_zh="请刷新页面，看它现在的状态。",
    way_out_en="Reload the page to see where it stands.",
)
OWN_NEED = kind(
    "own-need",
    403,
    zh="这是{who}自己提出的需求，不能{what}。",
    en="{who} wrote this need themselves and may not {what}.",
    way_out_zh="请由其他人办理。",
    way_out_en="Let somebody else do it.",
)
INDICATORS_FAULTY = kind(
    "indicators-faulty",
    422,
    zh="{file} 的 {where} 不正确：{reason}。",
    en="{where} of {file} is wrong: {reason}.",
    way_out_zh="请改正后再运行 wushu assessment check；格式见 docs/reference/regulation-files.md。",
    way_out_en="Correct it and run wushu assessment check again; docs/reference/regulation-files.md has the form.",
)
INDICATORS_MISSING = kind(
    "indicators-missing",
    409,
    zh="{division} 采用的规则没有考核评估指标体系。",
    en="No rules that {division} applies declare an indicator system.",
    way_out_zh="请采用带有 assessment.toml 的法规。",
    way_out_en="Adopt a regulation whose folder has an assessment.toml.",
)
ASSESSMENT_PUBLISHED = kind(
    "assessment-published",
    409,
    zh="{division} {year} 年的考核评估已经公布，不再变动。",
    en="The assessment of {division} for {year} is published and stays as it is.",
    way_out_zh="请查看公布的结果。",
    way_out_en="Read what was published.",
)
PLAN_CELL = kind(
    "plan-cell",
    422,
    zh="单元格 {cell}：{reason}。",
    en="Cell {cell}: {reason}.",
    way_out_zh="请改正后重新上传；一处有误，整个清单都不会改动。",
    way_out_en="Correct it and send the file again; while one cell is wrong nothing of the list changes.",
)
