"""What other apps see of parties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class OrganisationKind(StrEnum):
    """What an organisation is."""

    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"
    AGENCY = "agency"


class AdministrativeLevel(StrEnum):
    """Level of a department's division (行政层级)."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"


class Role(StrEnum):
    """Roles of the opening rules (art. 5, 6, 38) and the registration rules (art. 5, 15-20)."""

    DATA_AUTHORITY = "data_authority"  # 公共数据主管部门
    PLATFORM_OPERATOR = "platform_operator"  # 市信息中心
    OPENING_BODY = "opening_body"  # 数据开放主体
    DATA_USER = "data_user"  # 数据利用主体
    EXPERT = "expert"  # 专家咨询团队
    CHIEF_DATA_OFFICER = "chief_data_officer"  # 首席数据官
    APPLICANT = "applicant"  # 登记主体
    AGENT = "agent"  # 代理人
    REGISTRY = "registry"  # 登记服务机构
    THIRD_PARTY_AGENCY = "third_party_agency"  # 第三方专业数据服务机构
    INTERESTED_PARTY = "interested_party"  # 利害关系人
    SUPERVISOR = "supervisor"  # 监督管理部门


class Scope(StrEnum):
    """What an API key may be used for."""

    ROWS_READ = "rows:read"
    CATALOG_WRITE = "catalog:write"
    CATALOG_REVIEW = "catalog:review"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role an actor holds now."""

    organisation: UUID
    role: Role
    division: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in account, a key of it (then with its scopes), or the node itself."""

    urn: str
    name: str
    account: UUID | None = None
    person: UUID | None = None
    roles: tuple[HeldRole, ...] = ()
    scopes: frozenset[Scope] | None = None
    """None: a person at the desk or the command line, all that the roles allow."""

    @property
    def organisations(self) -> frozenset[UUID]:
        """Organisations the actor acts for."""
        return frozenset(held.organisation for held in self.roles)

    def holds(self, role: Role, organisation: UUID | None = None) -> bool:
        """Whether the actor holds the role (in that organisation)."""
        return any(
            held.role is role and organisation in (None, held.organisation) for held in self.roles
        )

    def allows(self, scope: Scope) -> bool:
        """Whether the credential used allows this kind of act."""
        return self.scopes is None or scope in self.scopes


NODE = Actor(urn="urn:wushu:node", name="node")
"""The node acting by itself (initialisation, background work)."""


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as pages and other apps see it."""

    id: UUID
    kind: OrganisationKind
    code: str
    name_zh: str
    name_en: str
    division: str
    level: str
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    homepage: str = ""

    def name(self, language: str) -> str:
        """Name in the language, Chinese where there is no English one."""
        return self.name_en if language == "en" and self.name_en else self.name_zh
