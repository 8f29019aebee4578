"""Facts the recognisers rest on, each with its source and date. No logic."""

from __future__ import annotations

from wushu.privacy.types import Kind

_MOBILE_SEGMENTS = """
130 131 132 133 134 135 136 137 138 139 145 146 147 148 149
150 151 152 153 155 156 157 158 159 162 1619 165 166 167
170 171 172 173 1740 1741 1749 175 176 177 178
180 181 182 183 184 185 186 187 188 189
190 191 192 193 195 196 197 198 199
"""
MOBILE_SEGMENTS = frozenset(_MOBILE_SEGMENTS.split())
"""Network codes given to public mobile networks: MIIT, 我国公众移动通信网网号及H0分配情况
(截至2023年3月底), published 2023-06-05. Thirteen-digit numbers of things (140-144) are not people's."""

CARD_PREFIXES = ("62", "60", "4", "5", "34", "35", "37", "9558", "9559")
"""Issuer prefixes of ISO/IEC 7812 in use on Chinese bank cards: UnionPay 62 and 60, Visa 4,
Mastercard 5, American Express 34 and 37, JCB 35, and the domestic 9558 and 9559 of ICBC and ABC."""

FIFTEEN_DIGIT_CARDS = ("34", "37")
"""Only American Express has fifteen digits."""

PLATE_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""Province characters of motor vehicle plates, GA 36-2018."""

PLATE_ENDINGS = "学警港澳挂试超领"
"""Last characters of special plates, GA 36-2018."""

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛"
    "郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦"
    "俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁"
)
"""First characters of the commonest surnames (Ministry of Public Security, national name report
2020, about the first 170): the test of a column whose header says "name"."""

HEADER_WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.RESIDENT_ID: (
        "身份证",
        "身份号",
        "证件号",
        "id_number",
        "idnumber",
        "id_card",
        "idcard",
        "id_no",
        "identity",
        "sfz",
    ),
    Kind.MOBILE: ("手机", "电话", "联系方式", "phone", "mobile", "tel", "sjh", "lxfs"),
    Kind.BANK_CARD: ("银行卡", "卡号", "账号", "帐号", "账户", "bank", "card", "yhk"),
    Kind.PLATE: ("车牌", "号牌", "车号", "plate", "cph"),
    Kind.EMAIL: ("邮箱", "邮件", "e-mail", "email", "mail"),
    Kind.PERSON_NAME: (
        "姓名",
        "法定代表人",
        "法人代表",
        "负责人",
        "联系人",
        "经办人",
        "申请人",
        "户主",
        "当事人",
        "person_name",
        "full_name",
        "fullname",
    ),
    Kind.CREDIT_CODE: ("信用代码", "uscc", "credit_code", "creditcode"),
}
"""Words that, in a header (folded to lower case), announce a kind."""

VAGUE_NAME_HEADERS = frozenset({"name", "名字", "xm", "名称"})
"""Headers that may mean a person's name as well as a thing's."""
