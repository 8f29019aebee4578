"""The invented city: 五数示范市, with a district and two counties, its bodies, people and accounts.

No place, body or person here exists. GB/T 2260 numbers prefectures 01-70 (and 90 for counties under
a province), so 3299 is well formed and nobody's; neither is a credit code with 3299 in its third
to sixth place (GB 32100) anybody's. The city is put under 32 because its rules are read from there.
E-mail addresses end in ``.example``, which RFC 2606 keeps for such uses.
"""

from __future__ import annotations

from dataclasses import dataclass

from wushu.parties.types import AdministrativeLevel, OrganisationKind, Role

NAME_ZH = "五数示范市"
NAME_EN = "Wushu Demonstration City"
NODE_NAME_ZH = f"{NAME_ZH}（虚构）"
NODE_NAME_EN = f"{NAME_EN} (fictional)"
"""What stands at the head of every page, so that nobody takes it for a place."""
DIVISION = "329900"
DISTRICT = "329902"
COUNTY = "329921"
SOUTH = "329922"
DIVISIONS = {
    DIVISION: (NAME_ZH, NAME_EN),
    DISTRICT: (f"{NAME_ZH}东湖区", f"{NAME_EN} Donghu District"),
    COUNTY: (f"{NAME_ZH}西山县", f"{NAME_EN} Xishan County"),
    SOUTH: (f"{NAME_ZH}南河县", f"{NAME_EN} Nanhe County"),
}
"""The city, a district and two counties of it: code -> name in Chinese and English."""
PASSWORD = "wushu-demo-2026"  # noqa: S105  (printed on purpose; the demo answers this machine only)

NOTICE_ZH = "五数示范市是虚构的城市，机构、人员与账号均为演示而设。"
NOTICE_EN = "Wushu Demonstration City is invented, and so are its bodies, people and accounts."


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """A body of the invented city. ``code``: unified social credit code with valid check digits."""

    key: str
    kind: OrganisationKind
    code: str
    name_zh: str
    name_en: str
    contact_name: str
    above: str = ""
    """Key of the body it is under, which stands before it; empty: none is said."""

    @property
    def contact_email(self) -> str:
        """An address that can never be somebody's."""
        return f"{self.key}@demo.wushu.example"

    @property
    def division(self) -> str:
        """The city, or the district or county whose department it is."""
        return self.code[2:8]

    @property
    def level(self) -> str:
        """Departments have the level of their division; others have no administrative level."""
        if self.kind is not OrganisationKind.DEPARTMENT:
            return ""
        of_city = self.division == DIVISION
        return (AdministrativeLevel.PREFECTURE if of_city else AdministrativeLevel.COUNTY).value


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person with an account. ``organisation`` is the key of a body, empty for a citizen."""

    username: str
    name: str
    title_zh: str
    title_en: str
    organisation: str = ""
    roles: tuple[Role, ...] = ()


def _department(
    key: str,
    code: str,
    name_zh: str,
    name_en: str,
    contact: str,
    *,
    of: str = DIVISION,
    above: str = "",
) -> DemoOrganisation:
    zh, en = DIVISIONS[of]
    return DemoOrganisation(
        key, OrganisationKind.DEPARTMENT, code, zh + name_zh, f"{en} {name_en}", contact, above
    )


ORGANISATIONS = (
    _department("data", "11329900DEM0000146", "数据局", "Data Bureau", "数据开放科"),
    _department(
        "centre", "11329900DEM0000221", "信息中心", "Information Centre", "平台运行科", above="data"
    ),
    _department("civil", "11329900DEM000030U", "民政局", "Civil Affairs Bureau", "区划地名科"),
    _department(
        "labour",
        "11329900DEM000049Q",
        "人力资源和社会保障局",
        "Human Resources and Social Security Bureau",
        "劳动关系科",
    ),
    _department("transport", "11329900DEM000057K", "交通运输局", "Transport Bureau", "综合运输科"),
    _department("statistics", "11329900DEM000065E", "统计局", "Statistics Bureau", "综合统计科"),
    _department("education", "11329900DEM0000739", "教育局", "Education Bureau", "语言文字科"),
    _department("commerce", "11329900DEM0000814", "商务局", "Commerce Bureau", "对外贸易科"),
    _department(
        "industry",
        "11329900DEM0000902",
        "工业和信息化局",
        "Industry and Information Technology Bureau",
        "信息通信科",
    ),
    _department("finance", "11329900DEM000100E", "财政局", "Finance Bureau", "国际合作科"),
    _department("weather", "11329900DEM000120G", "气象局", "Meteorological Bureau", "公共服务科"),
    _department("foreign", "11329900DEM000130H", "外事办公室", "Foreign Affairs Office", "综合科"),
    _department(
        "culture",
        "11329900DEM000140J",
        "文化广电和旅游局",
        "Culture, Broadcasting and Tourism Bureau",
        "资源开发科",
    ),
    _department(
        "donghu",
        "11329902DEM000150G",
        "教育局",
        "Education Bureau",
        "教育信息科",
        of=DISTRICT,
        above="education",
    ),
    _department(
        "xishan",
        "11329921DEM0001602",
        "农业农村局",
        "Agriculture and Rural Affairs Bureau",
        "农技推广站",
        of=COUNTY,
    ),
    _department(
        "nanhe",
        "11329922DEM000170H",
        "文化体育和旅游局",
        "Culture, Sports and Tourism Bureau",
        "旅游管理股",
        of=SOUTH,
    ),
    DemoOrganisation(
        "yuntu",
        OrganisationKind.ENTERPRISE,
        "91329900DEM001017E",
        "五数示范云途出行服务有限公司",
        "Yuntu Mobility Services Co., Ltd. (Demonstration)",
        "数据产品部",
    ),
    DemoOrganisation(
        "quality",
        OrganisationKind.AGENCY,
        "52329900DEM00201XT",
        "五数示范数据质量评估中心",
        "Data Quality Assessment Centre (Demonstration)",
        "评估一部",
    ),
)


def _clerk(body: str, name: str, office_zh: str, office_en: str) -> DemoPerson:
    return DemoPerson(
        f"clerk.{body}",
        name,
        f"{office_zh}经办人",
        f"clerk, {office_en}",
        body,
        (Role.OPENING_BODY,),
    )


PEOPLE = (
    DemoPerson(
        "clerk", "李敏", "民政局经办人", "clerk, Civil Affairs", "civil", (Role.OPENING_BODY,)
    ),
    _clerk("labour", "王勤", "人社局", "Labour"),
    _clerk("transport", "陈路", "交通局", "Transport"),
    _clerk("statistics", "孙统", "统计局", "Statistics"),
    _clerk("education", "赵文", "教育局", "Education"),
    _clerk("commerce", "何商", "商务局", "Commerce"),
    _clerk("industry", "罗讯", "工信局", "Industry"),
    _clerk("finance", "蒋衡", "财政局", "Finance"),
    _clerk("weather", "云晴", "气象局", "Meteorology"),
    _clerk("foreign", "万里", "外办", "Foreign Affairs"),
    _clerk("culture", "苏雅", "文广旅局", "Culture"),
    _clerk("donghu", "方启", "东湖区教育局", "Donghu Education"),
    _clerk("xishan", "石坚", "西山县农业农村局", "Xishan Agriculture"),
    _clerk("nanhe", "江帆", "南河县文体旅局", "Nanhe Tourism"),
    DemoPerson(
        "officer.nanhe",
        "顾衡",
        "南河县文体旅局首席数据官",
        "chief data officer, Nanhe Tourism",
        "nanhe",
        (Role.CHIEF_DATA_OFFICER,),
    ),
    DemoPerson(
        "officer",
        "林首",
        "民政局首席数据官",
        "chief data officer",
        "civil",
        (Role.CHIEF_DATA_OFFICER,),
    ),
    DemoPerson(
        "reviewer", "周正", "数据局审核人", "reviewer, Data Bureau", "data", (Role.DATA_AUTHORITY,)
    ),
    DemoPerson("supervisor", "钱守", "数据局监督人员", "supervisor", "data", (Role.SUPERVISOR,)),
    DemoPerson(
        "expert", "许专", "专家咨询团队成员", "member of the expert panel", "data", (Role.EXPERT,)
    ),
    DemoPerson(
        "operator",
        "吴维",
        "信息中心平台运行人员",
        "platform operator",
        "centre",
        (Role.PLATFORM_OPERATOR,),
    ),
    DemoPerson("registrar", "郑登", "登记服务机构人员", "registrar", "centre", (Role.REGISTRY,)),
    DemoPerson(
        "analyst",
        "冯远",
        "企业数据分析师",
        "enterprise analyst",
        "yuntu",
        (Role.DATA_USER, Role.APPLICANT, Role.INTERESTED_PARTY),
    ),
    DemoPerson("agent", "韩理", "企业登记代理人", "enterprise's agent", "yuntu", (Role.AGENT,)),
    DemoPerson(
        "assessor",
        "沈评",
        "第三方机构评估人员",
        "third-party assessor",
        "quality",
        (Role.THIRD_PARTY_AGENCY,),
    ),
    DemoPerson("citizen", "白雪", "市民", "citizen"),
)

REVIEWER = "reviewer"


def organisation(key: str) -> DemoOrganisation:
    """The body with this key; ``KeyError`` when there is none."""
    return {o.key: o for o in ORGANISATIONS}[key]


def clerk_of(key: str) -> DemoPerson:
    """Who files for the body; ``KeyError`` when nobody does."""
    clerks = {p.organisation: p for p in PEOPLE if Role.OPENING_BODY in p.roles}
    return clerks[key]
