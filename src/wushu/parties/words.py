"""What refusals call roles and levels. Pages have the same words through gettext (``labels``)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wushu.kernel.errors import Said
from wushu.parties.types import AdministrativeLevel, Role

ROLES: Mapping[Role, Said] = MappingProxyType(
    {
        Role.DATA_AUTHORITY: Said("公共数据主管部门", "data authority"),
        Role.PLATFORM_OPERATOR: Said("平台运行单位", "platform operator"),
        Role.OPENING_BODY: Said("数据开放主体", "opening body"),
        Role.DATA_USER: Said("数据利用主体", "data user"),
        Role.EXPERT: Said("专家咨询团队成员", "member of the expert panel"),
        Role.CHIEF_DATA_OFFICER: Said("首席数据官", "chief data officer"),
        Role.APPLICANT: Said("登记主体", "applicant for registration"),
        Role.AGENT: Said("代理人", "agent"),
        Role.REGISTRY: Said("登记服务机构", "registry"),
        Role.THIRD_PARTY_AGENCY: Said("第三方专业数据服务机构", "third-party data service agency"),
        Role.INTERESTED_PARTY: Said("利害关系人", "interested party"),
        Role.SUPERVISOR: Said("监督管理部门", "supervising authority"),
    }
)
LEVELS: Mapping[str, Said] = MappingProxyType(
    {
        AdministrativeLevel.PROVINCE.value: Said("省级", "province"),
        AdministrativeLevel.PREFECTURE.value: Said("市级", "prefecture"),
        AdministrativeLevel.COUNTY.value: Said("县级", "county"),
        AdministrativeLevel.TOWNSHIP.value: Said("乡级", "township"),
        "village": Said("村级", "village"),
    }
)
