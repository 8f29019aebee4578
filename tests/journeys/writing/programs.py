"""Operations for programs that change something, and who may by a key of theirs."""

from __future__ import annotations

from tests.journeys.writing.pages import CONTEST, ITEM, RESULT, SCORES
from tests.journeys.writing.scene import ALL, Attempt, may
from wushu.parties.types import Scope

PUBLIC = {
    "/oai": "OAI-PMH asks by POST as well as by GET; every verb of it reads",
    "/api/3/action/{name}": "CKAN's clients ask by POST; none of its actions writes",
    "/api/action/{name}": "CKAN's clients ask by POST; none of its actions writes",
}
"""What needs no key, and why not."""

OWN: dict[str, str] = {}

_RESULT = {**RESULT, "datasets": ["{datasets[stops]}"]}
_SCORES = {"scores": {name: int(score) for name, score in SCORES.items()}}
_SUBSCRIBE = {
    "channel": "webhook",
    "address": "https://hooks.example/w",
    "dataset": "{datasets[stops]}",
}
_OTHERS = Scope.SUBSCRIPTIONS_MANAGE
_CASE = "/api/v1/cases/{cases[review]}"

PROGRAMS: dict[str, list[Attempt]] = {
    "/api/v1/subscriptions": [may(" ".join(ALL), "/api/v1/subscriptions", _SUBSCRIBE)],
    "/api/v1/subscriptions/{key}": [
        may("citizen", "/api/v1/subscriptions/{subscriptions[stops]}", method="delete")
    ],
    "/api/v1/case-notices": [may(" ".join(ALL), "/api/v1/case-notices", {"read_through": 1})],
    "/api/v1/assessments/{year}/{division}/steps/{name}": [
        may("reviewer", "/api/v1/assessments/{plans[year]}/329902/steps/survey", {
            "body": "{codes[forests]}", "indicator": "satisfaction", "value": 80, "source": "抽样",
        }),
        may("forester", "/api/v1/assessments/{plans[year]}/329902/steps/comment",
            {"body": "{codes[forests]}", "text": "已更正"}),
        may("reviewer", "/api/v1/assessments/{plans[year]}/329902/steps/publish"),
    ],
    "/api/v1/need-calls": [
        may("reviewer", "/api/v1/need-calls", {
            "division": "329900", "title": "征集", "text": "您需要什么？", "begins": "{today}",
            "ends": "{later}",
        }),
    ],
    "/api/v1/needs": [
        may(" ".join(ALL), "/api/v1/needs",
            {"call": "{needs[call]}", "title": "泊位", "data": "空位", "purpose": "诱导"}),
    ],
    "/api/v1/needs/{key}/steps/{name}": [
        may("reviewer", "/api/v1/needs/{needs[waiting]}/steps/publish"),
        may("reviewer", "/api/v1/needs/{needs[waiting]}/steps/decline", {"reasons": "含个人电话"}),
        may("reviewer", "/api/v1/needs/{needs[handed]}/steps/hand-over", {"body": "{codes[parks]}"}),
        may("clerk reviewer", "/api/v1/needs/{needs[handed]}/steps/answer",
            {"text": "已经开放。", "dataset": "{datasets[stops]}"}),
        may(" ".join(ALL - {"citizen"}), "/api/v1/needs/{needs[handed]}/steps/support"),
    ],
    "/api/v1/plans/{year}/{code}/draft": [
        may("clerk", "/api/v1/plans/{plans[next]}/{code}/draft",
            {"items": [{**ITEM, "quarter": 4}], "known": 1}, method="put"),
    ],
    "/api/v1/plans/{year}/{code}/steps/{name}": [
        may("clerk", "/api/v1/plans/{plans[next]}/{code}/steps/submit"),
        may("reviewer", "/api/v1/plans/{plans[year]}/{plans[waits]}/steps/accept"),
        may("reviewer", "/api/v1/plans/{plans[year]}/{plans[waits]}/steps/return",
            {"reasons": "请补充"}),
        may("clerk", "/api/v1/plans/{plans[year]}/{code}/steps/link",
            {"item": "{planned_item}", "dataset": "{datasets[stops]}"}),
    ],
    "/api/v1/cases/bulk": [
        may("forester reviewer", "/api/v1/cases/bulk",
            {"numbers": ["{cases[review]}"], "text": "请补充", "among_officials": True}),
    ],
    "/api/v1/cases/{number}/steps/{key}": [
        may("reviewer", f"{_CASE}/steps/pass", {"values": "@pass"}),
        may("analyst", "/api/v1/cases/{cases[to-sign]}/steps/sign", {"values": {"credit": True}}),
    ],
    "/api/v1/cases/{number}/messages": [
        may("analyst forester reviewer", f"{_CASE}/messages", {"text": "请补充"})
    ],
    "/api/v1/cases/{number}/assignment": [
        may("reviewer", f"{_CASE}/assignment", {"person": "{people[reviewer]}"})
    ],
    "/api/v1/cases/{number}/referral": [
        may("forester reviewer", f"{_CASE}/referral", {"question": "？"})
    ],
    "/api/v1/cases/{number}/opinion": [may("expert", f"{_CASE}/opinion", {"text": "可"})],
    "/api/v1/cases/{number}/merge": [
        may("forester reviewer", "/api/v1/cases/{cases[again]}/merge", {"into": "{cases[review]}"})
    ],
    "/api/v1/datasets/{slug}/cases/{procedure}": [
        may("reader", "/api/v1/datasets/{datasets[trees]}/cases/conditional-access",
            {"values": "@submit"}),
    ],
    "/api/v1/grants/{grant}/cases/{procedure}": [
        may("forester", "/api/v1/grants/{grants[trees]}/cases/breach", {
            "values": {"title": "转让", "suspicion": "约定不得转让", "facts": "网上有售"},
            "organisation": "{codes[forests]}",
        }),
    ],
    "/api/v1/bodies/{code}/cases/{procedure}": [
        may("reader", "/api/v1/bodies/{codes[forests]}/cases/outside-catalogue",
            {"values": {"title": "苗圃", "need": "苗圃名录", "purpose": "研究"}}),
    ],
    "/api/v1/computations": [
        may("citizen", "/api/v1/computations",
            {"dataset": "{datasets[taps]}", "program": "SELECT count(*) FROM data"}, weak=_OTHERS),
    ],
    "/api/v1/computations/{key}/steps/{name}": [
        may("clerk", "/api/v1/computations/{computations[waiting]}/steps/release",
            {"reason": "只有总数"}),
        may("clerk", "/api/v1/computations/{computations[waiting]}/steps/withhold",
            {"reason": "含卡号"}),
    ],
    "/api/v1/contests": [
        may("reviewer", "/api/v1/contests", {
            **{name: value for name, value in CONTEST.items() if name != "body"},
            "organiser": "11329900DEM0000146", "datasets": ["{datasets[stops]}"],
        }),
    ],
    "/api/v1/contests/{key}/entries/{result}": [
        may("analyst", "/api/v1/contests/{contests[open]}/entries/{results[shown]}", method="put"),
        may("analyst", "/api/v1/contests/{contests[open]}/entries/{results[shown]}",
            method="delete"),
    ],
    "/api/v1/contests/{key}/changes": [
        may("reviewer", "/api/v1/contests/{contests[open]}/changes",
            {"text_zh": "改", "reason": "写错了"}),
    ],
    "/api/v1/contests/{key}/awards": [
        may("reviewer", "/api/v1/contests/{contests[over]}/awards", {
            "awards": [{"result": "{results[shown]}", "award": "一等奖", "reason": "好用"}],
        }),
    ],
    "/api/v1/results": [may(" ".join(ALL), "/api/v1/results", _RESULT)],
    "/api/v1/results/{key}": [
        may("citizen", "/api/v1/results/{results[returned]}", _RESULT, method="put")
    ],
    "/api/v1/results/{key}/steps/{name}": [
        may("analyst", "/api/v1/results/{results[shown]}/steps/withdraw"),
        may("reviewer steward", "/api/v1/results/{results[waiting]}/steps/publish"),
        may("reviewer steward", "/api/v1/results/{results[waiting]}/steps/return",
            {"reason": "请写明"}),
        may("reviewer steward", "/api/v1/results/{results[shown]}/steps/take-down",
            {"reason": "侵权"}),
    ],
    "/api/v1/datasets/{slug}/ratings/mine": [
        may(" ".join(ALL - {"clerk", "head"}), "/api/v1/datasets/{datasets[taps]}/ratings/mine",
            _SCORES, method="put"),
        may("citizen analyst keeper forester reviewer",  # who rated it
            "/api/v1/datasets/{datasets[stops]}/ratings/mine", method="delete"),
    ],
    "/api/v1/comments/{key}/steps/{name}": [
        may("reviewer steward", "/api/v1/comments/{results[comment]}/steps/publish"),
        may("reviewer steward", "/api/v1/comments/{results[comment]}/steps/return",
            {"reason": "请写明"}),
        may("reviewer steward", "/api/v1/comments/{results[comment-shown]}/steps/take-down",
            {"reason": "骂人"}),
    ],
}  # fmt: skip
"""By the route: what is tried there."""
