"""The invented city's assessment of this year: a survey, a third party's report, and what is counted; not published yet."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from wushu.config.demo import region
from wushu.opening import selectors, services
from wushu.parties import selectors as parties

_FOUND = (
    ("satisfaction", 82.5, "虚构的抽样调查，500 人"),
    ("third-party", 88.0, "五数示范数据质量评估中心年度评估报告（虚构）"),
)
"""What was found of the first body: indicator, value, source."""


def assess() -> None:
    """Begin it, and enter what an invented survey and an invented third party found of the first body."""
    reviewer = parties.actor_for_username(region.REVIEWER)
    if selectors.assessments(actor=reviewer):
        return
    of: dict[str, Any] = {
        "actor": reviewer,
        "division": region.DIVISION,
        "year": timezone.localdate().year,
    }
    begun = services.assessment_begin(**of)
    for body in begun.bodies[:1]:
        for indicator, value, source in _FOUND:
            services.survey_enter(
                body=parties.organisation_by_code(body.code).id, indicator=indicator, value=value,
                source=source, **of,
            )  # fmt: skip
