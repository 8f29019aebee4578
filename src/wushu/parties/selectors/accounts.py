"""Accounts with their keys, links and sign-ins: each for its person and for who manages them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND, Refusal, Said
from wushu.parties import rules
from wushu.parties.models import Account, ApiKey, OutsideIdentity, SignIn
from wushu.parties.oidc import provider
from wushu.parties.oidc.rules import sign_out_url
from wushu.parties.presenting import account_view, api_key_view
from wushu.parties.selectors.acting import held
from wushu.parties.selectors.people import require_managing_or_self
from wushu.parties.tickets import ticket_holds
from wushu.parties.types import AccountView, Actor, ApiKeyView, OutsideView, SignInNote


def accounts(*, actor: Actor) -> list[AccountView]:
    """The accounts of everybody the actor manages, ordered by username; others see none."""
    roles = held(Q(), timezone.now())
    return [
        account_view(one)
        for one in Account.objects.select_related("person")
        if rules.manages(actor, roles.get(one.person_id, ())) or rules.is_own(actor, one.pk)
    ]


def account(account_id: UUID, *, actor: Actor) -> AccountView:
    """One account, for its person and who manages them. ``not-found``, ``not-governing``."""
    found = Account.objects.filter(pk=account_id).select_related("person").first()
    if found is None:
        raise NOT_FOUND(what=str(account_id))
    require_managing_or_self(actor, found.person_id)
    return account_view(found)


def account_by_username(name: str, *, actor: Actor) -> AccountView:
    """The same by username."""
    found = Account.objects.filter(username=rules.username(name)).only("pk").first()
    if found is None:
        raise NOT_FOUND(what=name)
    return account(found.pk, actor=actor)


def accounts_closed(accounts: Iterable[UUID]) -> set[UUID]:
    """Of these accounts those that are closed or not there any more."""
    asked = set(accounts)
    live = Account.objects.filter(pk__in=asked, is_active=True).values_list("pk", flat=True)
    return asked - set(live)


def password_link_holds(account_id: UUID, ticket: str) -> bool:
    """Whether a link to set a password still works; for whoever holds it."""
    found = Account.objects.filter(pk=account_id, is_active=True).first()
    return found is not None and ticket_holds(found, ticket, timezone.now())


def api_keys(*, actor: Actor, account: UUID | None = None) -> list[ApiKeyView]:
    """Keys of the actor's own account or of one whose person the actor manages, newest first."""
    owner = _owner(actor, account)
    return [api_key_view(one) for one in ApiKey.objects.filter(account=owner)]


def outside_identities(*, actor: Actor, account: UUID | None = None) -> list[OutsideView]:
    """The identities at providers that sign in to the actor's own account, or a managed one."""
    owner = _owner(actor, account)
    found = OutsideIdentity.objects.filter(account=owner).order_by("created_at")
    return [OutsideView(one.issuer, one.subject, one.created_at) for one in found]


def outside_sign_in_is_on() -> bool:
    """Whether an identity provider is named in the settings."""
    return provider.is_on()


def outside_sign_in_trouble() -> Refusal | None:
    """Why nobody can sign in by the identity provider now; None: one can, or none is named."""
    try:
        if provider.is_on():
            provider.provider().metadata()
    except Refusal as refusal:
        return refusal
    return None


def outside_sign_out_url(back: str) -> str:
    """Where one signs out at the provider; empty where one cannot, or the provider is away."""
    if not provider.is_on():
        return ""
    asked = provider.provider()
    try:
        return sign_out_url(asked.metadata(), client=asked.client, back=back)
    except Refusal:
        return ""


def api_key_digests(*, actor: Actor) -> dict[UUID, str]:
    """By what the actor's own keys are known to the readers' limits and counts."""
    rows = ApiKey.objects.filter(account=_owner(actor, None))
    return dict(rows.values_list("pk", "secret_sha256"))


def sign_ins(*, actor: Actor, account: UUID | None = None, limit: int = 50) -> list[SignInNote]:
    """The newest attempts to sign in to the actor's own account (or a managed one), newest first.

    A person sees from where their account was tried, also in vain.
    """
    owner = _owner(actor, account)
    found = SignIn.objects.filter(account=owner).order_by("-at", "-id")[:limit]
    return [SignInNote(one.at, one.address or "", one.succeeded) for one in found]


def _owner(actor: Actor, wanted: UUID | None) -> UUID:
    chosen = wanted or actor.account
    if chosen is None:
        raise NOT_FOUND(what=Said("账号", "The account"))
    found = Account.objects.filter(pk=chosen).only("pk", "person_id").first()
    if found is None:
        raise NOT_FOUND(what=str(chosen))
    require_managing_or_self(actor, found.person_id)
    return chosen
