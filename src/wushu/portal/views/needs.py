"""The call for needs: everybody reads and supports, who is signed in asks, the authority and bodies answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import NeedState, NeedView, PlanView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationKind, OrganisationView, Role
from wushu.portal import acts, labels
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.needs import AnswerForm, CallForm, HandOverForm, LookForm, NeedForm
from wushu.portal.requests import actor_of, page_address, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_HERE = "page:/needs"
"""By which an article of a regulation says that calls for needs live here."""


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """Calls that are open, and what was asked for, the newest first."""
    actor, cursor = actor_of(request), request.GET.get("cursor")
    chosen = request.GET.get("call", "")
    call = opening.need_call(_uuid(chosen)) if chosen else None
    page = opening.needs_page(call=call.id if call else None, cursor=cursor, actor=actor)
    node = evidence.node_or_none()
    context = {
        "calls": opening.need_calls(only_open=True),
        "call": call,
        "page": page,
        "mine": opening.needs_mine(actor=actor) if actor is not None and not cursor else [],
        "article": opening.article_living(_HERE, division=node.division if node else ""),
        "first": page_address(request, None) if cursor else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/needs.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NOT_FOUND(what=text) from None


@_GET_OR_POST
def need(request: HttpRequest, need: UUID) -> HttpResponse:
    """One need: who else needs it, and what became of it."""
    actor = actor_of(request)
    found = opening.need(need, actor=actor)
    form = PortalForm(request.POST or None)
    if request.method == "POST":
        return _acted(request, found)
    context = {
        "need": found,
        "form": form,
        "may_file": opening.need_may_become_case(found, actor=actor),
        "works": opening.may_decide_need(found, actor=actor)
        or opening.may_answer_need(found, actor=actor),
    }
    return render(request, "portal/need.html", context)


@signed_in
def _acted(request: HttpRequest, actor: Actor, found: NeedView) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "case":
        made = services.need_file_case(actor=actor, need=found.id)
        return redirect("portal:case", made.case)
    if act not in ("support", "leave"):
        raise Http404(act)
    services.need_support(actor=actor, need=found.id, supports=act == "support")
    return redirect("portal:need", found.id)


@_GET_OR_POST
@signed_in
def need_new(request: HttpRequest, actor: Actor, call: UUID) -> HttpResponse:
    """Say into a call which data one needs."""
    found = opening.need_call(call)
    form = NeedForm(request.POST or None, _departments())
    if request.method == "POST" and form.is_valid():
        try:
            made = services.need_submit(actor=actor, call=call, given=form.given())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Received. It is public once the data authority has looked at it.")
            )
            return redirect("portal:need", made.id)
    context = {"form": form, "call": found}
    status = form.status if form.errors else 200
    return render(request, "portal/need_new.html", context, status=status)


def _departments() -> list[OrganisationView]:
    return parties.organisations(OrganisationKind.DEPARTMENT)


# At the desk


@_GET_OR_POST
@signed_in
def desk_needs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is to be looked at or answered; the authority opens calls here."""
    calls = opening.may_open_call(actor)
    divisions = [(one, labels.place(one)) for one in actor.divisions(Role.DATA_AUTHORITY)]
    form = CallForm(request.POST or None, divisions)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if form.does(lambda: services.call_open(actor=actor, **given)):
            messages.success(request, _("The call is open to everybody from its first day."))
            return redirect("portal:desk-needs")
    context = {
        "form": form, "calls": opening.need_calls(), "may_call": calls,
        "waiting": opening.needs_waiting(actor=actor),
    }  # fmt: skip
    status = form.status if form.errors else 200
    return render(request, "portal/desk_needs.html", context, status=status)


@_GET_OR_POST
@signed_in
def desk_need(request: HttpRequest, actor: Actor, need: UUID) -> HttpResponse:
    """One need at the desk: look at it, hand it over, answer it."""
    found = opening.need(need, actor=actor)
    decides = opening.may_decide_need(found, actor=actor)
    answers = opening.may_answer_need(found, actor=actor)
    if not (decides or answers):
        raise NOT_FOUND(what=str(need))
    forms = _forms(found, request)
    sent = forms.get(request.POST.get("act", "")) if request.method == "POST" else None
    if request.method == "POST":
        if sent is None:
            raise Http404(request.POST.get("act", ""))
        if sent.is_valid() and sent.does(lambda: _decide(sent, found, actor)):
            messages.success(request, _("Done."))
            return redirect("portal:desk-needs")
    handed = (NeedState.PUBLISHED, NeedState.HANDED)
    context = {
        "need": found, "forms": forms, "sent": sent, "answers": answers,
        "looks": decides and found.state is NeedState.WAITING,
        "hands": decides and found.state in handed,
        "acts": acts.timeline(evidence.entries_about(found.urn), actor),
    }  # fmt: skip
    status = sent.status if sent is not None and sent.errors else 200
    return render(request, "portal/desk_need.html", context, status=status)


def _forms(found: NeedView, request: HttpRequest) -> dict[str, PortalForm]:
    act = request.POST.get("act", "")

    def data(name: str) -> Any:
        return request.POST if act == name else None

    return {
        "look": LookForm(data("look")),
        "hand": HandOverForm(data("hand"), _departments(), found.body.id if found.body else None),
        "answer": AnswerForm(data("answer"), _plans(found)),
    }


def _plans(found: NeedView) -> list[PlanView]:
    """Plans in force, of this year and later, of the body that is to answer."""
    if found.body is None:
        return []
    years = opening.plans_of_body(found.body.id)
    return [opening.plan(found.body.id, one) for one in years if one >= timezone.localdate().year]


def _decide(form: PortalForm, found: NeedView, actor: Actor) -> None:
    given = form.cleaned_data
    of: dict[str, Any] = {"actor": actor, "need": found.id}
    if isinstance(form, LookForm):
        if given["published"] == "yes":
            services.need_publish(**of)
        else:
            services.need_decline(reasons=given["reasons"], **of)
    elif isinstance(form, HandOverForm):
        services.need_hand_over(body=UUID(given["body"]), **of)
    elif isinstance(form, AnswerForm):
        body = found.body.id if found.body else None
        services.need_answer(answer=form.answer(body), **of)
