"""Browsers that have signed in before: their guesses are counted apart, so that nobody locks them out.

A *device token* is what such a browser keeps in a cookie (OWASP "device cookies"): sealed by the node,
for one account, for ``rules.DEVICE_DAYS``. It proves nothing and opens nothing; it only says that
somebody with this account's password sat there.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from wushu.parties import rules, sealed
from wushu.parties.models import Account

_DEVICE = "sign-in-device"


def device_token(account: UUID) -> str:
    """What a browser that has just signed in to the account keeps; another one each time."""
    content = {"nonce": secrets.token_hex(16), "at": timezone.now().timestamp()}
    return sealed.seal(json.dumps(content), purpose=_DEVICE, owner=str(account))


def known_device(token: str, account: Account | None, now: datetime) -> str:
    """What attempts of this browser are counted under; empty: it is not known for this account."""
    # Opened for a name nobody has as well, so that the work is the same.
    owner = str(account.pk) if account is not None else ""
    content = sealed.unseal(token, purpose=_DEVICE, owner=owner)
    if content is None:
        return ""
    begun: float = json.loads(content)["at"]
    if now.timestamp() - begun > timedelta(days=rules.DEVICE_DAYS).total_seconds():
        return ""
    return rules.opaque(token)
