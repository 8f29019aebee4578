"""What the invented city's people built on its data, how they rate it, and a contest of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.config.demo import cases, region
from wushu.opening import selectors, services
from wushu.opening.types import Aspect, ContestGiven, ResultGiven, ResultKind
from wushu.parties import selectors as parties

_CONDITIONAL, _UNCONDITIONAL = cases.CONDITIONAL, cases.UNCONDITIONAL


@dataclass(frozen=True, slots=True)
class _DemoResult:
    filer: str
    given: ResultGiven
    published: bool = True


_RESULTS = (
    _DemoResult(
        cases.ANALYST,
        ResultGiven(
            ResultKind.REPORT, "早晚高峰换乘研究（虚构）",
            "按刷卡时间和线路算出各站的换乘量，建议调整三条线路的发车间隔。", "云途出行数据组",
            (_CONDITIONAL,), "Changing buses at rush hour (fictional)",
            "Counts who changes where by the time and line of each tap, and proposes new intervals "
            "for three lines.",
        ),
    ),
    _DemoResult(
        "citizen",
        ResultGiven(
            ResultKind.VISUALISATION, "从家门口飞向哪里（虚构）",
            "一张地图：点一座机场，看它的位置和代码，再看离它最近的三座。", "白描地图社",
            (_UNCONDITIONAL,), "Where one can fly to (fictional)",
            "A map: choose an airport and see its place, its codes and the three nearest to it.",
            "https://maps.demo.wushu.example/airports",
        ),
    ),
    _DemoResult(
        "citizen",
        ResultGiven(
            ResultKind.APP, "机场代码卡片（虚构）", "记机场代码的学习卡片。", "白描地图社",
            (_UNCONDITIONAL,),
        ),
        published=False,
    ),
)  # fmt: skip
_RATERS = (cases.ANALYST, "citizen", "expert", "assessor", region.REVIEWER)
_SCORES = ((5, 4, 4, 5), (4, 4, 3, 5), (5, 5, 4, 4), (4, 3, 4, 4), (5, 4, 2, 5))
_COMMENTS = {"citizen": "代码齐全，坐标能直接用。", "assessor": "希望说明海拔的测量基准。"}
_SHOWN = "citizen"
"""Whose comment was let through; the other one waits for a moderator."""


def show() -> None:
    """Results of which two are shown and one waits, and ratings of one dataset; once, all or nothing."""
    if selectors.results_filed(actor=parties.actor_for_username(cases.ANALYST)):
        return
    with transaction.atomic():
        _file()
        _rate()
        _contest()


def _file() -> None:
    reviewer = parties.actor_for_username(region.REVIEWER)
    for one in _RESULTS:
        actor = parties.actor_for_username(one.filer)
        made = services.result_file(actor=actor, given=one.given)
        if one.published:
            services.result_publish(actor=reviewer, result=made.id)


def _rate() -> None:
    reviewer = parties.actor_for_username(region.REVIEWER)
    dataset = catalog.entry_by_slug(_UNCONDITIONAL).id
    for username, scores in zip(_RATERS, _SCORES, strict=True):
        rated = services.rating_give(
            actor=parties.actor_for_username(username), dataset=dataset,
            scores=dict(zip(Aspect, scores, strict=True)), comment=_COMMENTS.get(username, ""),
        )  # fmt: skip
        if username == _SHOWN:
            services.comment_publish(actor=reviewer, comment=rated.id)


def _contest() -> None:
    """A contest of the data bureau that takes results for three months, with one entered."""
    reviewer, analyst = map(parties.actor_for_username, (region.REVIEWER, cases.ANALYST))
    today = timezone.localdate()
    given = ContestGiven(
        "公共交通数据大赛（虚构）", "用公共交通的数据做一件方便乘客的东西。一等奖一名，二等奖两名。",
        today, today + timedelta(days=90), (_CONDITIONAL, _UNCONDITIONAL),
        "Contest of public transport data (fictional)",
        "Make something that helps passengers. One first prize, two second prizes.",
    )  # fmt: skip
    organiser = parties.organisation_by_code(region.organisation("data").code).id
    contest = services.contest_announce(actor=reviewer, organiser=organiser, given=given)
    (shown,) = selectors.results_filed(actor=analyst)
    services.contest_enter(actor=analyst, contest=contest.id, result=shown.id)
