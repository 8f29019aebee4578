"""A person's API keys with what each asked for today and what is left to it."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.dataplane import selectors as dataplane
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, ApiKeyView


@dataclass(frozen=True, slots=True)
class Key:
    """One key."""

    view: ApiKeyView
    today: dataplane.KeyUse
    allowed: dataplane.Allowance | None
    """What is left now, as the process that shows the page counts; None: no limit."""


def keys(actor: Actor) -> list[Key]:
    """All keys of the actor's account, newest first."""
    digests = parties.api_key_digests(actor=actor)
    uses = dataplane.key_uses(digests.values())
    return [
        Key(
            one,
            uses.get(digests[one.id], dataplane.KeyUse()),
            dataplane.allowance_of(digests[one.id]),
        )
        for one in parties.api_keys(actor=actor)
    ]
