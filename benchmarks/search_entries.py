"""Plausible entries of a Chinese region's catalogue, the same ones for the same number.

Titles are put together as departments do it: whose, since when, of what, as which kind of list. Words
are drawn unevenly, as in life: a few subjects are in many titles, most in few.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

AREAS = (
    "本市", "姑苏区", "虎丘区", "吴中区", "相城区", "吴江区", "工业园区", "高新区", "常熟市", "张家港市",
    "昆山市", "太仓市", "朝阳区", "重庆路街道", "长安镇", "木渎镇", "甪直镇", "同里镇", "盛泽镇", "震泽镇",
)  # fmt: skip
SUBJECTS = (
    "公共交通", "医疗机构", "企业登记", "空气质量", "学校", "养老服务", "停车场", "行政许可", "行政处罚",
    "公交站点", "地铁线路", "出租车", "道路施工", "充电桩", "公共自行车", "药店", "疫苗接种点", "家庭医生",
    "社区卫生服务中心", "食品抽检", "特种设备", "安全生产许可", "建筑工程", "房屋租赁", "保障性住房",
    "不动产登记", "土地出让", "水质监测", "垃圾分类", "污染源", "河长", "噪声监测", "气象观测", "降水量",
    "幼儿园", "高等院校", "教师资格", "图书馆", "博物馆", "非物质文化遗产", "文物保护单位", "旅游景区",
    "星级酒店", "农产品价格", "粮食收购", "农业合作社", "渔业养殖", "林地", "种子经营", "畜禽屠宰",
    "知识产权", "专利授权", "高新技术企业", "科技项目", "人才引进", "职业技能", "社会保险", "失业登记",
    "招聘岗位", "婚姻登记", "收养登记", "殡葬服务", "社会组织", "志愿服务", "残疾人补贴", "低保对象统计",
    "公证机构", "律师事务所", "人民调解", "政府采购", "招标投标", "财政预算", "税收统计", "外商投资",
    "进出口", "港口吞吐量", "物流园区", "快递网点", "供水", "供电", "燃气", "路灯", "排水管网", "公园绿地",
    "公共厕所", "消防栓", "避难场所", "应急物资", "地震监测", "网约车", "驾校", "机动车检验", "交通事故统计",
    "信用评价", "失信被执行人", "电梯", "计量器具", "标准备案", "广告发布", "电子商务", "体育场馆", "健身步道",
)  # fmt: skip
KINDS = (
    "信息", "名录", "统计表", "明细", "清单", "月报", "年报", "目录", "台账", "公示", "名单", "数据", "一览表",
    "监测数据", "基本情况", "办理结果", "分布", "价格", "年度统计", "实时数据",
)  # fmt: skip
THEMES = ("TRAN", "HEAL", "ECON", "ENVI", "EDUC", "SOCI", "GOVE", "JUST", "AGRI", "TECH", "REGI")
CYCLES = ("DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL", "ANNUAL", "IRREG", "NEVER")
OFFICES = (
    "交通运输", "卫生健康", "教育", "生态环境", "农业农村", "住房和城乡建设", "市场监督管理", "民政", "财政",
    "公安", "文化广电和旅游", "人力资源和社会保障", "自然资源和规划", "水务", "应急管理", "统计", "体育",
    "商务", "科学技术", "城市管理",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Described:
    """What one entry says."""

    number: int
    title: str
    title_en: str
    description: str
    keywords: tuple[str, ...]
    theme: str
    attribute: str
    cycle: str
    spatial: str
    columns: tuple[tuple[str, str], ...]
    body: int
    """Which of the bodies."""


def described(count: int, bodies: int) -> Iterator[Described]:
    """So many entries of so many bodies."""
    chance = random.Random(20_261_121)
    weights = list(accumulate(1 / (place + 2) ** 0.8 for place in range(len(SUBJECTS))))
    for number in range(count):
        [subject] = chance.choices(SUBJECTS, cum_weights=weights)
        area, kind = chance.choice(AREAS), chance.choice(KINDS)
        year = chance.randrange(2008, 2027)
        place = SUBJECTS.index(subject)
        yield Described(
            number=number,
            title=f"{area}{year}年{subject}{kind}（第{number % 997}号）",
            title_en=f"{THEMES[place % len(THEMES)]} register {number} of {year}",
            description=f"{area}{subject}的{kind}，由主管部门按{year}年口径汇总，含编号、名称、地址和日期。",
            keywords=(subject, kind, chance.choice(SUBJECTS)),
            theme=THEMES[place % len(THEMES)],
            attribute="unconditional" if chance.random() < 0.8 else "conditional",
            cycle=chance.choice(CYCLES),
            spatial=chance.choice(("320500", "320506", "320508", "320581")),
            columns=(
                ("code", "编号"),
                ("name", f"{subject}名称"),
                ("address", "地址"),
                ("day", "日期"),
            ),
            body=(place * 7 + number) % bodies,
        )
