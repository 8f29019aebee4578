"""Cases of the invented city: one that led to a grant, and some that stand at the desks to be tried.

Filed and decided through the real services, by the rules that the city adopted. Each looks first
whether something like it was filed already, so that loading again adds nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import CaseView
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryView
from wushu.config.demo import region
from wushu.config.demo.dataset import DemoGrant
from wushu.dataplane import selectors as dataplane
from wushu.opening import services
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

ANALYST = "analyst"
CONDITIONAL, UNCONDITIONAL = "bus-taps", "airports"
"""Datasets that people of the demonstration applied for, or found errors in."""
ELSEWHERE = "scenic-visits"
"""Conditional too, in a county where other rules say how it is applied for."""
LISTING = "catalogue-entry"
_PLEDGES = dict.fromkeys(
    ("scenario-true", "no-third-party", "cooperate", "cite", "secure", "no-harm"), True
)


def deliver(slug: str, grant: DemoGrant) -> None:
    """Let a body read a conditional dataset as the rules say: applied for, reviewed, agreed, signed."""
    listed = catalog.entry_by_slug(slug)
    clerk = _clerk_of(listed)
    grantee = _organisation(grant.organisation)
    if any(one.grantee == grantee for one in dataplane.grants_of(listed.id, actor=clerk)):
        return
    analyst, reviewer = _actor(ANALYST), _actor(region.REVIEWER)
    until = timezone.localdate() + timedelta(days=grant.days)
    purpose = grant.purpose.partition(" / ")[0]
    case = _apply(listed, grantee, purpose, until.isoformat(), list(grant.columns))
    case = _take(case, reviewer, "pass", opinion="申请主体和用途符合开放条件。")
    case = _take(
        case, clerk, "agree", purpose=purpose, scope="本单位内部分析", manner="接口或者下载",
        columns=list(grant.columns), until=until.isoformat(), delivery="rows",
        service="数据更新时通过本平台告知；每半年反馈一次使用情况",
        prohibited="不得转让，不得用于识别个人", liability="违约的，关闭获取权限，并依法承担责任",
        disputes="协商解决；协商不成的，向开放主体所在地人民法院起诉",
    )  # fmt: skip
    case = _take(case, analyst, "sign", credit=True)
    _take(case, clerk, "countersign")


def exemplify() -> None:
    """An application that waits for its review, and two errors reported: one answered, one not."""
    conditional, unconditional = map(catalog.entry_by_slug, (CONDITIONAL, UNCONDITIONAL))
    analyst = _actor(ANALYST)
    if any(one.procedure == "correction" for one in casework.cases_filed(actor=analyst)):
        return
    until = (timezone.localdate() + timedelta(days=180)).isoformat()
    _apply(conditional, _organisation("yuntu"), "早晚高峰换乘研究", until, ["tapped_at", "line"])
    mended = _report(unconditional, "名称有误", "第 3 行的名称与机构公布的不一致。")
    _take(mended, _clerk_of(unconditional), "correct", change="已核实并更正。")
    _report(unconditional, "缺少一条记录", "2025年新设的一条没有收录。")


def list_by_the_book(entry: EntryView, attribute: Attribute, clerk: Actor) -> None:
    """What came to the demonstration after the city adopted its rules: assessed, submitted, examined."""
    case = casework.open_case_about(entry.id, LISTING, actor=clerk)
    if case is None:
        case = services.case_file_on_dataset(
            actor=clerk, dataset=entry.id, procedure=LISTING, step="begin",
            organisation=entry.body, values={"attribute": attribute.value},
        )  # fmt: skip
    if case.state.id == "assessing":
        _take(
            case, clerk, "submit", assessment="经评估，可以按拟定的属性开放。", legality="合法合规。",
            **dict.fromkeys(("legal", "expertise", "secrets", "combination"), "none"),
        )  # fmt: skip
    _take(case, _actor(region.REVIEWER), "approve")


def apply_elsewhere() -> None:
    """The same enterprise applies in the county: by its rules the bureau answers without a review before."""
    listed = catalog.entry_by_slug(ELSEWHERE)
    filed = casework.cases_filed(actor=_actor(ANALYST))
    if any(one.subject == listed.id for one in filed):
        return
    services.case_file_on_dataset(
        actor=_actor(ANALYST), dataset=listed.id, procedure="conditional-access", step="submit",
        organisation=_organisation("yuntu"),
        values={
            "title": "景区接驳线路规划", "purpose": "按入园人次安排接驳班次。", "scope": "本单位内部分析",
            "columns": ["day", "spot", "visitors", "booked"],
            "until": (timezone.localdate() + timedelta(days=180)).isoformat(),
            "no-transfer": True, "no-other-use": True,
        },
    )  # fmt: skip


def _apply(
    entry: EntryView, organisation: UUID, purpose: str, until: str, columns: list[str]
) -> CaseView:
    return services.case_file_on_dataset(
        actor=_actor(ANALYST), dataset=entry.id, procedure="conditional-access", step="submit",
        organisation=organisation,
        values={
            "title": purpose, "reason": "为公共交通服务提供分析。", "kind": "api", "until": until,
            "result": "分析报告", "scenario": "在本单位内分析，不识别个人。", "columns": columns,
            **_PLEDGES,
        },
    )  # fmt: skip


def _report(entry: EntryView, title: str, problem: str) -> CaseView:
    return services.case_file_on_dataset(
        actor=_actor(ANALYST), dataset=entry.id, procedure="correction", step="report",
        organisation=_organisation("yuntu"),
        values={"title": title, "kind": "error", "problem": problem},
    )  # fmt: skip


def _take(case: CaseView, by: Actor, step: str, **values: Any) -> CaseView:
    return services.case_take(actor=by, case=case.id, step=step, values=values)


def _actor(username: str) -> Actor:
    return parties.actor_for_username(username)


def _clerk_of(entry: EntryView) -> Actor:
    body = next(one.key for one in region.ORGANISATIONS if one.code == entry.body_code)
    return _actor(region.clerk_of(body).username)


def _organisation(key: str) -> UUID:
    code = next(one.code for one in region.ORGANISATIONS if one.key == key)
    return parties.organisation_by_code(code).id
