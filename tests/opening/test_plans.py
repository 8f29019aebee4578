"""A body plans what it opens in a year; the authority accepts; the catalogue says how far it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.catalog.conftest import METADATA, OTHER_CITY, City, actor
from wushu.catalog import services as catalog
from wushu.catalog.types import Attribute
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.kernel.errors import Refusal
from wushu.kernel.sheets import template_csv
from wushu.opening import selectors, services
from wushu.opening.models import PlanEdition
from wushu.opening.rules import plans as rules
from wushu.opening.types import ItemStanding, PlanContent, PlanItem, PlanState, PlanView
from wushu.parties.types import HeldRole, Role, Scope

pytestmark = pytest.mark.django_db
YEAR = 2026
CONDITIONAL = replace(
    METADATA, title_zh="公交刷卡记录", attribute=Attribute.CONDITIONAL, conditions="仅供研究",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, date(YEAR, 5, 6))


def set_today(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    for module in ("services", "selectors"):
        monkeypatch.setattr(f"wushu.opening.{module}.plans.timezone.localdate", lambda *_args: day)


def item(title: str = "公共停车场分布", **changes: Any) -> PlanItem:
    given: dict[str, Any] = {"attribute": Attribute.UNCONDITIONAL, "quarter": 2, **changes}
    return PlanItem(uuid4(), title, **given)


def drafted(city: City, *items: PlanItem, **changes: Any) -> PlanView:
    content = PlanContent(items=items or (item(),), scenarios="停车诱导", measures="每月检查")
    return services.plan_draft(
        actor=city.clerk, body=city.transport.id, year=YEAR, content=replace(content, **changes)
    )


def accepted(city: City, *items: PlanItem, **changes: Any) -> PlanView:
    drafted(city, *items, **changes)
    services.plan_submit(actor=city.clerk, body=city.transport.id, year=YEAR)
    return services.plan_accept(actor=city.reviewer, body=city.transport.id, year=YEAR)


def of(city: City) -> dict[str, Any]:
    return {"body": city.transport.id, "year": YEAR}


def refusal_of(act: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        act(**given)
    return refused.value


# From draft to public


def test_a_plan_is_public_once_the_authority_accepted_it_and_each_act_is_in_the_log(city: City):
    drafted(city)
    assert refusal_of(selectors.plan, **of(city)).name == "not-found"
    services.plan_submit(actor=city.clerk, **of(city))
    assert refusal_of(selectors.plan, **of(city)).name == "not-found"
    services.plan_accept(actor=city.reviewer, **of(city))
    shown = selectors.plan(**of(city))
    assert shown.in_force is not None
    assert (shown.in_force.content.scenarios, shown.working) == ("停车诱导", None)
    assert [note.act for note in evidence.entries_about(shown.urn)] == [
        "opening.plan.drafted", "opening.plan.submitted", "opening.plan.accepted",
    ]  # fmt: skip
    sequence()
    assert list(evidence.audit()) == []


def test_an_accepted_plan_cannot_be_changed_unseen(city: City):
    accepted(city)
    sequence()
    PlanEdition.objects.update(content="{}")
    assert [fault.kind for fault in evidence.audit()] == ["row-changed"]


def test_a_returned_plan_says_why_and_is_submitted_again(city: City):
    drafted(city)
    services.plan_submit(actor=city.clerk, **of(city))
    back = services.plan_return(actor=city.reviewer, reasons="缺少气象数据", **of(city))
    assert back.working is not None
    assert (back.working.state, back.working.reasons) == (PlanState.RETURNED, "缺少气象数据")
    drafted(city, item(), item("桥梁"))
    again = services.plan_submit(actor=city.clerk, **of(city))
    assert again.working is not None
    assert (again.working.number, again.working.reasons) == (1, "")


def test_a_draft_is_for_its_body_and_the_authority_sees_what_was_submitted(city: City):
    drafted(city)
    assert refusal_of(selectors.plan, actor=city.stranger, **of(city)).name == "not-found"
    assert refusal_of(selectors.plan, actor=city.reviewer, **of(city)).name == "not-found"
    assert selectors.plan(actor=city.colleague, **of(city)).working is not None
    services.plan_submit(actor=city.clerk, **of(city))
    assert selectors.plan(actor=city.reviewer, **of(city)).working is not None
    assert refusal_of(selectors.plan, actor=city.stranger, **of(city)).name == "not-found"


def test_the_authority_writes_its_regions_scenarios_and_measures_and_a_second_person_accepts(
    city: City,
):
    region = {"body": city.authority.id, "year": YEAR}
    words = PlanContent(scenarios="智慧停车", measures="每季度督查")
    services.plan_draft(actor=city.reviewer, content=words, **region)
    services.plan_submit(actor=city.reviewer, **region)
    assert refusal_of(services.plan_accept, actor=city.reviewer, **region).name == "own-plan"
    second = actor(
        "second", HeldRole(city.authority.id, Role.DATA_AUTHORITY, city.authority.division)
    )
    services.plan_accept(actor=second, **region)
    assert refusal_of(services.plan_draft, actor=city.clerk, content=words, **region).name == (
        "not-permitted"
    )
    empty = PlanContent()
    rules.require_submittable(words, amends=False, of_region=True)
    for content, of_region in ((empty, True), (words, False)):
        assert (
            refusal_of(
                rules.require_submittable, content=content, amends=False, of_region=of_region
            ).name
            == "invalid-value"
        )


def test_the_sheet_to_fill_in_is_read_back(city: City):
    sheet = template_csv(selectors.PLAN_LAYOUT) + "公共停车场分布,无条件开放,3,,,\r\n"
    (read,) = selectors.plan_items_of_sheet(
        BytesIO(sheet.encode()), "plan.csv", before=PlanContent(), actor=city.clerk
    )
    assert (read.title, read.quarter) == ("公共停车场分布", 3)


# Who may


def test_only_the_bodys_own_clerks_write_its_plan(city: City):
    for who in (city.stranger, city.reviewer):
        refusal = refusal_of(
            services.plan_draft, actor=who, content=PlanContent(items=(item(),)), **of(city)
        )
        assert refusal.name == "not-permitted"
    drafted(city)
    assert refusal_of(services.plan_submit, actor=city.stranger, **of(city)).name == "not-permitted"


def test_a_key_that_is_not_for_the_catalogue_writes_no_plan(city: City):
    key = replace(city.clerk, scopes=frozenset({Scope.ROWS_READ}))
    refusal = refusal_of(
        services.plan_draft, actor=key, content=PlanContent(items=(item(),)), **of(city)
    )
    assert refusal.name == "key-lacks-scope"


def test_nobody_decides_on_a_plan_of_their_own_or_out_of_their_region(city: City):
    drafted(city)
    both = replace(
        city.clerk,
        roles=(*city.clerk.roles, HeldRole(city.authority.id, Role.DATA_AUTHORITY, "320500")),
    )
    services.plan_submit(actor=both, **of(city))
    for act, more in ((services.plan_accept, {}), (services.plan_return, {"reasons": "否"})):
        assert refusal_of(act, actor=both, **more, **of(city)).name == "own-plan"
        elsewhere = actor("外市", HeldRole(uuid4(), Role.DATA_AUTHORITY, OTHER_CITY))
        assert refusal_of(act, actor=elsewhere, **more, **of(city)).name == "not-permitted"
        assert refusal_of(act, actor=city.clerk, **more, **of(city)).name == "not-permitted"


def test_what_was_not_submitted_is_not_decided_and_what_waits_is_not_changed(city: City):
    drafted(city)
    assert refusal_of(services.plan_accept, actor=city.reviewer, **of(city)).name == "plan-state"
    services.plan_submit(actor=city.clerk, **of(city))
    assert refusal_of(services.plan_submit, actor=city.clerk, **of(city)).name == "plan-state"
    with pytest.raises(Refusal, match="plan-state"):
        drafted(city)


# What it must say


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (item("  "), "title"),
        (item("长" * 201), "title"),
        (item(quarter=5), "quarter"),
        (item(attribute=Attribute.NONE), "attribute"),
        (item(theme="NONE"), "theme"),
        (item(update_cycle="sometimes"), "update_cycle"),
        (item(dataset=uuid4()), "dataset"),
    ],
)
def test_what_is_wrong_in_an_item_is_named(city: City, wrong: PlanItem, field: str):
    with pytest.raises(Refusal) as refused:
        drafted(city, wrong)
    assert refused.value.as_problem()["field"] == field


def test_an_empty_plan_is_not_submitted_and_a_plan_of_last_year_not_drafted(city: City):
    services.plan_draft(actor=city.clerk, content=PlanContent(), **of(city))
    assert refusal_of(services.plan_submit, actor=city.clerk, **of(city)).name == "invalid-value"
    refusal = refusal_of(
        services.plan_draft, actor=city.clerk, body=city.transport.id, year=YEAR - 1,
        content=PlanContent(items=(item(),)),
    )  # fmt: skip
    assert refusal.name == "plan-year"


def test_a_colleagues_later_draft_is_not_overwritten_unseen(city: City):
    seen = drafted(city)
    assert seen.working is not None
    drafted(city, item("桥梁"))
    refusal = refusal_of(
        services.plan_draft, actor=city.clerk, content=PlanContent(items=(item(),)),
        known=seen.working.revised, **of(city),
    )  # fmt: skip
    assert refusal.name == "stale"


# Amended in the open


def test_an_amendment_says_why_and_the_former_state_stays_visible_beside_it(city: City):
    parking, bridges = item(), item("桥梁", quarter=4)
    accepted(city, parking, bridges)
    drafted(city, replace(parking, quarter=3), item("渡口"))
    assert refusal_of(services.plan_submit, actor=city.clerk, **of(city)).name == "invalid-value"
    assert selectors.plan(**of(city)).items[0].item.quarter == 2
    shown = accepted(city, replace(parking, quarter=3), item("渡口"), reason="系统改造延后")
    assert shown.in_force is not None
    assert shown.in_force.content.reason == "系统改造延后"
    told = [
        (one.before and one.before.title, one.after and one.after.title)
        for one in shown.in_force.changes
    ]
    assert told == [("公共停车场分布", "公共停车场分布"), ("桥梁", None), (None, "渡口")]
    (former,) = shown.former
    assert [one.title for one in former.content.items] == ["公共停车场分布", "桥梁"]


# How far it is


def test_an_item_is_done_when_its_dataset_is_listed_as_planned(city: City):
    planned = item()
    accepted(city, planned)
    entry = city.submitted()
    services.plan_link(actor=city.clerk, item=planned.key, dataset=entry.id, **of(city))
    (waiting,) = selectors.plan(**of(city)).items
    assert (waiting.standing, waiting.dataset) == (ItemStanding.COMING, None)
    assert entry.revision is not None
    catalog.revision_pass_gate(actor=city.reviewer, revision=entry.revision.id)
    (done,) = selectors.plan(**of(city)).items
    assert done.standing is ItemStanding.DONE
    assert done.dataset is not None


def test_a_dataset_listed_with_stricter_conditions_than_planned_is_not_done(city: City):
    entry = city.listed(CONDITIONAL)
    shown = accepted(
        city, item(dataset=entry.id), item(dataset=entry.id, attribute=Attribute.CONDITIONAL)
    )
    assert [one.standing for one in shown.items] == [ItemStanding.COMING, ItemStanding.DONE]


def test_an_item_is_late_once_its_quarter_has_passed(city: City, monkeypatch: pytest.MonkeyPatch):
    accepted(city, item(quarter=2), item(quarter=3))
    set_today(monkeypatch, date(YEAR, 6, 30))
    assert selectors.plan(**of(city)).progress.late == 0
    set_today(monkeypatch, date(YEAR, 7, 1))
    assert selectors.plan(**of(city)).progress.late == 1
    set_today(monkeypatch, date(YEAR + 1, 1, 1))
    assert selectors.plan(**of(city)).progress.late == 2


def test_another_bodys_dataset_is_not_linked(city: City):
    planned = item()
    accepted(city, planned)
    theirs = city.listed(by=city.stranger)
    refusal = refusal_of(
        services.plan_link, actor=city.clerk, item=planned.key, dataset=theirs.id, **of(city)
    )
    assert refusal.name == "invalid-value"
    refusal = refusal_of(
        services.plan_link, actor=city.stranger, item=planned.key, dataset=theirs.id, **of(city)
    )
    assert refusal.name == "not-permitted"


# Lists


def plan_of(city: City, body: UUID, clerk: Any) -> None:
    given: dict[str, Any] = {"body": body, "year": YEAR}
    services.plan_draft(actor=clerk, content=PlanContent(items=(item(),)), **given)
    services.plan_submit(actor=clerk, **given)
    services.plan_accept(actor=city.reviewer, **given)


def test_plans_of_a_year_are_paged_through_by_region(city: City):
    plan_of(city, city.transport.id, city.clerk)
    plan_of(city, city.health.id, city.stranger)
    first = selectors.plans_page(YEAR, region="320500", limit=1)
    assert [one.body.name_zh for one in first.lines] == ["交通运输局"]
    second = selectors.plans_page(YEAR, region="320500", cursor=first.cursor, limit=1)
    assert ([one.body.name_zh for one in second.lines], second.cursor) == (["卫生健康委员会"], None)
    assert selectors.plans_page(YEAR, region=OTHER_CITY).lines == ()
    assert selectors.plan_years() == [YEAR]


def test_a_list_of_plans_costs_as_many_queries_however_many_there_are(
    city: City, django_assert_max_num_queries: Any
):
    plan_of(city, city.transport.id, city.clerk)
    plan_of(city, city.health.id, city.stranger)
    for body in range(4):
        more = city.body(f"第{body}局")
        plan_of(city, more.id, city.clerk_of(more))
    with django_assert_max_num_queries(4):
        assert len(selectors.plans_page(YEAR).lines) == 6


def test_what_waits_is_shown_to_who_can_act(city: City):
    drafted(city)
    assert selectors.plans_waiting(actor=city.reviewer) == []
    services.plan_submit(actor=city.clerk, **of(city))
    assert [one.body.id for one in selectors.plans_waiting(actor=city.reviewer)] == [
        city.transport.id
    ]
    assert selectors.plans_waiting(actor=city.clerk) == []
    services.plan_return(actor=city.reviewer, reasons="请补充", **of(city))
    assert [one.state for one in selectors.plans_waiting(actor=city.clerk)] == [PlanState.RETURNED]
    assert [one.state for one in selectors.plans_at_desk(actor=city.stranger)] == []


def test_content_is_kept_as_it_was_written():
    content = PlanContent(
        items=(item(theme="TRAN", update_cycle="MONTHLY", dataset=uuid4()),), scenarios="甲",
        measures="乙", reason="丙",
    )  # fmt: skip
    assert rules.from_json(rules.as_json(content)) == content


# Out of a spreadsheet


SHEET = "数据名称,开放属性,完成季度,主题,更新周期,数据集\n"


def taken(city: City, rows: str, before: PlanContent | None = None) -> tuple[PlanItem, ...]:
    return selectors.plan_items_of_sheet(
        BytesIO((SHEET + rows).encode()), "plan.csv", before=before or PlanContent(),
        actor=city.clerk,
    )  # fmt: skip


def test_a_list_comes_out_of_a_spreadsheet_and_known_items_go_on(city: City):
    entry = city.draft()
    known = item("公交站点")
    rows = f"公交站点,无条件开放,第3季度,交通运输,每月,{entry.slug}\n刷卡记录,conditional,4,,,\n"
    first, second = taken(city, rows, PlanContent(items=(known,)))
    assert (first.key, first.quarter, first.theme) == (known.key, 3, "TRAN")
    assert (first.update_cycle, first.dataset) == ("MONTHLY", entry.id)
    assert (second.attribute, second.quarter) == (Attribute.CONDITIONAL, 4)
    drafted(city, first, second)


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("公交站点,不予开放,3,,,", "B2"),
        ("公交站点,无条件开放,5,,,", "C2"),
        ("公交站点,,3,,,", "B2"),
        (",无条件开放,3,,,", "A2"),
        ("公交站点,无条件开放,3,没有的主题,,", "D2"),
        ("公交站点,无条件开放,3,,,no-such", "F2"),
    ],
)
def test_the_first_wrong_cell_is_named(city: City, row: str, cell: str):
    with pytest.raises(Refusal) as refused:
        taken(city, row + "\n")
    assert (refused.value.name, refused.value.facts["cell"]) == ("plan-cell", cell)
