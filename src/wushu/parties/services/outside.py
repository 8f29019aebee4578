"""Signing in by a provider's word, and the links that say whose word counts for which account."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from wushu.kernel import acts
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.parties import rules, sealed
from wushu.parties.models import Account, OutsideIdentity
from wushu.parties.oidc import rules as oidc
from wushu.parties.oidc.provider import new_wish, plain, provider
from wushu.parties.oidc.refusals import (
    OIDC_AGAIN,
    OIDC_DENIED,
    OIDC_LINKED,
    OIDC_NOT_LINKED,
    OIDC_PROVIDER_FAILED,
    OIDC_TAKEN,
)
from wushu.parties.services.accounts import locked_account, require_managing_account
from wushu.parties.services.attempts import note_sign_in, require_password
from wushu.parties.services.sign_in import ticket_for
from wushu.parties.types import Actor, OutsideStep, OutsideWho, SignInStep, account_urn

_STEP = "oidc-step"
_LINK = "oidc-link"


def outside_begin(*, back: str, after: dict[str, Any]) -> OutsideStep:
    """Where the browser goes, and what it keeps meanwhile: sealed, for ``oidc.rules.STEP_SECONDS``.

    ``back`` is the address the provider sends it back to; ``after`` is given back then. Refusals:
    ``oidc-off``, ``oidc-provider-failed``.
    """
    asked = provider()
    wish = new_wish()
    kept = {"wish": asdict(wish), "begun": timezone.now().timestamp(), "after": after}
    return OutsideStep(
        url=oidc.authorization_url(asked.metadata(), client=asked.client, back=back, wish=wish),
        kept=sealed.seal(json.dumps(kept), purpose=_STEP, owner=asked.issuer),
    )


def outside_finish(*, kept: str, answer: dict[str, str], back: str) -> OutsideWho:
    """Who the provider says this is, from what it sent the browser back with.

    Refusals: ``oidc-off``, ``oidc-again`` (another browser began it, or too long ago), ``oidc-denied``,
    ``oidc-provider-failed``.
    """
    asked = provider()
    step = _step(kept, asked.issuer)
    wish = oidc.Wish(**step["wish"])
    if not constant_time_compare(answer.get("state", ""), wish.state):
        raise _again()
    if answer.get("iss", asked.issuer) != asked.issuer:  # RFC 9207
        raise OIDC_PROVIDER_FAILED(
            reason=Said("它来自另一个平台。", "it comes from another provider.")
        )
    if "error" in answer or not answer.get("code"):
        raise OIDC_DENIED(reason=plain(answer.get("error", "code?")))
    claims = asked.claims(answer["code"], back=back, wish=wish)
    try:
        subject = oidc.subject_of(claims)
    except ValueError as error:
        raise OIDC_PROVIDER_FAILED(reason=Said("没有可用的身份标识。", f"{error}.")) from error
    return OutsideWho(
        issuer=asked.issuer,
        subject=subject,
        name=plain(claims.get("name") or claims.get("preferred_username") or ""),
        is_strong=oidc.is_strong(claims, settings.OIDC_STRONG),
        after=step["after"],
    )


def outside_sign_in(*, who: OutsideWho, browser: str, address: str | None = None) -> SignInStep:
    """The account that is linked, or the ticket with which its one-time code is asked.

    An account with one-time codes is asked for one unless the provider says that it asked for as much
    (``WUSHU_OIDC_STRONG``). Guesses at the password do not lock this way. Refusal: ``oidc-not-linked``.
    """
    link = (
        OutsideIdentity.objects.select_related("account")
        .filter(issuer=who.issuer, subject=who.subject, account__is_active=True)
        .first()
    )
    if link is None:
        raise OIDC_NOT_LINKED()
    account = link.account
    if account.totp_secret and not who.is_strong:
        return SignInStep(ticket=ticket_for(account, browser))
    note_sign_in(account, address)
    return SignInStep(account=account.pk)


def outside_ticket(*, actor: Actor, who: OutsideWho) -> str:
    """What a signed-in person hands back to confirm that this identity is theirs; for this account only."""
    rules.require_person_or_node(actor)
    content = {"issuer": who.issuer, "subject": who.subject, "begun": timezone.now().timestamp()}
    return sealed.seal(json.dumps(content), purpose=_LINK, owner=str(actor.account))


def outside_link_own(*, actor: Actor, ticket: str, password: str) -> None:
    """Link the identity of the ticket to one's own account, with one's password.

    Refusals: ``oidc-again``, ``password-wrong``, ``sign-in-locked``, ``oidc-taken``, ``oidc-linked``.
    """
    rules.require_person_or_node(actor)
    content = sealed.unseal(ticket, purpose=_LINK, owner=str(actor.account))
    if content is None or actor.account is None:
        raise _again()
    found = json.loads(content)
    if timezone.now().timestamp() - found["begun"] > oidc.STEP_SECONDS:
        raise _again()
    require_password(actor.account, password)
    with transaction.atomic():
        _link(actor, locked_account(actor.account), found["issuer"], found["subject"])


def outside_link(*, actor: Actor, account: UUID, subject: str) -> None:
    """Link a subject of the provider to an account; for who manages its person.

    Refusals: ``oidc-off``, ``not-found``, ``not-governing``, ``role-above-operator``, ``oidc-taken``,
    ``oidc-linked``.
    """
    issuer = provider().issuer
    with transaction.atomic():
        found = locked_account(account)
        require_managing_account(actor, found)
        _link(actor, found, issuer, subject)


def outside_unlink(*, actor: Actor, account: UUID) -> None:
    """Take the links of an account away; its sessions end. For its person and who manages them.

    Refusals: ``not-found``, ``not-governing``, ``role-above-operator``.
    """
    with transaction.atomic():
        found = locked_account(account)
        if not rules.is_own(actor, account):
            require_managing_account(actor, found)
        links = list(OutsideIdentity.objects.filter(account=found))
        if not links:
            raise NOT_FOUND(what=Said("关联", "A link"))
        found.session_epoch += 1
        found.save()
        acts.record(
            "parties.account.unlinked",
            actor=actor,
            subject=account_urn(found.pk),
            data={},
            rows=[found],
            deleted=links,
        )
        for link in links:
            link.delete()


def _link(actor: Actor, account: Account, issuer: str, subject: str) -> None:
    if OutsideIdentity.objects.filter(account=account, issuer=issuer).exists():
        raise OIDC_LINKED()
    link = OutsideIdentity(
        account=account, issuer=issuer, subject=subject, created_at=timezone.now()
    )
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError:
        if not OutsideIdentity.objects.filter(issuer=issuer, subject=subject).exists():
            raise
        raise OIDC_TAKEN() from None
    acts.record(
        "parties.account.linked",
        actor=actor,
        subject=account_urn(account.pk),
        data={"issuer": issuer},
        rows=[link],
    )


def _step(kept: str, issuer: str) -> dict[str, Any]:
    content = sealed.unseal(kept, purpose=_STEP, owner=issuer) if kept else None
    if content is None:
        raise _again()
    step: dict[str, Any] = json.loads(content)
    if timezone.now().timestamp() - step["begun"] > oidc.STEP_SECONDS:
        raise _again()
    return step


def _again() -> Exception:
    return OIDC_AGAIN(minutes=oidc.STEP_SECONDS // 60)
