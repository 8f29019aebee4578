"""``/api/v1/assessments``: published ones for everybody; the rest for the authority and its bodies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from wushu.kernel.errors import NOT_FOUND, Said
from wushu.opening import selectors, services
from wushu.opening.api.answering import (
    DOCUMENT,
    actor_of,
    answering,
    asked_of,
    for_everybody,
    key_of,
    response_of,
    text_of,
    wrong,
)
from wushu.opening.types import AssessmentView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_WHAT = Said("考核评估", "assess bodies, and comment on assessments")


@for_everybody
def assessments(request: HttpRequest) -> HttpResponse:
    """Which years were assessed, and where."""
    return response_of({"items": selectors.assessment_lines(selectors.assessments())})


@for_everybody
def assessment(request: HttpRequest, year: int, division: str) -> HttpResponse:
    """As it was published; before that, for the authority and its bodies, as it stands now."""
    known = key_of(request) or request.user.is_authenticated
    actor = actor_of(request, _WHAT) if known else None
    found = selectors.assessment(division, year, actor=actor)
    response = response_of(selectors.assessment_document(found))
    if actor is not None:
        response.headers["Cache-Control"] = "no-store, private"
    return response


@answering("POST", what=_WHAT)
def step(request: HttpRequest, actor: Actor, year: int, division: str, name: str) -> HttpResponse:
    """``begin``, ``survey``, ``comment`` or ``publish``."""
    if name not in _STEPS:
        raise NOT_FOUND(what=name)
    act, fields = _STEPS[name]
    asked = asked_of(request, fields)
    found = act(asked, {"actor": actor, "division": division, "year": year})
    return response_of(selectors.assessment_document(found))


Act = Callable[[Mapping[str, Any], Mapping[str, Any]], AssessmentView]


def _survey(asked: Mapping[str, Any], of: Mapping[str, Any]) -> AssessmentView:
    value = asked.get("value")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(DOCUMENT, "value", "应为数", "it is a number")
    body = parties.organisation_by_code(text_of(asked, "body")).id
    return services.survey_enter(
        body=body, indicator=text_of(asked, "indicator"), value=float(value),
        source=text_of(asked, "source"), **of,
    )  # fmt: skip


def _comment(asked: Mapping[str, Any], of: Mapping[str, Any]) -> AssessmentView:
    body = parties.organisation_by_code(text_of(asked, "body")).id
    return services.assessment_comment(body=body, text=text_of(asked, "text"), **of)


_STEPS: Mapping[str, tuple[Act, tuple[str, ...]]] = {
    "begin": (lambda _asked, of: services.assessment_begin(**of), ()),
    "survey": (_survey, ("body", "indicator", "value", "source")),
    "comment": (_comment, ("body", "text")),
    "publish": (lambda _asked, of: services.assessment_publish(**of), ()),
}
