"""Yearly plans: one amended and in force, one returned, one that waits for the authority."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.utils import timezone

from tests.portal.scenes import HOSTILE, Scenes
from tests.portal.scenes.people import People
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.opening import services
from wushu.opening.types import PlanContent, PlanItem
from wushu.parties.types import Actor


def plans(people: People, made: Scenes) -> None:
    """Of the transport bureau for this year and the next, of the parks bureau for this year."""
    year = timezone.localdate().year
    listed = catalog.entry_by_slug(made.datasets["stops"]).id
    first = _item("公交站点", dataset=listed, theme="TRAN", update_cycle="MONTHLY")
    second = _item(f"停车场 {HOSTILE}", quarter=1)
    _draft(people.clerk, people.transport, year, PlanContent(
        (first, second), scenarios="换乘研究\n停车诱导", measures="每月检查一次",
    ))  # fmt: skip
    services.plan_submit(actor=people.clerk, body=people.transport, year=year)
    services.plan_accept(actor=people.reviewer, body=people.transport, year=year)
    _draft(people.clerk, people.transport, year, PlanContent(
        (first, _item("渡口", attribute=Attribute.CONDITIONAL, quarter=4)), scenarios="换乘研究",
        reason="停车场由城管部门开放",
    ))  # fmt: skip
    services.plan_submit(actor=people.clerk, body=people.transport, year=year)
    services.plan_accept(actor=people.reviewer, body=people.transport, year=year)
    _draft(people.clerk, people.transport, year + 1, PlanContent((first,)))
    services.plan_submit(actor=people.clerk, body=people.transport, year=year + 1)
    services.plan_return(
        actor=people.reviewer, body=people.transport, year=year + 1, reasons="请补充航运数据"
    )
    _draft(people.keeper, people.parks, year, PlanContent((_item("公园绿地"),)))
    services.plan_submit(actor=people.keeper, body=people.parks, year=year)
    made.plans.update(
        year=str(year), next=str(year + 1), item=str(first.key), waits="11329900DEM0000739"
    )


def assessments(people: People, made: Scenes) -> None:
    """Of the county whose rules declare indicators: last year's published, this year's at work."""
    year, county = timezone.localdate().year, "329902"
    for one in (year - 1, year):
        services.assessment_begin(actor=people.reviewer, division=county, year=one)
    services.survey_enter(
        actor=people.reviewer, division=county, year=year - 1, body=people.forests,
        indicator="satisfaction", value=82, source=f"抽样调查 500 人 {HOSTILE}",
    )  # fmt: skip
    services.assessment_comment(
        actor=people.forester, division=county, year=year - 1, body=people.forests,
        text=f"拒收的行已更正 {HOSTILE}",
    )  # fmt: skip
    services.assessment_publish(actor=people.reviewer, division=county, year=year - 1)
    made.plans["before"] = str(year - 1)


def _draft(actor: Actor, body: UUID, year: int, content: PlanContent) -> None:
    services.plan_draft(actor=actor, body=body, year=year, content=content)


def _item(
    title: str, attribute: Attribute = Attribute.UNCONDITIONAL, quarter: int = 4, **more: object
) -> PlanItem:
    return PlanItem(uuid4(), title, attribute, quarter, **more)  # type: ignore[arg-type]
