"""Pure decisions on computations: who may submit and decide, and where a computation stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.errors import NOT_PERMITTED, Refusal, Said
from wushu.opening import computing_refusals as no
from wushu.opening.refusals import SIGN_IN_FIRST
from wushu.opening.types import ComputationState
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Role, Scope

CHARACTERS = 10_000
"""Of a program; a receipt keeps all of it."""
OPEN_MOST = 5
"""Computations of one person and dataset that wait to run."""
TRIES = 3
"""How often a worker may end while it is at a computation before that is given up."""
GRACE = timedelta(minutes=10)
"""Beside its own seconds a program takes those of the file it reads; after both its worker is gone."""

STATE_WORDS: Mapping[ComputationState, Said] = {
    ComputationState.QUEUED: Said("排队运行中", "waits to run"),
    ComputationState.WAITING: Said("结果待审核", "has run; an official looks at the result"),
    ComputationState.FAILED: Said("运行未成功", "did not run to its end"),
    ComputationState.RELEASED: Said("结果已放行", "result released"),
    ComputationState.WITHHELD: Said("结果不予放行", "result withheld"),
}
"""What pages, commands, refusals and notices call each."""
SUBMIT = Said("提交计算程序", "hand in programs")
DECIDE = Said("审核计算结果", "decide on results of computations")
RELEASE = Said("放行", "release it")
WITHHOLD = Said("不予放行", "withhold it")


def require_submitter(actor: Actor) -> None:
    """For a signed-in person, or a key that reads rows; ``sign-in-first``, ``key-lacks-scope``."""
    if actor.person is None:
        raise SIGN_IN_FIRST(what_zh=SUBMIT.zh, what_en=SUBMIT.en)
    if not actor.allows(Scope.ROWS_READ):
        raise KEY_LACKS_SCOPE(what=SUBMIT, scope=Scope.ROWS_READ)


def decided_bodies(actor: Actor) -> tuple[UUID, ...]:
    """Bodies of whose data the actor decides on results; ``key-lacks-scope``, ``not-permitted``."""
    if not actor.allows(Scope.CASES_HANDLE):
        raise KEY_LACKS_SCOPE(what=DECIDE, scope=Scope.CASES_HANDLE)
    bodies = tuple(one for one in actor.organisations if actor.holds(Role.OPENING_BODY, one))
    if actor.person is None or not bodies:
        raise NOT_PERMITTED(who=actor.name, what=DECIDE)
    return bodies


def decision_obstacle(
    actor: Actor, *, body: UUID, submitter: UUID, organisation: UUID | None
) -> Refusal | None:
    """Why the actor may not decide on a result, or None.

    An official of the opening body may; never who submitted the program, nor who acts for the
    ``organisation`` that is to get the result. Refusals: ``key-lacks-scope``,
    ``not-permitted``, ``computation-of-ones-own``.
    """
    try:
        bodies = decided_bodies(actor)
    except Refusal as refusal:
        return refusal
    if body not in bodies:
        return NOT_PERMITTED(who=actor.name, what=DECIDE)
    if actor.person == submitter or organisation in actor.organisations:
        return no.COMPUTATION_OF_ONES_OWN(who=actor.name)
    return None


def require_state(
    state: ComputationState, allowed: Collection[ComputationState], what: Said
) -> None:
    """``computation-stands-otherwise`` where the step cannot be taken."""
    if state not in allowed:
        raise no.COMPUTATION_STANDS_OTHERWISE(state=STATE_WORDS[state], what=what)


def decides(actor: Actor, *, body: UUID, submitter: UUID, organisation: UUID | None) -> bool:
    """Whether the actor may see a result before it is released: whoever decides on it, and nobody else."""
    return (
        decision_obstacle(actor, body=body, submitter=submitter, organisation=organisation) is None
    )


def left_since(now: datetime, seconds: float) -> datetime:
    """Whoever took a computation before then and has not finished it was stopped."""
    return now - timedelta(seconds=seconds) - GRACE


def digest_of_program(program: str, salt: str) -> str:
    """Its SHA-256 with the salt: a bare one would let others try guesses of it against the log."""
    return sha256_hex(canonical_json({"program": program, "salt": salt}))
