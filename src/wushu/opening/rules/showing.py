"""Pure decisions on what people write for the public: results built on the data, ratings, comments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import takewhile
from statistics import mean, median
from urllib.parse import urlsplit

from wushu.kernel.errors import INVALID_VALUE, NOT_PERMITTED, Refusal, Said
from wushu.kernel.identifiers import parse_division
from wushu.opening import refusals as no
from wushu.opening.rules import one_line
from wushu.opening.types import Aspect, AspectFigures, Moderation
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Role, Scope

RESULTS_WAITING_MOST = 20
"""Of one person: what moderators are asked to look at stays what one can look at."""
DATASETS_MOST = 20
TITLE_LENGTH, MAKERS_LENGTH, ADDRESS_LENGTH = 200, 200, 500
SUMMARY_LENGTH, COMMENT_LENGTH, REASON_LENGTH = 4_000, 2_000, 4_000
SCORES = range(1, 6)

RATINGS_LEAST = 5
"""Figures are of 5, 10, 15 … ratings: who knows the others' could read a single one from a smaller
number, or from the difference that one more makes."""

STATE_WORDS: Mapping[Moderation, Said] = {
    Moderation.WAITING: Said("等待审核", "waiting"),
    Moderation.PUBLISHED: Said("已公开", "public"),
    Moderation.RETURNED: Said("已退回", "sent back"),
    Moderation.TAKEN_DOWN: Said("已撤下", "taken down"),
    Moderation.WITHDRAWN: Said("已撤回", "withdrawn"),
}
FILE = Said("提交成果", "file results")
RATE = Said("评价数据", "rate datasets")
MODERATE = Said("审核成果和评语", "decide on results and comments")
MEND = Said("修改", "change it")
WITHDRAW = Said("撤回", "withdraw it")
PUBLISH = Said("公开", "publish it")
RETURN = Said("退回", "send it back")
TAKE_DOWN = Said("撤下", "take it down")


# Who may


def require_contributor(actor: Actor, what: Said) -> None:
    """For a signed-in person, or a key that is for it; ``sign-in-first``, ``key-lacks-scope``."""
    if actor.person is None:
        raise no.SIGN_IN_FIRST(what_zh=what.zh, what_en=what.en)
    if not actor.allows(Scope.RESULTS_FILE):
        raise KEY_LACKS_SCOPE(what=what, scope=Scope.RESULTS_FILE)


def require_moderator(actor: Actor) -> None:
    """For people of the data authority or of the platform operator, wherever.

    Refusals: ``key-lacks-scope``, ``not-permitted``.
    """
    if not actor.allows(Scope.RESULTS_REVIEW):
        raise KEY_LACKS_SCOPE(what=MODERATE, scope=Scope.RESULTS_REVIEW)
    if actor.person is None or not (is_operator(actor) or divisions_moderated(actor)):
        raise NOT_PERMITTED(who=actor.name, what=MODERATE)


def moderation_obstacle(actor: Actor, *, division: str, writer: object) -> Refusal | None:
    """Why the actor may not decide on what somebody wrote, or None.

    Of the operator everybody may, of an authority those whose division holds all that it is about;
    nobody on words of their own. Refusals: ``key-lacks-scope``, ``not-permitted``, ``own-words``.
    """
    try:
        require_moderator(actor)
    except Refusal as refusal:
        return refusal
    within = any(division.startswith(one) for one in divisions_moderated(actor))
    if not (is_operator(actor) or within):
        return NOT_PERMITTED(who=actor.name, what=MODERATE)
    return no.OWN_WORDS(who=actor.name) if actor.person == writer else None


def is_operator(actor: Actor) -> bool:
    """Whether the actor is of the platform operator, which decides for every division."""
    return actor.holds(Role.PLATFORM_OPERATOR)


def divisions_moderated(actor: Actor) -> tuple[str, ...]:
    """What the codes of the divisions begin with for which the actor is of the authority."""
    return tuple(parse_division(one).short for one in actor.divisions(Role.DATA_AUTHORITY))


def division_of(divisions: Iterable[str]) -> str:
    """What the codes of several divisions begin with; empty: the operator alone decides."""
    codes = [parse_division(one).short for one in divisions if one]
    alike = takewhile(lambda digits: len(set(digits)) == 1, zip(*codes, strict=False))
    return "".join(digits[0] for digits in alike)


def rating_obstacle(actor: Actor, *, body: object, title: str) -> Refusal | None:
    """Nobody rates what their own body opens: ``rating-own-body``."""
    if body in actor.organisations:
        return no.RATING_OWN_BODY(who=actor.name, title=title)
    return None


# What is written


def filled(field: Said, text: str, most: int) -> str:
    """Words that must be there; ``invalid-value``."""
    found = short(field, text, most)
    if not found:
        raise wrong(field, "", "没有填写", "it is empty")
    return found


def short(field: Said, text: str, most: int) -> str:
    """Words that may be left out; ``invalid-value``."""
    found = text.strip().replace("\r\n", "\n")
    if len(found) > most:
        raise wrong(field, found, f"超过 {most} 字", f"it has more than {most} characters")
    return found


def reason_of(text: str) -> str:
    """Why something is not shown; ``reason-missing``, ``invalid-value``."""
    found = short(Said("理由", "reason", "reason"), text, REASON_LENGTH)
    if not found:
        raise no.REASON_MISSING()
    return found


def web_address(text: str) -> str:
    """Where a result is: a public https address, judged by its form and never fetched.

    Empty where there is none. Refusal ``invalid-value``.
    """
    field = Said("网址", "address", "address")
    found = short(field, text, ADDRESS_LENGTH)
    if not found:
        return ""
    try:
        parts = urlsplit(found)
        well_formed = parts.scheme == "https" and "." in (parts.hostname or "") and parts.port != 0
    except ValueError:
        well_formed = False
    # Names before an @ make an address look like another's.
    if not well_formed or "@" in parts.netloc or not found.isprintable() or " " in found:
        raise wrong(
            field, found, "应为 https:// 开头的公开网址", "it is no public address with https://"
        )
    return found


def require_scores(scores: Mapping[Aspect, int]) -> None:
    """One whole number from 1 to 5 for each aspect; ``invalid-value``."""
    for aspect in Aspect:
        score = scores.get(aspect)
        if type(score) is not int or score not in SCORES:  # True and 2.0 are in it too
            given = "" if score is None else str(score)
            raise wrong(
                Said("评分", "score", aspect.value), given,
                f"每一方面须有 {SCORES[0]} 到 {SCORES[-1]} 的整数",
                f"each aspect has a whole number from {SCORES[0]} to {SCORES[-1]}",
            )  # fmt: skip


def wrong(field: Said, value: str, reason_zh: str, reason_en: str) -> Refusal:
    """``invalid-value`` of one field."""
    return INVALID_VALUE(
        field=field, value=one_line(value, 40), reason_zh=reason_zh, reason_en=reason_en
    )


# Where it stands

MENDABLE = frozenset({Moderation.WAITING, Moderation.RETURNED})
WITHDRAWABLE = MENDABLE | {Moderation.PUBLISHED}


def require_state(
    state: Moderation, allowed: Collection[Moderation], what: Said, *, title: str
) -> None:
    """``result-stands-otherwise`` where the step cannot be taken."""
    if state not in allowed:
        raise no.RESULT_STANDS_OTHERWISE(title=title, state=STATE_WORDS[state], what=what)


def require_comment_state(state: Moderation, allowed: Collection[Moderation], what: Said) -> None:
    """``comment-stands-otherwise`` where the step cannot be taken."""
    if state not in allowed:
        raise no.COMMENT_STANDS_OTHERWISE(state=STATE_WORDS[state], what=what)


# Figures


def ratings_counted(given: int) -> int:
    """How many of so many ratings the figures take in; 0: too few to say anything."""
    return given - given % RATINGS_LEAST


def aspect_figures(aspect: Aspect, tally: Mapping[int, int]) -> AspectFigures:
    """Mean (to a tenth) and median of the scores, by how often each was given."""
    scores = [score for score, count in sorted(tally.items()) for _ in range(count)]
    return AspectFigures(aspect, round(float(mean(scores)), 1), float(median(scores)))
