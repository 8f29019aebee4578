"""One-time codes (RFC 6238): setting up, using, removing."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wushu.parties import rules, sealed, selectors
from wushu.parties.models import Account, TotpUse
from wushu.parties.services.accounts import (
    locked_account,
    record_account,
    require_managing_account,
)
from wushu.parties.services.attempts import require_password
from wushu.parties.types import (
    NOT_OWN_ACCOUNT,
    TOTP_ALREADY_SET,
    TOTP_CODE_WRONG,
    TOTP_NOT_SET,
    TOTP_SETUP_EXPIRED,
    TOTP_UNREADABLE,
    Actor,
    TotpSetup,
)

_AT_REST = "totp"
_IN_SETUP = "totp-setup"


def totp_begin(*, actor: Actor, password: str) -> TotpSetup:
    """Begin to set up one-time codes for one's own account; nothing is stored yet.

    The password is asked again: a stolen session must not bind the account to a stranger's
    device. Refusals: ``not-own-account``, ``key-cannot-manage``, ``password-wrong``,
    ``sign-in-locked``, ``totp-already-set``.
    """
    account = _own(actor)
    view = selectors.account(account, actor=actor)
    if view.has_totp:
        raise TOTP_ALREADY_SET()
    require_password(account, password)
    secret = pyotp.random_base32()
    issuer = urlsplit(settings.BASE_URL).hostname or "wushu"
    return TotpSetup(
        secret=secret,
        uri=pyotp.TOTP(secret).provisioning_uri(name=view.username, issuer_name=issuer),
        ticket=sealed.seal(
            json.dumps({"secret": secret, "begun": timezone.now().timestamp()}),
            purpose=_IN_SETUP,
            owner=str(account),
        ),
    )


def totp_confirm(*, actor: Actor, ticket: str, code: str) -> None:
    """Finish with the first code of the device; from now on sign-in asks for one.

    Sessions that began without a code end; ``session_keep`` keeps the person's own. Refusals: ``not-own-account``, ``totp-setup-expired`` (also: somebody else's ticket),
    ``totp-code-wrong``, ``totp-already-set``.
    """
    account = _own(actor)
    now = timezone.now()
    secret = _secret_of(ticket, account, now)
    step = rules.totp_step(secret, code, now)
    if step is None:
        raise TOTP_CODE_WRONG()
    with transaction.atomic():
        found = locked_account(account)
        if found.totp_secret:
            raise TOTP_ALREADY_SET()
        found.totp_secret = sealed.seal(secret, purpose=_AT_REST, owner=str(account))
        found.session_epoch += 1
        found.save()
        TotpUse.objects.update_or_create(account=found, defaults={"step": step})
        record_account("totp-set", actor, found)


def totp_remove(*, actor: Actor, account: UUID, password: str = "") -> None:
    """Stop asking for one-time codes: with one's own password, or by who manages the person.

    All sessions end, as when codes are set up. The second is the way back when a device is lost; the log says who did it. Refusals:
    ``not-found``, ``not-governing``, ``role-above-operator``, ``password-wrong``,
    ``sign-in-locked``, ``totp-not-set``.
    """
    own = rules.is_own(actor, account)
    if own:
        require_password(account, password)
    with transaction.atomic():
        found = locked_account(account)
        if not own:
            require_managing_account(actor, found)
        if not found.totp_secret:
            raise TOTP_NOT_SET()
        found.totp_secret = ""
        found.session_epoch += 1
        found.save()
        TotpUse.objects.filter(account=found).delete()
        record_account("totp-removed", actor, found)


def code_accepted(account: Account, code: str, now: datetime) -> bool:
    """Whether the code is right and new; it is used up by this. ``totp-unreadable`` refuses."""
    secret = sealed.unseal(account.totp_secret, purpose=_AT_REST, owner=str(account.pk))
    if secret is None:
        raise TOTP_UNREADABLE()
    step = rules.totp_step(secret, code, now)
    if step is None:
        return False
    with transaction.atomic():
        locked_account(account.pk)  # the same code sent twice at once is judged one by one
        used = TotpUse.objects.filter(account=account).values_list("step", flat=True).first()
        if not rules.is_fresh(step, used):
            return False
        TotpUse.objects.update_or_create(account=account, defaults={"step": step})
    return True


def _own(actor: Actor) -> UUID:
    rules.require_person_or_node(actor)
    if actor.account is None:
        raise NOT_OWN_ACCOUNT()
    return actor.account


def _secret_of(ticket: str, account: UUID, now: datetime) -> str:
    content = sealed.unseal(ticket, purpose=_IN_SETUP, owner=str(account))
    if content is None:
        raise TOTP_SETUP_EXPIRED()
    setup = json.loads(content)
    if now.timestamp() - setup["begun"] > rules.TOTP_SETUP_SECONDS:
        raise TOTP_SETUP_EXPIRED()
    return str(setup["secret"])
