"""The spreadsheets by which bodies and their staff are imported."""

from __future__ import annotations

from wushu.kernel.errors import Said
from wushu.kernel.sheets import Column, Layout
from wushu.parties import words
from wushu.parties.types import AdministrativeLevel, OrganisationKind, Role

KINDS: dict[str, OrganisationKind] = {
    "部门": OrganisationKind.DEPARTMENT,
    "企业": OrganisationKind.ENTERPRISE,
    "第三方机构": OrganisationKind.AGENCY,
    **{one.value: one for one in OrganisationKind},
}
LEVELS: dict[str, str] = {
    **{said.zh: level for level, said in words.LEVELS.items() if level in set(AdministrativeLevel)},
    **{one.value: one.value for one in AdministrativeLevel},
}
ROLES: dict[str, Role] = {
    **{said.zh: role for role, said in words.ROLES.items()},
    **{one.value: one for one in Role},
}
"""What may stand in a cell, in Chinese or as the code."""

CODE = Column(
    "code", Said("统一社会信用代码", "Credit code", "code"),
    Said(
        "18 位统一社会信用代码（GB 32100），标识一个单位。请先把该列设为文本格式。",
        "The 18 characters of GB 32100; they identify the body.",
    ),
    "11320500MB0000009K", required=True,
)  # fmt: skip
BODIES = Layout(
    "bodies",
    Said("单位", "Bodies"),
    (
        CODE,
        Column(
            "name_zh", Said("中文名称", "Name in Chinese"),
            Said("单位全称。", "The full name in Chinese."), "示例市交通运输局", required=True,
        ),
        Column("name_en", Said("英文名称", "Name in English"), Said("可不填。", "May be empty."), "Transport Bureau"),
        Column(
            "kind", Said("单位类型", "Kind"),
            Said("部门、企业或第三方机构；不填为部门。", "A department where nothing is said."), "部门",
        ),
        Column(
            "division", Said("行政区划代码", "Division"),
            Said(
                "GB/T 2260 代码，6、9 或 12 位；部门必填，企业可不填。",
                "Code of GB/T 2260; departments need one.",
            ),
            "320500",
        ),
        Column(
            "level", Said("行政层级", "Level"),
            Said("省级、市级、县级或乡级；可不填，由区划代码得出。", "Follows from the division."),
            "市级",
        ),
        Column(
            "parent", Said("上级单位代码", "Body above"),
            Said(
                "上级或主管单位的统一社会信用代码；须已登记，或在上面的行里。",
                "Credit code of the body it is under: registered, or in a row above.",
            ),
        ),
        Column(
            "contact_name", Said("联系人", "Contact"),
            Said("公开的联系处室或岗位。", "Office that answers questions; public."), "综合处",
        ),
        Column("contact_phone", Said("联系电话", "Telephone"), Said("公开。", "Public."), "0512-00000000"),
        Column("contact_email", Said("联系邮箱", "E-mail"), Said("公开。", "Public."), "data@example.cn"),
        Column(
            "homepage", Said("网站地址", "Homepage"),
            Said("以 http 或 https 开头。", "Begins with http or https."), "https://example.cn/",
        ),
    ),
    (
        Said(
            "已登记的单位按代码更新名称和联系方式；空白单元格不改动原有内容。",
            "Registered bodies are updated by their code; empty cells change nothing.",
        ),
    ),
)  # fmt: skip
STAFF = Layout(
    "staff",
    Said("人员", "Staff"),
    (
        Column(
            "body", Said("单位代码", "Body"),
            Said("所在单位的统一社会信用代码，单位须已登记。", "Credit code of a registered body."),
            "11320500MB0000009K", required=True,
        ),
        Column("name", Said("姓名", "Name"), Said("真实姓名。", "The person's name."), "李敏", required=True),
        Column(
            "username", Said("用户名", "Username"),
            Said(
                "登录用，2 至 64 个小写字母、数字、点、下划线或连字符；一人一个。",
                "For signing in: lower-case letters, digits, dots, underscores, hyphens.",
            ),
            "li.min", required=True,
        ),
        Column(
            "roles", Said("角色", "Roles"),
            Said(
                "一个或多个，用顿号隔开：" + "、".join(words.ROLES[one].zh for one in Role) + "。",
                "One or more, separated by commas.",
            ),
            "数据开放主体", required=True,
        ),
        Column(
            "password", Said("初始密码", "First password"),
            Said(
                "可不填：导入后给出一次性的设置密码网址，七天内有效。已有账号的密码不会改动。",
                "Left empty, the report gives an address at which the person sets one.",
            ),
        ),
        Column("email", Said("电子邮箱", "E-mail address"), Said("可不填，不公开。", "May be empty; not public.")),
        Column("phone", Said("电话", "Telephone number"), Said("可不填，不公开。", "May be empty; not public.")),
    ),
    (
        Said(
            "不要填写身份证号等个人身份信息，这里不收。",
            "No numbers of identity cards: they are not taken.",
        ),
        Said(
            "同一人在几个单位任职的，每个单位一行，用户名和姓名相同。",
            "Who works for several bodies has a row for each, with the same username and name.",
        ),
    ),
)  # fmt: skip
LAYOUTS = {one.name: one for one in (BODIES, STAFF)}
