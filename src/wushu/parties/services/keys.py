"""What several services do with API keys: record them, revoke all of an account."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from wushu.kernel import acts
from wushu.parties.models import Account, ApiKey
from wushu.parties.types import Actor, account_urn


def revoke_live_keys(actor: Actor, account: Account, now: datetime) -> int:
    """Revoke each key of the account that works, in the caller's transaction; returns how many."""
    live = ApiKey.objects.select_for_update().filter(
        Q(expires_at=None) | Q(expires_at__gt=now), account=account, revoked_at=None
    )
    revoked = 0
    for key in live.order_by("created_at"):
        revoke(actor, key, now)
        revoked += 1
    return revoked


def revoke(actor: Actor, key: ApiKey, now: datetime) -> None:
    """End a key, in the caller's transaction."""
    key.revoked_at = now
    key.save()
    record_key("revoked", actor, key)


def record_key(verb: str, actor: Actor, key: ApiKey) -> None:
    """Record an act on a key; its name is its person's and stays out of the log."""
    acts.record(
        f"parties.api_key.{verb}",
        actor=actor,
        subject=f"urn:uuid:{key.pk}",
        data={
            "account": account_urn(key.account_id),
            "scopes": list(key.scopes),
            "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        },
        rows=[key],
    )
