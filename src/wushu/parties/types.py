"""What other apps see of parties."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wushu.kernel.identifiers import parse_division
from wushu.kernel.languages import in_language
from wushu.parties.providers import NoRealName, NoSms, RealNameProvider, SmsProvider
from wushu.parties.refusals import (
    API_KEY_EXPIRED,
    API_KEY_REVOKED,
    API_KEY_SCOPES,
    API_KEY_UNKNOWN,
    DIVISION_MISSING,
    FIELD_EMPTY,
    IMPORT_BODY_DIFFERS,
    IMPORT_PARENT_UNKNOWN,
    IMPORT_PERSONAL_ID,
    IMPORT_ROW_TWICE,
    IMPORT_USERNAME_OF_ANOTHER,
    KEY_CANNOT_MANAGE,
    KEY_LACKS_SCOPE,
    LEVEL_MISMATCH,
    MEMBERSHIP_ENDED,
    MEMBERSHIP_EXISTS,
    NODE_ONLY,
    NOT_GOVERNING,
    NOT_OWN_ACCOUNT,
    NOTHING_TO_TRANSFER,
    ORGANISATION_EXISTS,
    ORGANISATION_UNDER_ITSELF,
    PASSWORD_LINK_ENDED,
    PASSWORD_WEAK,
    PASSWORD_WRONG,
    PERIOD_WRONG,
    ROLE_ABOVE_OPERATOR,
    ROLE_FOR_ONESELF,
    ROLE_NEEDS_ORGANISATION,
    ROLE_NOT_FOR_ORGANISATION,
    SIGN_IN_AGAIN,
    SIGN_IN_FAILED,
    SIGN_IN_LOCKED,
    SUCCESSOR_LACKS_ROLE,
    SUCCESSOR_WRONG,
    TOTP_ALREADY_SET,
    TOTP_CODE_WRONG,
    TOTP_NOT_SET,
    TOTP_REQUIRED,
    TOTP_SETUP_EXPIRED,
    TOTP_UNREADABLE,
    USERNAME_SHAPE,
    USERNAME_TAKEN,
)

__all__ = [
    "API_KEY_EXPIRED",
    "API_KEY_REVOKED",
    "API_KEY_SCOPES",
    "API_KEY_UNKNOWN",
    "DIVISION_MISSING",
    "FIELD_EMPTY",
    "IMPORT_BODY_DIFFERS",
    "IMPORT_PARENT_UNKNOWN",
    "IMPORT_PERSONAL_ID",
    "IMPORT_ROW_TWICE",
    "IMPORT_USERNAME_OF_ANOTHER",
    "KEY_CANNOT_MANAGE",
    "KEY_LACKS_SCOPE",
    "LEVEL_MISMATCH",
    "MEMBERSHIP_ENDED",
    "MEMBERSHIP_EXISTS",
    "NODE",
    "NODE_AT_THE_SHELL",
    "NODE_ONLY",
    "NOTHING_TO_TRANSFER",
    "NOT_GOVERNING",
    "NOT_OWN_ACCOUNT",
    "ORGANISATION_EXISTS",
    "ORGANISATION_UNDER_ITSELF",
    "PASSWORD_LINK_ENDED",
    "PASSWORD_WEAK",
    "PASSWORD_WRONG",
    "PERIOD_WRONG",
    "PERSONAL_ROLES",
    "ROLE_ABOVE_OPERATOR",
    "ROLE_FOR_ONESELF",
    "ROLE_NEEDS_ORGANISATION",
    "ROLE_NOT_FOR_ORGANISATION",
    "SIGN_IN_AGAIN",
    "SIGN_IN_FAILED",
    "SIGN_IN_LOCKED",
    "SUCCESSOR_LACKS_ROLE",
    "SUCCESSOR_WRONG",
    "TOTP_ALREADY_SET",
    "TOTP_CODE_WRONG",
    "TOTP_NOT_SET",
    "TOTP_REQUIRED",
    "TOTP_SETUP_EXPIRED",
    "TOTP_UNREADABLE",
    "USERNAME_SHAPE",
    "USERNAME_TAKEN",
    "AccountView",
    "Actor",
    "AdministrativeLevel",
    "ApiKeyView",
    "Channel",
    "HeldRole",
    "MembershipView",
    "NoRealName",
    "NoSms",
    "OrganisationKind",
    "OrganisationView",
    "RealNameProvider",
    "Role",
    "Scope",
    "SignInNote",
    "SignInStep",
    "SmsProvider",
    "SuccessionView",
    "TotpSetup",
    "account_urn",
    "covers",
]


def covers(governing: str, division: str) -> bool:
    """Whether the division governs the other, which lies in it or is the same.

    An organisation without a division (an enterprise from anywhere) is in everybody's reach; a
    body without a division governs nothing.
    """
    if not governing:
        return False
    return not division or parse_division(division).within(parse_division(governing))


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


PERSONAL_ROLES = frozenset({Role.DATA_USER, Role.APPLICANT, Role.INTERESTED_PARTY})
"""Roles a natural person may hold without an organisation: data users are natural persons, legal
persons and other organisations (细则 art. 6), applicants people or organisations (办法 art. 15)."""


class Scope(StrEnum):
    """What an API key may be used for."""

    ROWS_READ = "rows:read"
    CATALOG_WRITE = "catalog:write"
    CATALOG_REVIEW = "catalog:review"
    SUBSCRIPTIONS_MANAGE = "subscriptions:manage"
    CASES_FILE = "cases:file"
    CASES_HANDLE = "cases:handle"
    RESULTS_FILE = "results:file"
    RESULTS_REVIEW = "results:review"


class Channel(StrEnum):
    """By which way an actor came: who they are is worth as much as what the way asked of them."""

    PAGE = "page"  # a session, after password and code
    API = "api"  # an API key
    COMMAND_LINE = "command-line"  # a shell on the node's host, no password asked
    BACKGROUND = "background"  # the node goes on with what the account began


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role an actor holds now; ``organisation`` None: for themselves."""

    organisation: UUID | None
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
    channel: Channel | None = field(default=None, compare=False)
    """Goes into the log with every act. None: the node by itself."""

    @property
    def organisations(self) -> frozenset[UUID]:
        """Organisations the actor acts for."""
        return self.organisations_as(*Role)

    def organisations_as(self, *roles: Role) -> frozenset[UUID]:
        """Organisations in which the actor holds one of the roles."""
        return frozenset(
            held.organisation
            for held in self.roles
            if held.role in roles and held.organisation is not None
        )

    def holds(self, role: Role, organisation: UUID | None = None) -> bool:
        """Whether the actor holds the role (in that organisation)."""
        return any(
            held.role is role and organisation in (None, held.organisation) for held in self.roles
        )

    def holds_over(self, role: Role, division: str) -> bool:
        """Whether the actor holds the role for the division or for one above it."""
        return any(held.role is role and covers(held.division, division) for held in self.roles)

    def divisions(self, role: Role) -> tuple[str, ...]:
        """Divisions for which the actor holds the role, each once; never an empty one."""
        held = (one.division for one in self.roles if one.role is role and one.division)
        return tuple(dict.fromkeys(held))

    def allows(self, scope: Scope) -> bool:
        """Whether the credential used allows this kind of act."""
        return self.scopes is None or scope in self.scopes


NODE = Actor(urn="urn:wushu:node", name="node")
"""The node acting by itself (initialisation, background work)."""

NODE_AT_THE_SHELL = replace(NODE, channel=Channel.COMMAND_LINE)
"""The same at the hands of somebody with a shell on its host; equal to ``NODE`` in what it may."""


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
        return in_language(language, self.name_zh, self.name_en)


def account_urn(account: UUID) -> str:
    """URN of an account, as the log names it."""
    return f"urn:uuid:{account}"


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A role a person holds or held; ``valid_until`` is exclusive.

    ``organisation`` None: a natural person's own, in no organisation.
    """

    id: UUID
    person: UUID
    person_name: str
    organisation: OrganisationView | None
    role: Role
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class SuccessionView:
    """Who took over somebody's work in an organisation, from when on."""

    id: UUID
    person: UUID
    successor: UUID
    organisation: UUID
    since: datetime
    reason: str

    @property
    def urn(self) -> str:
        """Its name in the log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as its person and those who manage it see it."""

    id: UUID
    username: str
    person: UUID
    person_name: str
    is_active: bool
    has_totp: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """A key without its secret; ``prefix`` tells keys apart."""

    id: UUID
    account: UUID
    name: str
    prefix: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInNote:
    """One attempt to sign in to an account, for its person's overview."""

    at: datetime
    address: str
    succeeded: bool


@dataclass(frozen=True, slots=True)
class SignInStep:
    """What a right password gave: the account, or the ticket of the step that asks for a code."""

    account: UUID | None = None
    ticket: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OutsideStep:
    """A begun sign-in by a provider: where the browser goes, and what it keeps meanwhile."""

    url: str
    kept: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutsideWho:
    """Who a provider says somebody is there."""

    issuer: str
    subject: str
    name: str
    """As the provider shows it; to be read, never to be compared."""
    is_strong: bool
    """Whether the provider asked for more than a password, by the operator's reading."""
    after: dict[str, Any]
    """What the view wanted to know again."""


@dataclass(frozen=True, slots=True)
class OutsideView:
    """A link of an account to an identity at a provider."""

    issuer: str
    subject: str
    created_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class TotpSetup:
    """A begun set-up of one-time codes. Nothing is stored until a code confirms it.

    ``secret`` (base32) and ``uri`` (``otpauth://``, for a QR code) are shown to the person once;
    ``ticket`` comes back with the first code and is worthless for any other account.
    """

    secret: str
    uri: str
    ticket: str
