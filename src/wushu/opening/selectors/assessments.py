"""Yearly assessments: counted out of the platform's own records, or as they were published."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import CaseFigures, Ground
from wushu.catalog import selectors as catalog
from wushu.catalog.selectors import BodyFigures
from wushu.dataplane import selectors as dataplane
from wushu.kernel.canonical import canonical_json, sha256_hex
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.kernel.identifiers import parse_division
from wushu.opening.indicators import indicator_folders, indicator_system
from wushu.opening.models import Assessment, Rating
from wushu.opening.planning_refusals import INDICATORS_MISSING
from wushu.opening.rules import assessing as rules
from wushu.opening.rules.showing import RATINGS_LEAST
from wushu.opening.selectors.plans import PAGE_MOST, plans_page
from wushu.opening.selectors.ratings import rating_figures
from wushu.opening.types import (
    AssessmentLine,
    AssessmentView,
    BodyAssessed,
    Counted,
    DomainProgress,
    Indicator,
    IndicatorSystem,
    Measured,
    PlanLine,
    PlanProgress,
    Unit,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationKind, OrganisationView, Role

Value = tuple[float | None, int]
"""What was counted, and over how many."""


def indicators_of(division: str) -> IndicatorSystem:
    """The indicator system of the rules that a division applies today; ``indicators-missing``."""
    folders = {one.name: one for one in indicator_folders()}
    adopted = casework.all_applying(division, casework.local_day(timezone.now()))
    for key in sorted({one.version.key for one in adopted.values()}):
        if key in folders:
            return indicator_system(folders[key])
    raise INDICATORS_MISSING(division=division)


def assessments(*, actor: Actor | None = None) -> list[AssessmentLine]:
    """Published ones, and those the actor works on or may comment on; the newest year first."""
    rows = [one for one in Assessment.objects.all() if _may_see(one, actor)]
    return [AssessmentLine(one.division, one.year, one.published_at) for one in rows]


def assessment(division: str, year: int, *, actor: Actor | None = None) -> AssessmentView:
    """As it was published; before that, for its authority and its bodies, as it stands now.

    Refusals: ``not-found``, ``indicators-missing``.
    """
    code = parse_division(division).code
    row = Assessment.objects.filter(division=code, year=year).first()
    if row is None or not _may_see(row, actor):
        raise NOT_FOUND(
            what=Said(f"{division} {year} 年的考核评估", f"the assessment of {division} for {year}")
        )
    return view_of(row)


def _may_see(row: Assessment, actor: Actor | None) -> bool:
    if row.published_at is not None or rules.may_assess(actor, row.division):
        return True
    return bool(_own_bodies(row.division, actor))


def _own_bodies(division: str, actor: Actor | None) -> list[OrganisationView]:
    if actor is None:
        return []
    mine = actor.organisations_as(Role.OPENING_BODY, Role.CHIEF_DATA_OFFICER)
    within = parse_division(division)
    return [
        one
        for one in parties.organisations_by_id(mine).values()
        if rules.may_comment(actor, one.id)
        and one.division
        and parse_division(one.division).within(within)
    ]


def may_assess(actor: Actor | None, division: str) -> bool:
    """Whether the actor is the authority there."""
    return rules.may_assess(actor, division)


def bodies_to_comment(found: AssessmentView, *, actor: Actor | None) -> list[OrganisationView]:
    """Bodies for which the actor can comment, while it is not published."""
    return [] if found.published_at is not None else _own_bodies(found.division, actor)


def view_of(row: Assessment) -> AssessmentView:
    """What was published, or what would be now."""
    document = row.document or compute(row)
    stored = json.loads(document)
    return AssessmentView(
        id=row.pk, division=row.division, year=row.year, system=_system(stored),
        bodies=tuple(_body(one) for one in stored["bodies"]),
        counted_on=date.fromisoformat(stored["counted_on"]), published_at=row.published_at,
        sha256=row.sha256 or sha256_hex(document.encode()), document=document,
    )  # fmt: skip


# Counting


@dataclass(frozen=True, slots=True)
class _Records:
    """The platform's records of a year, read once for all bodies."""

    figures: Mapping[UUID, BodyFigures]
    rows: Mapping[UUID, tuple[int, int]]
    uses: Mapping[UUID, int]
    plans: Mapping[str, PlanLine]
    surveys: Mapping[tuple[UUID, str], tuple[float, str]]
    ratings: Mapping[UUID, Value]
    last: date
    cases: Callable[[UUID], CaseFigures]


def compute(row: Assessment) -> str:
    """The canonical JSON of an assessment as the records stand now."""
    system = indicators_of(row.division)
    today = timezone.localdate()
    records = _records(row, min(today, date(row.year, 12, 31)))
    comments = dict(row.comments.values_list("body", "text"))
    assessed = [
        _assessed(one, system, records, comments.get(one.id, ""))
        for one in _bodies(row.division)
        if one.id in records.figures or one.code in records.plans
    ]
    assessed.sort(key=lambda one: (-(one["score"] or 0.0), one["code"]))
    document = {
        "division": row.division, "year": row.year, "counted_on": today.isoformat(),
        "system": _system_document(system), "bodies": assessed,
    }  # fmt: skip
    return canonical_json(document).decode()


def _bodies(division: str) -> list[OrganisationView]:
    within = parse_division(division)
    return [
        one
        for one in parties.organisations(OrganisationKind.DEPARTMENT)
        if one.division and parse_division(one.division).within(within)
    ]


def _records(row: Assessment, last: date) -> _Records:
    used = dataplane.uses_by_dataset(date(row.year, 1, 1), last)
    uses: dict[UUID, int] = {}
    for entry, body in catalog.bodies_of(used).items():
        one = used[entry]
        uses[body] = uses.get(body, 0) + one.by_browsers + one.by_programs
    surveys = row.surveys.values_list("body", "indicator", "value", "source")
    return _Records(
        figures=catalog.body_figures(), rows=catalog.rows_by_body(), uses=uses,
        plans=_plans(row), ratings=_ratings(), last=last,
        surveys={(body, name): (value, source) for body, name, value, source in surveys},
        cases=lambda body: casework.case_figures(last=last, body=body),
    )  # fmt: skip


def _ratings() -> dict[UUID, Value]:
    """Mean of the ratings of each body's listed datasets, out of the figures that everybody sees.

    So no count anew gives a single rating away.
    """
    rated = Rating.objects.order_by().values_list("dataset").annotate(given=Count("pk"))
    shown = {
        dataset: rating_figures(dataset)
        for dataset, _given in rated.filter(given__gte=RATINGS_LEAST)
    }
    found: dict[UUID, tuple[float, int]] = {}
    for dataset, body in catalog.bodies_of(shown).items():
        figures = shown[dataset]
        total, number = found.get(body, (0.0, 0))
        mean = sum(one.mean for one in figures.aspects) / len(figures.aspects)
        found[body] = (total + mean * figures.counted, number + figures.counted)
    return {body: (total / number, number) for body, (total, number) in found.items()}


def _plans(row: Assessment) -> dict[str, PlanLine]:
    found: dict[str, PlanLine] = {}
    cursor: str | None = None
    while True:
        page = plans_page(row.year, region=row.division, cursor=cursor, limit=PAGE_MOST)
        found |= {one.body.code: one for one in page.lines}
        cursor = page.cursor
        if cursor is None:
            return found


def _assessed(
    body: OrganisationView, system: IndicatorSystem, records: _Records, comment: str
) -> dict[str, Any]:
    cases = records.cases(body.id)
    measured = [_measured(one, body, records, cases) for one in system.indicators]
    return {
        "code": body.code, "name_zh": body.name_zh, "name_en": body.name_en,
        "measured": [
            {"indicator": one.indicator, "value": one.value, "points": one.points, "of": one.of,
             "source": one.source}
            for one in measured
        ],
        "score": rules.score(system.indicators, measured), "comment": comment,
    }  # fmt: skip


def _measured(
    indicator: Indicator, body: OrganisationView, records: _Records, cases: CaseFigures
) -> Measured:
    source = ""
    if indicator.counts is Counted.SURVEY:
        said, source = records.surveys.get((body.id, indicator.id), (None, ""))
        value, of = said, int(said is not None)
    else:
        value, of = _counted(indicator, body, records, cases)
    rounded = None if value is None else round(value, 4)
    return Measured(indicator.id, rounded, rules.points(indicator, rounded), of, source)


@dataclass(frozen=True, slots=True)
class _Of:
    """The records of one body."""

    indicator: Indicator
    figures: BodyFigures
    cases: CaseFigures
    plan: PlanProgress | None
    domains: tuple[DomainProgress, ...]
    rows: tuple[int, int]
    uses: int
    ratings: Value
    closed: Callable[[str], tuple[int, int]]


def _counted(
    indicator: Indicator, body: OrganisationView, records: _Records, cases: CaseFigures
) -> Value:
    plan = records.plans.get(body.code)
    of = _Of(
        indicator, records.figures.get(body.id, BodyFigures(body.id)), cases,
        plan.progress if plan else None, plan.domains if plan else (), records.rows.get(body.id, (0, 0)),
        records.uses.get(body.id, 0), records.ratings.get(body.id, (None, 0)),
        lambda name: casework.closed_in_time(name, body=body.id, last=records.last),
    )  # fmt: skip
    return _COUNT[indicator.counts](of)


def _updates(of: _Of) -> Value:
    return of.figures.kept_share, of.figures.kept + of.figures.missed


def _reply_days(of: _Of) -> Value:
    total = of.cases.total
    return (None, 0) if total is None else (total.median, total.answered)


def _in_time(of: _Of) -> Value:
    total = of.cases.total
    return (None, 0) if total is None else _share(total.in_time, total.answered)


def _procedure(of: _Of) -> Value:
    return _share(*of.closed(of.indicator.procedure))


def _rejects(of: _Of) -> Value:
    declared, rejected = of.rows
    return _share(rejected, declared)


def _use(of: _Of) -> Value:
    return _share(of.uses, of.figures.listed)


def _plan(of: _Of) -> Value:
    return (None, 0) if of.plan is None else _share(of.plan.done, of.plan.planned)


def _priority(of: _Of) -> Value:
    counted = [one.progress for one in of.domains]
    return _share(sum(one.done for one in counted), sum(one.planned for one in counted))


def _rated(of: _Of) -> Value:
    return of.ratings


_COUNT: Mapping[Counted, Callable[[_Of], Value]] = {
    Counted.UPDATES: _updates,
    Counted.REPLY_DAYS: _reply_days,
    Counted.IN_TIME: _in_time,
    Counted.PROCEDURE: _procedure,
    Counted.REJECTS: _rejects,
    Counted.USE: _use,
    Counted.PLAN: _plan,
    Counted.PRIORITY: _priority,
    Counted.RATINGS: _rated,
}
"""All that is counted; what surveys say is entered."""


def _share(part: int, whole: int) -> Value:
    return (part / whole, whole) if whole else (None, 0)


# As a document


def _system_document(system: IndicatorSystem) -> dict[str, Any]:
    return {
        "regulation": system.regulation, "title": _both(system.title),
        "article": system.ground.article, "weights": _both(system.weights),
        "indicators": [
            {
                "id": one.id, "label": _both(one.label), "how": _both(one.how),
                "counts": one.counts.value, "unit": one.unit.value, "weight": one.weight,
                "best": one.best, "worst": one.worst, "article": one.ground.article,
                "platform_rule": _both(one.ground.platform_rule)
                if one.ground.platform_rule else None,
                "procedure": one.procedure,
            }
            for one in system.indicators
        ],
    }  # fmt: skip


def _both(said: Said) -> list[str]:
    return [said.zh, said.en]


def _system(stored: Mapping[str, Any]) -> IndicatorSystem:
    system = stored["system"]
    return IndicatorSystem(
        regulation=system["regulation"], title=Said(*system["title"]),
        ground=Ground(system["article"]), weights=Said(*system["weights"]),
        indicators=tuple(
            Indicator(
                id=one["id"], label=Said(*one["label"]), how=Said(*one["how"]),
                counts=Counted(one["counts"]), unit=Unit(one["unit"]), weight=one["weight"],
                best=one["best"], worst=one["worst"], procedure=one["procedure"],
                ground=Ground(
                    one["article"], Said(*one["platform_rule"]) if one["platform_rule"] else None
                ),
            )
            for one in system["indicators"]
        ),
    )  # fmt: skip


def _body(stored: Mapping[str, Any]) -> BodyAssessed:
    return BodyAssessed(
        code=stored["code"], name_zh=stored["name_zh"], name_en=stored["name_en"],
        measured=tuple(Measured(**one) for one in stored["measured"]), score=stored["score"],
        comment=stored["comment"],
    )  # fmt: skip


def assessment_document(found: AssessmentView) -> dict[str, Any]:
    """An assessment for programs: the document as it was hashed, and what it is known by."""
    return {
        "id": str(found.id), "sha256": found.sha256,
        "published_at": found.published_at and found.published_at.isoformat(),
        "self": f"/api/v1/assessments/{found.year}/{found.division}",
        "document": json.loads(found.document),
    }  # fmt: skip


def assessment_lines(lines: list[AssessmentLine]) -> list[dict[str, Any]]:
    """Assessments of a list for programs."""
    return [
        {
            "division": one.division,
            "year": one.year,
            "published_at": one.published_at and one.published_at.isoformat(),
            "self": f"/api/v1/assessments/{one.year}/{one.division}",
        }
        for one in lines
    ]
