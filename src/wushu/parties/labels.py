"""Names of roles, kinds, levels and scopes as pages show them, in the reader's language.

The Chinese terms are those of the opening rules (细则 art. 5, 6, 38) and of the registration rules
(办法 art. 5, 15-20).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.parties.types import AdministrativeLevel, OrganisationKind, Role, Scope

ROLES: Mapping[str, str | Promise] = MappingProxyType(
    {
        Role.DATA_AUTHORITY: _("data authority"),
        Role.PLATFORM_OPERATOR: _("platform operator"),
        Role.OPENING_BODY: _("opening body"),
        Role.DATA_USER: _("data user"),
        Role.EXPERT: _("member of the expert panel"),
        Role.CHIEF_DATA_OFFICER: _("chief data officer"),
        Role.APPLICANT: _("applicant for registration"),
        Role.AGENT: _("agent"),
        Role.REGISTRY: _("registry"),
        Role.THIRD_PARTY_AGENCY: _("third-party data service agency"),
        Role.INTERESTED_PARTY: _("interested party"),
        Role.SUPERVISOR: _("supervising authority"),
    }
)
KINDS: Mapping[str, str | Promise] = MappingProxyType(
    {
        OrganisationKind.DEPARTMENT: _("department"),
        OrganisationKind.ENTERPRISE: _("enterprise"),
        OrganisationKind.AGENCY: _("third-party agency"),
    }
)
LEVELS: Mapping[str, str | Promise] = MappingProxyType(
    {
        AdministrativeLevel.PROVINCE: _("province"),
        AdministrativeLevel.PREFECTURE: _("prefecture"),
        AdministrativeLevel.COUNTY: _("county"),
        AdministrativeLevel.TOWNSHIP: _("township"),
    }
)
SCOPES: Mapping[str, str | Promise] = MappingProxyType(
    {
        Scope.ROWS_READ: _("read rows that its account may read"),
        Scope.CATALOG_WRITE: _("write drafts of the catalogue"),
        Scope.CATALOG_REVIEW: _("review what others submitted"),
        Scope.SUBSCRIPTIONS_MANAGE: _("open, list and end the account's own subscriptions"),
        Scope.CASES_FILE: _("file applications and follow those one filed"),
        Scope.CASES_HANDLE: _("decide on cases as an official"),
        Scope.RESULTS_FILE: _("file results built on the data, and rate datasets"),
        Scope.RESULTS_REVIEW: _("decide on results and comments that others filed"),
    }
)
