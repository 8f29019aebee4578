"""Whom the words of a command name: accounts, organisations, and the roles people hold now."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from wushu.kernel.errors import Said
from wushu.parties import selectors
from wushu.parties.types import NODE_AT_THE_SHELL, AccountView, MembershipView, OrganisationView


def account_named(username: str) -> AccountView:
    """The account; ``not-found``."""
    return selectors.account_by_username(username, actor=NODE_AT_THE_SHELL)


def body_with(code: str) -> OrganisationView | None:
    """The organisation with this credit code, ``not-found``; None for no code."""
    return selectors.organisation_by_code(code) if code else None


def current_roles(person: UUID) -> list[MembershipView]:
    """Roles of a person that have not ended."""
    now = timezone.now()
    held = selectors.memberships_of_person(person, actor=NODE_AT_THE_SHELL)
    return [one for one in held if one.valid_until is None or one.valid_until > now]


def held_in(role: str, body: OrganisationView | None) -> Said:
    """A role and where it is held, in words."""
    if body is None:
        return Said(role, role)
    return Said(f"{body.name_zh} {role}", f"{role} in {body.name('en')}")
