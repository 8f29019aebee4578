"""Yearly assessments: begun by an authority, completed by surveys, commented by bodies, frozen when published."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.evidence.services import record
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import INVALID_VALUE, NOT_FOUND, Said
from wushu.kernel.identifiers import parse_division
from wushu.opening.models import Assessment, AssessmentComment, SurveyResult
from wushu.opening.planning_refusals import ASSESSMENT_PUBLISHED
from wushu.opening.rules import assessing as rules
from wushu.opening.rules.needs import filled
from wushu.opening.selectors.assessments import compute, indicators_of, view_of
from wushu.opening.types import AssessmentView, Counted
from wushu.parties import selectors as parties
from wushu.parties.types import Actor


def assessment_begin(*, actor: Actor, division: str, year: int) -> AssessmentView:
    """Begin a year's assessment of a division's bodies: they see their figures and can comment.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``indicators-missing``, ``invalid-value``.
    """
    code = parse_division(division).code
    rules.require_assessor(actor, code)
    if not timezone.localdate().year - 1 <= year <= timezone.localdate().year:
        raise INVALID_VALUE(
            field=Said("年度", "year", "year"), value=str(year), reason_zh="应为今年或者去年",
            reason_en="it is neither this year nor the last",
        )  # fmt: skip
    indicators_of(code)
    with transaction.atomic():
        row, made = Assessment.objects.get_or_create(
            division=code, year=year, defaults={"begun_at": timezone.now()}
        )
        if made:
            _record("begun", actor, row, rows=[row])
    return view_of(row)


def survey_enter(
    *, actor: Actor, division: str, year: int, body: UUID, indicator: str, value: float, source: str
) -> AssessmentView:
    """Enter what a survey said of a body, with its source; entering again replaces it.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``not-found``, ``assessment-published``,
    ``invalid-value``.
    """
    code = parse_division(division).code
    rules.require_assessor(actor, code)
    known = {one.id: one for one in indicators_of(code).indicators if one.counts is Counted.SURVEY}
    if indicator not in known:
        options = ", ".join(known)
        raise INVALID_VALUE(
            field=Said("指标", "indicator", "indicator"), value=indicator,
            reason_zh=f"应为 {options}", reason_en=f"one of {options}",
        )  # fmt: skip
    low, high = sorted((known[indicator].best, known[indicator].worst))
    if not math.isfinite(value) or not low <= value <= high:
        raise INVALID_VALUE(
            field=Said("结果", "result", "value"), value=str(value),
            reason_zh=f"应为 {low:g} 到 {high:g}", reason_en=f"{low:g} to {high:g}",
        )  # fmt: skip
    parties.organisation(body)
    with transaction.atomic():
        row = _open(code, year)
        said = filled(Said("来源", "source", "source"), source, rules.SOURCE_LENGTH)
        result, _made = SurveyResult.objects.update_or_create(
            assessment=row, body_id=body, indicator=indicator,
            defaults={"value": value, "source": said},
        )  # fmt: skip
        _record("survey-entered", actor, row, rows=[result], body=str(body), indicator=indicator)
    return view_of(row)


def assessment_comment(
    *, actor: Actor, division: str, year: int, body: UUID, text: str
) -> AssessmentView:
    """Comment on one's body's figures before they are published; published with them.

    Refusals: ``not-permitted``, ``not-found``, ``assessment-published``, ``invalid-value``.
    """
    rules.require_commenter(actor, body)
    of, within = parties.organisation(body), parse_division(division)
    if not of.division or not parse_division(of.division).within(within):
        raise NOT_FOUND(what=of.name_zh)
    with transaction.atomic():
        row = _open(within.code, year)
        comment, _made = AssessmentComment.objects.update_or_create(
            assessment=row, body_id=body,
            defaults={
                "text": filled(Said("意见", "comment", "text"), text, rules.COMMENT_LENGTH),
                "at": timezone.now(),
            },
        )  # fmt: skip
        _record("commented", actor, row, rows=[comment], body=str(body))
    return view_of(row)


def assessment_publish(*, actor: Actor, division: str, year: int) -> AssessmentView:
    """Freeze the figures as they stand now: their canonical JSON is kept, its hash goes into the log.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``not-found``, ``assessment-published``.
    """
    code = parse_division(division).code
    rules.require_assessor(actor, code)
    with transaction.atomic():
        row = _open(code, year)
        row.document = compute(row)
        row.sha256, row.published_at = sha256_hex(row.document.encode()), timezone.now()
        row.save()
        _record("published", actor, row, rows=[row], sha256=row.sha256)
    return view_of(row)


def _open(division: str, year: int) -> Assessment:
    """The assessment, while it can change: ``not-found``, ``assessment-published``."""
    row = Assessment.objects.select_for_update().filter(division=division, year=year).first()
    if row is None:
        raise NOT_FOUND(
            what=Said(f"{division} {year} 年的考核评估", f"the assessment of {division} for {year}")
        )
    if row.published_at is not None:
        raise ASSESSMENT_PUBLISHED(division=division, year=year)
    return row


def _record(
    act: str, actor: Actor, row: Assessment, *, rows: list[models.Model], **more: Any
) -> None:
    data = {"division": row.division, "year": row.year, **more}
    record(
        f"opening.assessment.{act}", actor=actor, subject=f"urn:uuid:{row.pk}", data=data, rows=rows
    )
