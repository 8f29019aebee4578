"""The call for needs: who may, what must be said, in which state what can be done."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from wushu.kernel.errors import INVALID_VALUE, NOT_PERMITTED, Said
from wushu.opening import planning_refusals as no
from wushu.opening.refusals import SIGN_IN_FIRST
from wushu.opening.types import NeedState
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Role, Scope

TITLE_LENGTH = 200
TEXT_LENGTH = 5_000
WAITING_MOST = 20
"""Of one account: so many needs may wait to be looked at."""
PUBLIC = frozenset({NeedState.PUBLISHED, NeedState.HANDED, NeedState.ANSWERED})
"""What everybody may see."""


def require_author(actor: Actor) -> UUID:
    """Their account; whoever is signed in may say what they need: ``sign-in-first``, ``key-lacks-scope``."""
    what = Said("提出或支持需求", "say what data you need")
    if actor.account is None:
        raise SIGN_IN_FIRST(what_zh=what.zh, what_en=what.en)
    if not actor.allows(Scope.CASES_FILE):
        raise KEY_LACKS_SCOPE(what=what, scope=Scope.CASES_FILE)
    return actor.account


def may_oversee(actor: Actor, division: str) -> bool:
    """The data authority of the call's division."""
    return actor.holds_over(Role.DATA_AUTHORITY, division) and actor.allows(Scope.CASES_HANDLE)


def require_overseer(actor: Actor, division: str) -> None:
    """Refusals: ``not-permitted``, ``key-lacks-scope``."""
    what = Said("征集和审核需求", "call for needs and decide on them")
    if not actor.holds_over(Role.DATA_AUTHORITY, division):
        raise NOT_PERMITTED(who=actor.name, what=what)
    if not actor.allows(Scope.CASES_HANDLE):
        raise KEY_LACKS_SCOPE(what=what, scope=Scope.CASES_HANDLE)


def may_answer(actor: Actor, *, division: str, body: UUID | None, state: NeedState) -> bool:
    """The authority, and a clerk of the body that it was handed to."""
    if may_oversee(actor, division):
        return True
    handed = state in (NeedState.HANDED, NeedState.ANSWERED) and body is not None
    return handed and actor.holds(Role.OPENING_BODY, body) and actor.allows(Scope.CASES_HANDLE)


def require_answerer(actor: Actor, *, division: str, body: UUID | None, state: NeedState) -> None:
    """Refusal ``not-permitted``."""
    if not may_answer(actor, division=division, body=body, state=state):
        raise NOT_PERMITTED(who=actor.name, what=Said("答复需求", "answer needs"))


def require_not_own(actor: Actor, account: UUID, what: Said) -> None:
    """Nobody decides on their own need, nor supports it: ``own-need``."""
    if actor.account == account:
        raise no.OWN_NEED(who=actor.name, what=what)


def is_open(begins: date, ends: date, today: date) -> bool:
    """Whether a call takes needs; the last day counts."""
    return begins <= today <= ends


def filled(field: Said, text: str, most: int = TEXT_LENGTH) -> str:
    """What was written, without space around it: ``invalid-value``."""
    said = text.strip().replace("\r\n", "\n")
    if not 1 <= len(said) <= most:
        raise INVALID_VALUE(
            field=field, value=said[:20], reason_zh=f"须有 1 到 {most} 字",
            reason_en=f"it has not 1 to {most} characters",
        )  # fmt: skip
    return said
