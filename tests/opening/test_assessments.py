"""A year's assessment: counted out of the records, commented by bodies, frozen when it is published."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.casework.conftest import SUZHOU, Bureau, bureau, node
from tests.catalog.conftest import METADATA, City
from tests.opening.test_cases import list_by_the_book
from tests.opening.test_plans import refusal_of
from wushu.casework import selectors as casework
from wushu.casework.types import Ground
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, Metadata
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import Said
from wushu.opening import selectors, services
from wushu.opening.models import Assessment
from wushu.opening.rules import assessing as rules
from wushu.opening.rules.showing import RATINGS_LEAST
from wushu.opening.types import (
    Aspect,
    AssessmentView,
    Counted,
    Indicator,
    Measured,
    PlanContent,
    PlanItem,
    Unit,
)
from wushu.parties.types import Role

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
OF: dict[str, Any] = {"division": "320500", "year": YEAR}


@pytest.fixture
def city(bureau: Bureau) -> City:
    """The same bodies with a listed dataset of the transport bureau: 12 rows declared, 1 rejected."""
    made = City(bureau.transport, bureau.health, bureau.authority)
    list_one(bureau, made, METADATA)
    return made


def list_one(bureau: Bureau, city: City, metadata: Metadata) -> None:
    """As the rules that the bureau's city adopted ask."""
    entry = city.draft(metadata, by=bureau.clerk)
    city.load(entry, by=bureau.clerk)
    list_by_the_book(bureau, entry.id, metadata.attribute)


def begun(bureau: Bureau) -> AssessmentView:
    return services.assessment_begin(actor=bureau.examiner, **OF)


def values(found: AssessmentView, code: str) -> dict[str, Measured]:
    (body,) = (one for one in found.bodies if one.code == code)
    return {one.indicator: one for one in body.measured}


def test_figures_come_out_of_the_catalogue_the_cases_and_the_plan(bureau: Bureau, city: City):
    of: dict[str, Any] = {"body": bureau.transport.id, "year": YEAR}
    (entry,) = listed(city)
    items = (
        PlanItem(uuid4(), "停车场", Attribute.UNCONDITIONAL, 4, dataset=entry),
        PlanItem(uuid4(), "桥梁", Attribute.UNCONDITIONAL, 4),
    )
    services.plan_draft(actor=bureau.clerk, content=PlanContent(items), **of)
    services.plan_submit(actor=bureau.clerk, **of)
    services.plan_accept(actor=bureau.examiner, **of)
    bureau.agreed()
    found = values(begun(bureau), bureau.transport.code)
    assert (found["updates"].value, found["updates"].of) == (1.0, 1)
    assert (found["rejects"].value, found["rejects"].of) == (0.0833, 12)
    assert (found["plan"].value, found["plan"].of) == (0.5, 2)
    assert (found["plan"].points, found["rejects"].points) == (50.0, 0.0)
    assert (found["in-time"].value, found["in-time"].of) == (1.0, 1)
    assert found["replies"].value is not None
    assert (found["satisfaction"].value, found["rectified"].value) == (None, None)


def listed(city: City) -> list[UUID]:
    return [one.id for one in catalog.entries_of_bodies(actor=city.clerk)]


def test_who_lists_and_plans_nothing_is_not_assessed(bureau: Bureau, city: City):
    assert [one.code for one in begun(bureau).bodies] == [bureau.transport.code]


def test_a_survey_counts_with_its_source(bureau: Bureau, city: City):
    begun(bureau)
    given: dict[str, Any] = {
        "body": bureau.transport.id, "indicator": "satisfaction", "value": 80.0,
        "source": "第三方满意度调查，样本 500 人", **OF,
    }  # fmt: skip
    refusal = refusal_of(services.survey_enter, actor=bureau.clerk, **given)
    assert refusal.name == "not-permitted"
    for wrong in (
        {"value": 101.0},
        {"indicator": "plan"},
        {"source": " "},
        {"value": float("nan")},
    ):
        refusal = refusal_of(services.survey_enter, actor=bureau.examiner, **{**given, **wrong})
        assert refusal.name == "invalid-value"
    found = services.survey_enter(actor=bureau.examiner, **given)
    said = values(found, bureau.transport.code)["satisfaction"]
    assert (said.value, said.points, said.source) == (80.0, 80.0, given["source"])


def test_an_evaluation_by_a_third_party_counts_beside_the_survey_with_who_evaluated(
    bureau: Bureau, city: City
):
    begun(bureau)
    for indicator, value, source in (
        ("satisfaction", 80.0, "抽样 500 人"), ("third-party", 60.0, "某评估中心 2026 年报告"),
    ):  # fmt: skip
        services.survey_enter(
            actor=bureau.examiner, body=bureau.transport.id, indicator=indicator, value=value,
            source=source, **OF,
        )  # fmt: skip
    done = services.assessment_publish(actor=bureau.examiner, **OF)
    said = values(done, bureau.transport.code)
    assert said["satisfaction"].source == "抽样 500 人"
    assert (said["third-party"].points, said["third-party"].source) == (
        60.0,
        "某评估中心 2026 年报告",
    )
    assert "某评估中心 2026 年报告" in done.document


def test_its_bodies_see_it_before_it_is_public_and_comment(bureau: Bureau, city: City):
    begun(bureau)
    assert refusal_of(lambda: selectors.assessment(**OF)).name == "not-found"
    assert refusal_of(lambda: selectors.assessment(**OF, actor=bureau.user)).name == "not-found"
    assert selectors.assessments() == []
    assert selectors.assessment(**OF, actor=bureau.clerk).published_at is None
    text = {"text": "拒收的 1 行已更正", **OF}
    refusal = refusal_of(
        services.assessment_comment, actor=bureau.stranger, body=bureau.transport.id, **text
    )
    assert refusal.name == "not-permitted"
    services.assessment_comment(actor=bureau.clerk, body=bureau.transport.id, **text)
    done = services.assessment_publish(actor=bureau.examiner, **OF)
    (body,) = done.bodies
    assert body.comment == "拒收的 1 行已更正"


def test_what_is_published_is_frozen_with_its_hash_in_the_log(bureau: Bureau, city: City):
    begun(bureau)
    done = services.assessment_publish(actor=bureau.examiner, **OF)
    assert sha256_hex(done.document.encode()) == done.sha256
    (said,) = evidence.acts_said(done.urn, "opening.assessment.published")
    assert said.data["sha256"] == done.sha256
    list_one(bureau, city, replace(METADATA, title_zh="桥梁"))
    shown = selectors.assessment(**OF)
    assert (shown.document, shown.sha256) == (done.document, done.sha256)
    for act, more in (
        (services.assessment_publish, {}),
        (
            services.assessment_comment,
            {"body": bureau.transport.id, "text": "补充", "actor": bureau.clerk},
        ),
        (
            services.survey_enter,
            {"body": bureau.transport.id, "indicator": "satisfaction", "value": 1.0,
             "source": "调查"},
        ),
    ):  # fmt: skip
        refusal = refusal_of(act, **{"actor": bureau.examiner, **OF, **more})
        assert refusal.name == "assessment-published"
    sequence()
    assert list(evidence.audit()) == []
    Assessment.objects.update(document="{}")
    assert [one.kind for one in evidence.audit()] == ["row-changed"]


def test_only_the_authority_begins_and_publishes(bureau: Bureau):
    for who in (bureau.clerk, bureau.user):
        assert refusal_of(services.assessment_begin, actor=who, **OF).name == "not-permitted"
        assert refusal_of(services.assessment_publish, actor=who, **OF).name == "not-permitted"
    assert refusal_of(services.assessment_publish, actor=bureau.examiner, **OF).name == "not-found"
    late = {"division": "320500", "year": YEAR - 2}
    refusal = refusal_of(services.assessment_begin, actor=bureau.examiner, **late)
    assert refusal.name == "invalid-value"


# Points


PLAN = Indicator(
    "plan", Said("计划", "plan"), Said("如", "how"), Counted.PLAN, Unit.SHARE, 1.0,
    1.0, 0.0, Ground("14"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("best", "worst", "value", "points"),
    [(1, 0, 0.25, 25.0), (1, 10, 1, 100.0), (1, 10, 10, 0.0), (1, 10, 5.5, 50.0), (0, 0.05, 1, 0.0),
     (1, 10, 0, 100.0)],
)  # fmt: skip
def test_points_lie_in_proportion_between_the_worst_and_the_best_value(
    best: float, worst: float, value: float, points: float
):
    assert rules.points(replace(PLAN, best=best, worst=worst), value) == points


def test_what_had_nothing_to_count_does_not_count():
    several = [PLAN, replace(PLAN, id="survey", weight=3.0)]
    half = [Measured("plan", 0.5, 50.0, 2), Measured("survey", None, None, 0)]
    assert rules.score(several, half) == 50.0
    both = [Measured("plan", 0.5, 50.0, 2), Measured("survey", 1.0, 90.0, 1)]
    assert rules.score(several, both) == 80.0
    assert rules.score([PLAN], [Measured("plan", None, None, 0)]) is None


# The indicator system's file


def shipped() -> dict[str, Any]:
    return tomllib.loads((casework.REGULATIONS / SUZHOU / "assessment.toml").read_text("utf-8"))


def test_the_shipped_system_is_sound_and_is_used_where_its_rules_are_adopted(bureau: Bureau):
    assert rules.faults(shipped(), SUZHOU) == []
    assert selectors.indicators_of("320500").regulation == SUZHOU
    assert refusal_of(lambda: selectors.indicators_of("110000")).name == "indicators-missing"
    assert json.loads(begun(bureau).document)["system"]["regulation"] == SUZHOU


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"counts": "guessed"}, "counts"),
        ({"unit": "feet"}, "unit"),
        ({"weight": "much"}, "weight"),
        ({"weight": -1}, "weight"),
        ({"best": 0, "worst": 0}, "best"),
        ({"article": ""}, "indicators[updates]"),
        ({"platform_rule": "也写", "platform_rule_en": "too"}, "indicators[updates]"),
        ({"procedure": "correction"}, "procedure"),
        ({"how_en": " "}, "how_en"),
        ({"colour": "red"}, "colour"),
        ({"id": "plan"}, "indicators[plan]"),
    ],
)
def test_each_fault_of_a_system_is_named_in_its_place(change: dict[str, Any], where: str):
    document = shipped()
    document["indicators"][0] |= change
    found = rules.faults(document, SUZHOU)
    assert any(str(one.facts["where"]).endswith(where) for one in found), found


def test_what_is_no_table_is_named_too():
    found = rules.faults(shipped() | {"indicators": ["updates"]}, SUZHOU)
    assert [one.facts["where"] for one in found] == ["indicators"]


def test_rectification_tasks_count_though_they_are_not_in_the_public_ledger(
    bureau: Bureau, city: City
):
    (entry,) = listed(city)
    case = services.case_file_on_dataset(
        actor=bureau.examiner, dataset=entry, procedure="quality-rectification", step="start",
        organisation=bureau.authority.id,
        values={
            "title": "泊位数有空值", "standard": "correct", "findings": "3 行为空", "demands": "补全",
        },
    )  # fmt: skip
    services.case_take(
        actor=bureau.clerk, case=case.id, step="report", values={"done": "已补全", "version": ""}
    )
    assert values(begun(bureau), bureau.transport.code)["rectified"].of == 0
    services.case_take(actor=bureau.examiner, case=case.id, step="confirm", values={})
    found = values(begun(bureau), bureau.transport.code)["rectified"]
    assert (found.value, found.of) == (1.0, 1)


def test_user_ratings_count_once_enough_people_rated(bureau: Bureau, city: City):
    (entry,) = listed(city)
    score = dict.fromkeys(Aspect, 4)
    for number in range(RATINGS_LEAST):
        found = values(begun(bureau), bureau.transport.code)["ratings"]
        assert found.value is None, number
        person = bureau.person(f"评价人{number}", Role.DATA_USER)
        services.rating_give(actor=person, dataset=entry, scores={**score, Aspect.TIMELY: 2})
    found = values(begun(bureau), bureau.transport.code)["ratings"]
    assert (found.value, found.of, found.points) == (3.5, RATINGS_LEAST, 62.5)


def test_one_more_rating_does_not_show_in_the_figures(bureau: Bureau, city: City):
    (entry,) = listed(city)
    several = [
        bureau.person(f"评价人{number}", Role.DATA_USER) for number in range(RATINGS_LEAST + 1)
    ]
    for number, person in enumerate(several):
        score = 1 if number == RATINGS_LEAST else 4
        services.rating_give(actor=person, dataset=entry, scores=dict.fromkeys(Aspect, score))
    found = values(begun(bureau), bureau.transport.code)["ratings"]
    assert (found.value, found.of) == (4.0, RATINGS_LEAST)
