"""Pure decisions: who may, what happened, when to try again, how a message is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.errors import INVALID_VALUE, NOT_PERMITTED, Refusal, Said
from wushu.opening import refusals as no
from wushu.opening.types import (
    Channel,
    EventKind,
    Problem,
    Target,
    TargetKind,
)
from wushu.parties.types import KEY_LACKS_SCOPE, NODE, Actor, Role, Scope

FAVOURITES_MOST = 500
SUBSCRIPTIONS_MOST = 100
"""Of one account: a list that a person can oversee."""

SEARCH_PARAMETERS = (
    "q", "theme", "body", "attribute", "format", "frequency", "region", "grouping",
)  # fmt: skip
"""Of ``/datasets``, by which a search can be followed."""
SEARCH_LENGTH = 200

CONFIRM_HOURS = 72
"""How long the link to confirm a mail address works."""
UNCONFIRMED_DAYS = 7
"""After so long an address that never agreed is forgotten."""
QUESTIONS_PER_ACCOUNT = 20
QUESTIONS_PER_MAILBOX = 3
"""How often a day an account may have addresses asked, and one mailbox is asked by anybody."""
QUESTION_WINDOW = timedelta(days=1)

_MINUTES = (1, 5, 30, 120, 360, 720, 1440)
_QUESTION_MINUTES = (1, 5)
"""Pauses after the first, second … failure in a row; after the last one it is given up."""
AT_ONCE = frozenset({Problem.MAILBOX, Problem.REFUSED_ADDRESS, Problem.KEY_LOST, Problem.GONE})
"""Nothing gets better by waiting."""

CASE_NOTICE_DAYS = 365
"""How long people find what they were told of their cases; the cases themselves stay."""
KEEP_DAYS = 30
"""How long delivered notices and their events are kept."""

LISTED = "catalog.revision.listed"
_CLOSING: Mapping[str, EventKind] = {
    "catalog.entry.sealed": EventKind.SEALED,
    "catalog.entry.restored": EventKind.RESTORED,
    "catalog.entry.withdrawn": EventKind.WITHDRAWN,
}
ACTS = (LISTED, *_CLOSING)
"""Acts of the log that the public could see happen to a dataset."""

KEY_PREFIX = "whsec_"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


# Who may


def require_person(actor: Actor, what_zh: str, what_en: str) -> None:
    """For a signed-in person at a page; marks are no business of a program with a key."""
    if actor.account is None or actor.scopes is not None:
        raise no.SIGN_IN_FIRST(what_zh=what_zh, what_en=what_en)


def require_follower(actor: Actor) -> None:
    """For an account, at a page or by a key that is for it; ``sign-in-first``, ``key-lacks-scope``."""
    if actor.account is None:
        raise no.SIGN_IN_FIRST(what_zh="订阅", what_en="subscribe")
    if not actor.allows(Scope.SUBSCRIPTIONS_MANAGE):
        raise KEY_LACKS_SCOPE(
            what=Said("管理订阅", "manage subscriptions"), scope=Scope.SUBSCRIPTIONS_MANAGE
        )


def require_announcer(actor: Actor) -> None:
    """For the platform operator (市信息中心), or who has a shell on the node's host: ``not-permitted``."""
    if not may_operate(actor):
        raise NOT_PERMITTED(who=actor.name, what=Said("公告运行事件", "announce incidents"))


def require_told(actor: Actor) -> None:
    """For an account, at a page or by a key that is for cases; ``sign-in-first``, ``key-lacks-scope``."""
    if actor.account is None or actor.person is None:
        raise no.SIGN_IN_FIRST(what_zh="查看办件通知", what_en="read what you were told of cases")
    if not (actor.allows(Scope.CASES_FILE) or actor.allows(Scope.CASES_HANDLE)):
        raise KEY_LACKS_SCOPE(
            what=Said("查看办件通知", "read what you were told of cases"), scope=Scope.CASES_FILE
        )


def may_operate(actor: Actor | None) -> bool:
    """Whether the actor speaks for the node to the public."""
    if actor is None or actor.scopes is not None:
        return False
    return actor == NODE or actor.holds(Role.PLATFORM_OPERATOR)


def asked_too_often(channel: Channel, by_account: int, this_address: int) -> bool:
    """Whether asking once more would pester: so many questions in the past day already."""
    most = QUESTIONS_PER_MAILBOX if channel is Channel.MAIL else QUESTIONS_PER_ACCOUNT
    return by_account >= QUESTIONS_PER_ACCOUNT or this_address >= most


# What happened


def event_kind(
    act: str, said: Mapping[str, Any], before: Mapping[str, Any] | None
) -> EventKind | None:
    """What an act of the log means to the public; ``before``: what the listing before it said.

    None: nothing that anybody is told.
    """
    if act != LISTED:
        return _CLOSING.get(act)
    if before is None:
        return EventKind.LISTED
    changed = said.get("version_number") not in (None, before.get("version_number"))
    return EventKind.VERSION if changed else EventKind.CHANGED


def concerns(kind: EventKind, target: TargetKind) -> bool:
    """A dataset's subscribers learn all that happens to it, those of a body or search what is new."""
    return (target is TargetKind.DATASET) != (kind is EventKind.LISTED)


# Delivering


def next_try(tries: int, problem: Problem, now: datetime, *, question: bool) -> datetime | None:
    """When to try again after so many failures in a row; None: give up."""
    pauses = _QUESTION_MINUTES if question else _MINUTES
    if problem in AT_ONCE or tries > len(pauses):
        return None
    return now + timedelta(minutes=pauses[tries - 1])


def delivered(status: int) -> bool:
    """Whether a receiver's answer takes the message (Standard Webhooks: any 2xx)."""
    return 200 <= status < 300


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """``v1,`` and the HMAC-SHA256 of id, time and body (Standard Webhooks 1.0, in base64).

    ``secret`` is the text the subscriber was shown: ``whsec_`` and 32 bytes in base64.
    """
    key = base64.b64decode(secret.removeprefix(KEY_PREFIX))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def mail_identity(messages: Iterable[UUID]) -> str:
    """What a mail of these messages is known by: the same for the same, another as soon as one more is told."""
    return sha256_hex("\n".join(map(str, messages)).encode())[:32]


def one_line(text: str, most: int) -> str:
    """Text for a header: no control character, so that no second header can begin; cut to length."""
    plain = " ".join(_CONTROL.sub(" ", text).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


# What is followed


def target_key(target: Target) -> str:
    """SHA-256 of what is followed: the same search typed twice is one."""
    followed = {
        "kind": target.kind.value,
        "id": "" if target.id is None else str(target.id),
        "search": dict(sorted((target.search or {}).items())),
    }
    return sha256_hex(canonical_json(followed))


def require_target(target: Target) -> None:
    """Something must be followed (the whole catalogue has its feed), by parameters that are known.

    Refusals: ``nothing-to-follow``, ``invalid-value``.
    """
    if target.kind is TargetKind.CASES:
        return
    empty = target.id is None if target.kind is not TargetKind.SEARCH else not target.search
    if empty:
        raise no.NOTHING_TO_FOLLOW()
    for name, value in (target.search or {}).items():
        if name not in SEARCH_PARAMETERS:
            known = ", ".join(SEARCH_PARAMETERS)
            raise wrong_search(name, f"可用的条件：{known}", f"what may be asked for: {known}")
        if not 0 < len(value) <= SEARCH_LENGTH:
            raise wrong_search(
                value,
                f"应为 1 至 {SEARCH_LENGTH} 个字符",
                f"it has not 1 to {SEARCH_LENGTH} characters",
            )


def wrong_search(value: str, reason_zh: str, reason_en: str) -> Refusal:
    """Something of a search cannot be followed as it is."""
    return INVALID_VALUE(
        field=Said("检索条件", "search", "search"), value=one_line(value, 80),
        reason_zh=reason_zh, reason_en=reason_en,
    )  # fmt: skip


def require_open(*, ended: bool, title: str) -> None:
    """An incident that has ended is history."""
    if ended:
        raise no.INCIDENT_CLOSED(title=title)


CHANNEL_WORDS: Mapping[Channel, tuple[str, str]] = {
    Channel.MAIL: ("邮件", "mail"),
    Channel.WEBHOOK: ("Webhook", "webhook"),
}
