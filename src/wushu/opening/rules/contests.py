"""Pure decisions on contests: who announces them, what is entered until when, who may win."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from wushu.kernel.errors import NOT_PERMITTED, Refusal, Said
from wushu.opening import refusals as no
from wushu.opening.rules import showing
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Role, Scope

ORGANISERS = (Role.DATA_AUTHORITY, Role.OPENING_BODY)
"""Both hold contests by article 32: of the place, and of a field."""
AWARD_LENGTH = 100
ANNOUNCE = Said("公告竞赛", "announce contests")
ENTER = Said("参赛", "enter a result")
LEAVE = Said("退出竞赛", "take a result out")


def require_organiser(actor: Actor, organisation: UUID) -> None:
    """For people of the authority or body that holds it; ``key-lacks-scope``, ``not-permitted``."""
    if not actor.allows(Scope.RESULTS_REVIEW):
        raise KEY_LACKS_SCOPE(what=ANNOUNCE, scope=Scope.RESULTS_REVIEW)
    if organisation not in actor.organisations_as(*ORGANISERS):
        raise NOT_PERMITTED(who=actor.name, what=ANNOUNCE)


def require_days(begins: date, ends: date, today: date) -> None:
    """It ends on the day it begins or later, and not before today; ``invalid-value``."""
    if ends < begins or ends < today:
        raise showing.wrong(
            Said("截止日", "last day", "ends"), ends.isoformat(),
            "不得早于开始日和今天", "it lies before the first day or before today",
        )  # fmt: skip


def require_changeable(*, title: str, ends: date, later: date, today: date, is_same: bool) -> None:
    """While it takes results its words are corrected and its last day moves back; ``contest-change``."""
    reason = None
    if ends < today:
        reason = Said("参赛已经截止", "results are entered no more")
    elif later < ends:
        reason = Said(f"截止日只能延后，现为 {ends}", f"its last day only moves back; it is {ends}")
    elif is_same:
        reason = Said("没有改动", "nothing is changed")
    if reason is not None:
        raise no.CONTEST_CHANGE(title=title, reason=reason)


def running_obstacle(
    begins: date, ends: date, today: date, what: Said, *, title: str
) -> Refusal | None:
    """Results come and go from the first day to the last; ``contest-not-running``."""
    if begins <= today <= ends:
        return None
    return no.CONTEST_NOT_RUNNING(
        title=title, begins=begins.isoformat(), ends=ends.isoformat(), what=what
    )


def require_on_theme(
    used: Iterable[UUID], themes: Iterable[UUID], *, result: str, title: str
) -> None:
    """A contest about some datasets takes what uses one of them; ``contest-not-for-this``."""
    about = set(themes)
    if about and not about & set(used):
        reason = Said("没有用到竞赛指定的数据", "it uses none of the datasets the contest is about")
        raise no.CONTEST_NOT_FOR_THIS(result=result, title=title, reason=reason)


def require_awardable(
    *, title: str, ends: date, today: date, awarded: bool, entered: Iterable[UUID],
    winners: Iterable[UUID],
) -> None:  # fmt: skip
    """Winners are named once, after the last day, among what was entered; ``contest-awards``."""
    named = list(winners)
    reason = None
    if awarded:
        reason = Said("已经公布过", "they were named already")
    elif today <= ends:
        reason = Said("参赛还没有截止", "results can still be entered")
    elif not named or len(set(named)) < len(named) or not set(named) <= set(entered):
        reason = Said(
            "须从参赛的成果里选，每项一次", "they are chosen among what was entered, each once"
        )
    if reason is not None:
        raise no.CONTEST_AWARDS(title=title, reason=reason)
