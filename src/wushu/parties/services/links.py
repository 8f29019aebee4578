"""One-time addresses by which a person sets the first password, or a new one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND
from wushu.parties.models import Account
from wushu.parties.services.accounts import (
    locked_account,
    record_account,
    require_managing_account,
    set_checked_password,
)
from wushu.parties.services.keys import revoke_live_keys
from wushu.parties.tickets import ticket_holds, ticket_of
from wushu.parties.types import PASSWORD_LINK_ENDED, Actor, account_urn


def password_link_issue(*, actor: Actor, account: UUID) -> str:
    """A ticket with which whoever holds it sets the account's password, once.

    It ends after ``rules.PASSWORD_LINK_DAYS`` and with the next change of the password or of the
    sessions; nothing is stored. For who manages the person. Refusals: ``not-found``,
    ``not-governing``, ``role-above-operator``.
    """
    with transaction.atomic():
        found = locked_account(account)
        require_managing_account(actor, found)
        if not found.is_active:
            raise NOT_FOUND(what=str(account))
        record_account("password-link-issued", actor, found)
    return ticket_of(found, timezone.now())


def password_link_use(*, account: UUID, ticket: str, password: str) -> None:
    """Set the password with a ticket; sessions end and API keys are revoked.

    Refusals: ``password-link-ended``, ``password-weak``.
    """
    with transaction.atomic():
        found = Account.objects.select_for_update().filter(pk=account, is_active=True).first()
        if found is None or not ticket_holds(found, ticket, timezone.now()):
            raise PASSWORD_LINK_ENDED()
        set_checked_password(found, password)
        found.save()
        # The one who holds the link acts; the account itself is who the log can name.
        who = Actor(urn=account_urn(found.pk), name="", account=found.pk, person=found.person_id)
        record_account("password-set", who, found)
        revoke_live_keys(who, found, timezone.now())
