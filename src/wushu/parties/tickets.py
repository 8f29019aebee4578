"""Tickets that set a password once: nothing is stored, the next change of the account ends them."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta

from wushu.parties import rules, sealed
from wushu.parties.models import Account

_PURPOSE = "password-link"


def ticket_of(account: Account, now: datetime) -> str:
    """A ticket for the account as it stands now."""
    content = json.dumps({"begun": now.timestamp(), "of": account.get_session_auth_hash()})
    return sealed.seal(content, purpose=_PURPOSE, owner=str(account.pk))


def ticket_holds(account: Account, ticket: str, now: datetime) -> bool:
    """Whether it is the account's, not yet old, and the account unchanged since."""
    content = sealed.unseal(ticket, purpose=_PURPOSE, owner=str(account.pk))
    if content is None:
        return False
    said = json.loads(content)
    age = timedelta(seconds=now.timestamp() - said["begun"])
    macs = (account.get_session_auth_hash(), *account.get_session_auth_fallback_hash())
    return age <= timedelta(days=rules.PASSWORD_LINK_DAYS) and any(
        secrets.compare_digest(said["of"], mac) for mac in macs
    )
