"""Every "no" about series, groupings, duties and sources."""

from __future__ import annotations

from wushu.kernel.errors import kind

PERIOD_WRONG = kind(
    "series-period-wrong",
    422,
    zh="“{period}”不是系列中的时期。",
    en="“{period}” is no period of a series.",
    way_out_zh="请写年份，或年份加半年、季度、月份：2024、2024-H1、2024-Q3、2024-05。",
    way_out_en="Write a year, or a half, quarter or month of one: 2024, 2024-H1, 2024-Q3, 2024-05.",
)
PERIOD_TAKEN = kind(
    "series-period-taken",
    409,
    zh="系列中 {period} 已经有数据集“{title}”。",
    en="The series has “{title}” for {period} already.",
    way_out_zh="请换一个时期，或先移出原来的数据集。",
    way_out_en="Give another period, or take the other dataset out first.",
)
ALREADY_IN_SERIES = kind(
    "already-in-series",
    409,
    zh="“{title}”已经属于系列“{series}”。",
    en="“{title}” is in the series “{series}” already.",
    way_out_zh="一个数据集只属于一个系列；请先把它移出。",
    way_out_en="A dataset is in one series at most; take it out of the other one first.",
)
ENTRY_NOT_LISTED = kind(
    "entry-not-listed",
    409,
    zh="“{title}”没有上架。",
    en="“{title}” is not listed.",
    way_out_zh="只有经审核上架的数据集才能编入；请先提交审核。",
    way_out_en="Only what was reviewed and listed can be arranged; submit it for review first.",
)
ENTRY_OF_ANOTHER_BODY = kind(
    "entry-of-another-body",
    409,
    zh="“{title}”不是本单位的数据集。",
    en="“{title}” is a dataset of another body.",
    way_out_zh="一个系列只收一个单位的数据集；跨单位的归类由数据主管部门编入主题库。",
    way_out_en="A series holds one body's datasets; what spans bodies is grouped by the data authority.",
)
SERIES_EMPTY = kind(
    "series-empty",
    409,
    zh="系列“{series}”的数据集不足两个。",
    en="The series “{series}” has fewer than two datasets.",
    way_out_zh="请先编入至少两个已上架的数据集。",
    way_out_en="Put two listed datasets into it first.",
)
SERIES_STATE = kind(
    "series-state",
    409,
    zh="系列“{series}”的状态是“{state_zh}”，不能{act_zh}。",
    en="The series “{series}” is {state_en}; one cannot {act_en} it.",
    way_out_zh="上架后名称和说明不再改动；需要改动时请关闭它，另建一个。",
    way_out_en="Once listed its words stay; close it and propose another one where they must change.",
)
GROUPING_NOT_EMPTY = kind(
    "grouping-not-empty",
    409,
    zh="“{grouping}”中还有 {count} 个数据集。",
    en="“{grouping}” still holds {count} datasets.",
    way_out_zh="请先移出其中的数据集。",
    way_out_en="Take its datasets out first.",
)
NOT_IN_IT = kind(
    "not-in-it",
    404,
    zh="“{title}”不在其中。",
    en="“{title}” is not in it.",
    way_out_zh="请刷新页面，看现在有哪些数据集。",
    way_out_en="Load the page again and see which datasets it holds now.",
)
DERIVED_FROM_ITSELF = kind(
    "derived-from-itself",
    409,
    zh="“{title}”不能来源于“{source}”：后者本身来源于前者。",
    en="“{title}” cannot come from “{source}”, which comes from it.",
    way_out_zh="请检查来源关系的方向。",
    way_out_en="Look at which of the two was made from the other.",
)
SOURCE_COLLECTS_NOT = kind(
    "source-collects-not",
    409,
    zh="{body}没有采集数据项“{item}”。",
    en="{body} does not collect the data item “{item}”.",
    way_out_zh="只能确定采集该数据项的单位为来源；请看台账中的重复采集清单。",
    way_out_en="Only a body that collects an item can be its source; see the ledger's duplicates.",
)
LEDGER_FOR_OFFICIALS = kind(
    "ledger-for-officials",
    403,
    zh="{who}不是政务单位的工作人员，不能查看台账。",
    en="{who} works for no department, and cannot read the ledger.",
    way_out_zh="公众可以使用公开的目录；工作人员请用有角色的账号登录。",
    way_out_en="The public has the catalogue; officials sign in with an account that holds a role.",
)
DERIVATION_KNOWN = kind(
    "derivation-known",
    409,
    zh="“{source}”已经登记为来源。",
    en="“{source}” is named as a source already.",
    way_out_zh="无需再次登记。",
    way_out_en="There is nothing left to do.",
)
