"""What follows what: the states of an entry and of its revisions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wushu.catalog.refusals import (
    ACT_NOT_POSSIBLE,
    NOT_IN_REVIEW,
    NOTHING_TO_SUBMIT,
    REVISION_FROZEN,
)
from wushu.catalog.types import EntryAct, EntryState, RevisionState

_S, _A = EntryState, EntryAct

TRANSITIONS: Mapping[tuple[EntryState, EntryAct], EntryState] = MappingProxyType(
    {
        (_S.DRAFT, _A.EDIT): _S.DRAFT,
        (_S.DRAFT, _A.SUBMIT): _S.IN_REVIEW,
        (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.IN_REVIEW, _A.RETURN): _S.DRAFT,
        (_S.IN_REVIEW, _A.LIST): _S.LISTED,
        # A listed entry stays listed, with its listed content, while a new revision is prepared.
        (_S.LISTED, _A.EDIT): _S.LISTED,
        (_S.LISTED, _A.SUBMIT): _S.LISTED,
        (_S.LISTED, _A.RETURN): _S.LISTED,
        (_S.LISTED, _A.LIST): _S.LISTED,
        (_S.LISTED, _A.SEAL): _S.SEALED,
        (_S.LISTED, _A.WITHDRAW): _S.WITHDRAWN,
        # Art. 12: after verification restore, withdraw, or process and reopen (a new revision).
        (_S.SEALED, _A.RESTORE): _S.LISTED,
        (_S.SEALED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.SEALED, _A.EDIT): _S.SEALED,
        (_S.SEALED, _A.SUBMIT): _S.SEALED,
        (_S.SEALED, _A.RETURN): _S.SEALED,
        (_S.SEALED, _A.LIST): _S.LISTED,
    }
)
"""(state, act) -> state; whatever is missing is refused. Withdrawn is final."""

STATE_WORDS: Mapping[EntryState, tuple[str, str]] = MappingProxyType(
    {
        _S.DRAFT: ("草稿", "a draft"),
        _S.IN_REVIEW: ("审核中", "in review"),
        _S.LISTED: ("已上架", "listed"),
        _S.SEALED: ("已封存", "sealed"),
        _S.WITHDRAWN: ("已撤下", "withdrawn"),
    }
)
ACT_WORDS: Mapping[EntryAct, tuple[str, str]] = MappingProxyType(
    {
        _A.EDIT: ("修改", "edit"),
        _A.SUBMIT: ("提交审核", "submit"),
        _A.RETURN: ("退回", "return"),
        _A.LIST: ("上架", "list"),
        _A.SEAL: ("封存", "seal"),
        _A.RESTORE: ("恢复", "restore"),
        _A.WITHDRAW: ("撤下", "withdraw"),
    }
)
REVISION_WORDS: Mapping[RevisionState, tuple[str, str]] = MappingProxyType(
    {
        RevisionState.DRAFT: ("草稿", "a draft"),
        RevisionState.IN_REVIEW: ("审核中", "in review"),
        RevisionState.RETURNED: ("已退回", "returned"),
        RevisionState.LISTED: ("已上架", "listed"),
        RevisionState.SUPERSEDED: ("已被新稿取代", "superseded"),
    }
)


def entry_after(state: EntryState, act: EntryAct) -> EntryState:
    """The state an act leads to; ``act-not-possible``."""
    after = TRANSITIONS.get((state, act))
    if after is None:
        state_zh, state_en = STATE_WORDS[state]
        act_zh, act_en = ACT_WORDS[act]
        raise ACT_NOT_POSSIBLE(state_zh=state_zh, state_en=state_en, act_zh=act_zh, act_en=act_en)
    return after


def require_draft(state: RevisionState, number: int, *, to_submit: bool = False) -> None:
    """Only a draft's content changes (``revision-frozen``) and is submitted (``nothing-to-submit``)."""
    if state is RevisionState.DRAFT:
        return
    if to_submit:
        zh, en = REVISION_WORDS[state]
        raise NOTHING_TO_SUBMIT(number=number, state_zh=zh, state_en=en)
    raise REVISION_FROZEN(number=number)


def require_in_review(state: RevisionState, number: int) -> None:
    """Only what is in review is decided; ``not-in-review``."""
    if state is not RevisionState.IN_REVIEW:
        zh, en = REVISION_WORDS[state]
        raise NOT_IN_REVIEW(number=number, state_zh=zh, state_en=en)
