"""Rows as others see them."""

from __future__ import annotations

from wushu.parties.models import Account, ApiKey, Membership, Organisation, Succession
from wushu.parties.types import (
    AccountView,
    ApiKeyView,
    MembershipView,
    OrganisationKind,
    OrganisationView,
    Role,
    Scope,
    SuccessionView,
)


def organisation_view(row: Organisation) -> OrganisationView:
    """What other apps see of an organisation."""
    return OrganisationView(
        id=row.pk,
        kind=OrganisationKind(row.kind),
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        division=row.division,
        level=row.level,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        contact_email=row.contact_email,
        homepage=row.homepage,
    )


def account_view(row: Account) -> AccountView:
    """What other apps see of an account: no hash, no secret."""
    return AccountView(
        id=row.pk,
        username=row.username,
        person=row.person_id,
        person_name=row.person.name,
        is_active=row.is_active,
        has_totp=bool(row.totp_secret),
        created_at=row.created_at,
    )


def succession_view(row: Succession) -> SuccessionView:
    """What other apps see of a succession."""
    return SuccessionView(
        id=row.pk,
        person=row.person_id,
        successor=row.successor_id,
        organisation=row.organisation_id,
        since=row.since,
        reason=row.reason,
    )


def api_key_view(row: ApiKey) -> ApiKeyView:
    """What other apps see of a key: not its hash."""
    return ApiKeyView(
        id=row.pk,
        account=row.account_id,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(Scope(one) for one in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


def membership_view(row: Membership) -> MembershipView:
    """A role with its person and organisation, which are joined where there are many."""
    return MembershipView(
        id=row.pk,
        person=row.person_id,
        person_name=row.person.name,
        organisation=organisation_view(row.organisation) if row.organisation else None,
        role=Role(row.role),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
