"""Yearly assessments: published ones for everybody; at the desk what they are made of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from wushu.casework import selectors as casework
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_FOUND
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import AssessmentView, Indicator, Measured, Unit
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, Role
from wushu.portal import acts, labels, text
from wushu.portal.forms.assessments import BeginForm, CommentForm, SurveyForm
from wushu.portal.forms.base import PortalForm
from wushu.portal.requests import actor_of, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_HERE = "page:/assessments"
"""By which an article of a regulation says that assessments live here."""


@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """Which years were assessed, and where."""
    context = {"lines": opening.assessments(), "article": _article(_division())}
    return render(request, "portal/assessments.html", context)


@require_safe
def assessment(request: HttpRequest, year: int) -> HttpResponse:
    """One year's assessment: each body, each indicator, and how it was counted."""
    division = request.GET.get("region", "") or _division()
    found = opening.assessment(division, year)
    context = {**_shown(found, actor_of(request)), "article": _article(division)}
    return render(request, "portal/assessment.html", context)


def _division() -> str:
    node = evidence.node_or_none()
    return "" if node is None else node.division


def _article(division: str) -> opening.LivingArticle | None:
    return opening.article_living(_HERE, division=division)


def _shown(found: AssessmentView, actor: Actor | None) -> dict[str, Any]:
    indicators = found.system.indicators
    return {
        "found": found,
        "indicators": [
            {
                "of": one,
                "ground": casework.ground_words(one.ground),
                "best": _value_words(one.unit, one.best),
                "worst": _value_words(one.unit, one.worst),
            }
            for one in indicators
        ],
        "rows": [
            (body, [_cell(*pair) for pair in zip(indicators, body.measured, strict=True)])
            for body in found.bodies
        ],
        "acts": acts.timeline(evidence.entries_about(found.urn), actor),
    }


def _cell(indicator: Indicator, measured: Measured) -> dict[str, Any]:
    """A value in words, and the points it is worth."""
    return {"words": _value_words(indicator.unit, measured.value), "measured": measured}


def _value_words(unit: Unit, value: float | None) -> str:
    if value is None:
        return ""
    if unit is Unit.SHARE:
        return text.share_words(value)
    if unit is Unit.WORKING_DAYS:
        said = ngettext("{count} working day", "{count} working days", round(value))
        return said.format(count=f"{value:g}")
    return f"{value:g}"


# At the desk


@_GET_OR_POST
@signed_in
def desk_assessments(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Those the actor works on or may comment on; the authority begins one here."""
    held = [one for one in actor.divisions(Role.DATA_AUTHORITY) if opening.may_assess(actor, one)]
    this = timezone.localdate().year
    divisions = [(one, labels.place(one)) for one in held]
    form = BeginForm(request.POST or None, divisions, (this, this - 1))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if form.does(lambda: services.assessment_begin(actor=actor, **given)):
            return redirect("portal:desk-assessment", given["year"], given["division"])
    context = {"form": form, "lines": opening.assessments(actor=actor), "may_begin": bool(held)}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_assessments.html", context, status=status)


@_GET_OR_POST
@signed_in
def desk_assessment(request: HttpRequest, actor: Actor, year: int, division: str) -> HttpResponse:
    """One as it stands now: surveys are entered, bodies comment, the authority publishes."""
    found = opening.assessment(division, year, actor=actor)
    assesses = opening.may_assess(actor, found.division)
    mine = opening.bodies_to_comment(found, actor=actor)
    if not (assesses or mine):
        raise NOT_FOUND(what=f"{division} {year}")
    act = request.POST.get("act", "")

    def data(name: str) -> Any:
        return request.POST if act == name else None

    forms: dict[str, PortalForm] = {
        "survey": SurveyForm(data("survey"), found.bodies, found.system),
        "comment": CommentForm(data("comment"), mine),
        "publish": PortalForm(data("publish")),
    }
    sent = forms.get(act) if request.method == "POST" else None
    if request.method == "POST":
        if sent is None:
            raise Http404(act)
        if sent.is_valid() and sent.does(lambda: _act(sent, found, actor)):
            messages.success(request, _("Done."))
            return redirect("portal:desk-assessment", year, division)
    context = {
        **_shown(found, actor), "forms": forms, "sent": sent, "mine": mine,
        "assesses": assesses and found.published_at is None,
    }  # fmt: skip
    status = sent.status if sent is not None and sent.errors else 200
    return render(request, "portal/desk_assessment.html", context, status=status)


def _act(form: PortalForm, found: AssessmentView, actor: Actor) -> None:
    given = form.cleaned_data
    of: dict[str, Any] = {"actor": actor, "division": found.division, "year": found.year}
    if isinstance(form, SurveyForm):
        body = parties.organisation_by_code(given.pop("body")).id
        services.survey_enter(body=body, **given, **of)
    elif isinstance(form, CommentForm):
        services.assessment_comment(body=UUID(given["body"]), text=given["text"], **of)
    else:
        services.assessment_publish(**of)
