"""What is opened first: domains that the rules name, in plans, assessments and on their pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.casework.conftest import SUZHOU, Bureau, bureau, node
from tests.catalog.conftest import City
from tests.opening.test_assessments import OF, YEAR, city, listed, values
from tests.opening.test_plans import refusal_of
from wushu.casework import selectors as casework
from wushu.casework.types import Ground, PriorityDomain
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.kernel.errors import Said
from wushu.opening import selectors, services
from wushu.opening.rules import plans as rules
from wushu.opening.types import PlanContent, PlanItem, PlanView

__all__ = ["bureau", "city", "node"]

FOLDERS = casework.regulation_folders()


def item(title: str, theme: str = "", domain: str = "", dataset: UUID | None = None) -> PlanItem:
    return PlanItem(
        uuid4(), title, Attribute.UNCONDITIONAL, 4, theme=theme, domain=domain, dataset=dataset
    )


def planned(bureau: Bureau, *items: PlanItem) -> PlanView:
    of: dict[str, Any] = {"body": bureau.transport.id, "year": YEAR}
    services.plan_draft(actor=bureau.clerk, content=PlanContent(items), **of)
    services.plan_submit(actor=bureau.clerk, **of)
    return services.plan_accept(actor=bureau.examiner, **of)


def counted(found: PlanView) -> dict[str, tuple[int, int]]:
    return {
        one.domain.id: (one.progress.planned, one.progress.done)
        for one in found.domains
        if one.progress.planned
    }


def test_an_item_is_of_the_domain_it_names_else_of_the_only_one_its_theme_falls_under():
    ground = Ground(article="18")
    roads = PriorityDomain("roads", Said("交通", "Roads"), ("TRAN",), ground)
    money = PriorityDomain("money", Said("金融", "Money"), ("ECON",), ground)
    credit = PriorityDomain("credit", Said("信用", "Credit"), ("ECON",), ground)
    known = (roads, money, credit)
    assert rules.domain_of(item("停车场", "TRAN"), known) == roads
    assert rules.domain_of(item("企业信用", "ECON"), known) is None
    assert rules.domain_of(item("企业信用", "ECON", "credit"), known) == credit
    assert rules.domain_of(item("道路信用", "TRAN", "credit"), known) == credit
    assert rules.domain_of(item("不明"), known) is None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_domains_fall_under_themes_of_the_catalogue(folder: Any):
    found = casework.regulation_of(casework.read_folder(folder), folder.name)
    themes = {one.code for one in catalog.vocabulary("data-theme")}
    assert {code for one in found.priorities for code in one.themes} <= themes


@pytest.mark.django_db
def test_a_plan_says_how_far_it_is_in_each_priority_domain(bureau: Bureau, city: City):
    (entry,) = listed(city)
    found = planned(
        bureau, item("停车场", "TRAN", dataset=entry), item("桥梁", "TRAN"),
        item("运输企业信用", "ECON", "credit"), item("运输收入", "ECON"),
    )  # fmt: skip
    assert counted(found) == {"transport": (2, 1), "credit": (1, 0)}
    assert len(found.domains) == 16
    document = selectors.plan_document(found)
    assert [one["domain"] for one in document["in_force"]["items"]] == [
        "transport", "transport", "credit", "",
    ]  # fmt: skip
    (line,) = selectors.plans_page(YEAR).lines
    assert {one.domain.id for one in line.domains if one.progress.done} == {"transport"}


@pytest.mark.django_db
def test_a_domain_that_the_place_does_not_put_first_is_refused(bureau: Bureau):
    refusal = refusal_of(lambda: planned(bureau, item("停车场", domain="parking")))
    assert refusal.name == "invalid-value"
    assert "parking" in refusal.sentence("zh")


@pytest.mark.django_db
def test_what_is_planned_in_priority_domains_is_counted_apart(bureau: Bureau, city: City):
    (entry,) = listed(city)
    planned(bureau, item("停车场", "TRAN", dataset=entry), item("桥梁", "TRAN"), item("其他"))
    found = services.assessment_begin(actor=bureau.examiner, **OF)
    measured = values(found, bureau.transport.code)
    assert (measured["priority"].value, measured["priority"].of) == (0.5, 2)
    assert measured["plan"].of == 3


@pytest.mark.django_db
def test_pages_name_the_domains_with_their_article(bureau: Bureau, client: Client):
    planned(bureau, item("桥梁", "TRAN"))
    plan = client.get(f"/plans/{YEAR}/{bureau.transport.code}").content.decode()
    assert "<td>交通运输</td>" in plan
    for page in (plan, client.get(f"/plans?year={YEAR}").content.decode()):
        assert '<th scope="row">人力资源和社会保障</th>' in page
    regulation = client.get(f"/regulations/{SUZHOU}/1").content.decode()
    assert "人力资源和社会保障" in regulation
    assert "/datasets?theme=SOCI" in regulation
