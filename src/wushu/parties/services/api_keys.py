"""API keys: issued once, shown once, revoked at any time."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND
from wushu.parties import rules
from wushu.parties.models import ApiKey
from wushu.parties.presenting import api_key_view
from wushu.parties.services.accounts import locked_account, require_managing_account
from wushu.parties.services.attempts import require_password
from wushu.parties.services.fields import KEY_NAME, KEY_NAME_LIMIT, filled
from wushu.parties.services.keys import record_key, revoke
from wushu.parties.types import API_KEY_REVOKED, NOT_OWN_ACCOUNT, Actor, ApiKeyView

_PREFIX_ALPHABET = string.digits + string.ascii_lowercase
_SECRET_ALPHABET = string.digits + string.ascii_letters


def api_key_issue(
    *,
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    password: str = "",
    expires_at: datetime | None = None,
    account: UUID | None = None,
) -> tuple[ApiKeyView, str]:
    """Issue a key of one's own account; the second value is the key, never to be seen again.

    The person's own ``password`` is asked: a stolen session must not become a key that outlives it.
    Only the node may name another ``account``, and is asked for none. Without ``expires_at`` a key
    ends after ``WUSHU_API_KEY_DAYS``. Refusals: ``not-own-account``, ``key-cannot-manage``,
    ``password-wrong``, ``sign-in-locked``, ``field-empty``, ``api-key-scopes``, ``period-wrong``,
    ``not-found`` (the account is closed).
    """
    now = timezone.now()
    owner = account or actor.account
    if owner is None:
        raise NOT_OWN_ACCOUNT()
    rules.require_own(actor, owner)
    rules.require_period(now, expires_at, now)
    if rules.is_own(actor, owner):
        require_password(owner, password)
    prefix, text = _new_key()
    key = ApiKey(
        account_id=owner,
        name=filled(KEY_NAME, name, KEY_NAME_LIMIT),
        prefix=prefix,
        secret_sha256=rules.api_key_digest(text),
        scopes=sorted(rules.scopes(scopes)),
        created_at=now,
        expires_at=expires_at or now + timedelta(days=settings.API_KEY_DAYS),
    )
    with transaction.atomic():
        if not locked_account(owner).is_active:
            raise NOT_FOUND(what=str(owner))
        key.save(force_insert=True)
        record_key("issued", actor, key)
    return api_key_view(key), text


def api_key_revoke(*, actor: Actor, key: UUID) -> None:
    """End a key at once and for good: by its account or by who manages the person.

    Refusals: ``not-found``, ``not-governing``, ``role-above-operator``, ``api-key-revoked``.
    """
    with transaction.atomic():
        found = ApiKey.objects.select_for_update().filter(pk=key).first()
        if found is None:
            raise NOT_FOUND(what=str(key))
        if not rules.is_own(actor, found.account_id):
            require_managing_account(actor, found.account)
        if found.revoked_at is not None:
            raise API_KEY_REVOKED()
        revoke(actor, found, timezone.now())


def _new_key() -> tuple[str, str]:
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(rules.API_KEY_PREFIX_LENGTH))
    secret = "".join(secrets.choice(_SECRET_ALPHABET) for _ in range(rules.API_KEY_SECRET_LENGTH))
    return prefix, rules.api_key_text(prefix, secret)
