"""Contests of what is built on the data: everybody's pages, and their organisers' desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_PERMITTED, Refusal, Said
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import ContestView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationView
from wushu.portal import acts
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.contests import AwardForm, ContestChangeForm, ContestForm, EnterForm
from wushu.portal.requests import actor_of, page_address, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 20


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """All contests, the one that begins last first."""
    page = opening.contests(cursor=request.GET.get("cursor"), limit=PAGE)
    context = {
        "page": page,
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/contests.html", context)


@require_safe
def contest(request: HttpRequest, key: UUID) -> HttpResponse:
    """One contest: what is asked, what was entered, who won and why."""
    found, actor = opening.contest(key), actor_of(request)
    runs = opening.contest_runs(found)
    context: dict[str, Any] = {
        "contest": found,
        "runs": runs,
        "acts": acts.timeline(_public(evidence.entries_about(found.urn)), actor),
    }
    if actor is not None and runs:
        mine = opening.results_filed(actor=actor)
        fitting = opening.enterable(found, mine)
        there = {one.result.id for one in found.entries}
        context["form"] = EnterForm(results=fitting) if fitting else None
        context["entered"] = [one for one in mine if one.id in there]
    response = render(request, "portal/contest.html", context)
    if actor is not None:
        response.headers["Cache-Control"] = "no-store, private"
    return response


def _public(notes: Any) -> list[Any]:
    """What the organiser did; who entered which result when is told by nobody here."""
    return [one for one in notes if one.act in opening.ORGANISERS_ACTS]


@require_POST
@signed_in
def enter(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Enter one's result."""
    services.contest_enter(actor=actor, contest=key, result=_asked(request))
    messages.success(request, _("Entered. It stands on the contest's page."))
    return redirect("portal:contest", key)


@require_POST
@signed_in
def leave(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Take one's result out."""
    services.contest_leave(actor=actor, contest=key, result=_asked(request))
    messages.success(request, _("Taken out of the contest."))
    return redirect("portal:contest", key)


def _asked(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("result", ""))
    except ValueError:
        raise Http404("result") from None


@_GET_OR_POST
@signed_in
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one's authority or body holds, and announcing another one."""
    bodies = _organisers(actor)
    form = ContestForm(request.POST if request.method == "POST" else None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.contest_announce(
                actor=actor, organiser=UUID(form.cleaned_data["body"]), given=form.given()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Announced. Everybody can read it."))
            return redirect("portal:contest", made.id)
    context = {"form": form, "held": opening.contests_held(actor=actor)}
    return render(request, "portal/desk_contests.html", context, status=_status(form))


def _organisers(actor: Actor) -> list[OrganisationView]:
    """Authorities and bodies for which the actor may announce; refuses who has none."""
    found = parties.organisations_by_id(actor.organisations_as(*opening.ORGANISERS))
    if not found:
        raise NOT_PERMITTED(who=actor.name, what=Said("公告竞赛", "announce contests"))
    return sorted(found.values(), key=lambda one: one.code)


@_GET_OR_POST
@signed_in
def change(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Correct what an announced contest says, and put its last day off."""
    found = _held(actor, key, Said("更改竞赛", "change the contest"))
    form = ContestChangeForm(request.POST if request.method == "POST" else None, contest=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if form.does(lambda: services.contest_change(actor=actor, contest=key, **given)):
            messages.success(request, _("Changed. What it said before stays on its page."))
            return redirect("portal:contest", key)
    context = {"contest": found, "form": form, "changeable": opening.contest_changeable(found)}
    return render(request, "portal/desk_contest_change.html", context, status=_status(form))


def _held(actor: Actor, key: UUID, what: Said) -> ContestView:
    """A contest of the actor's own authority or body."""
    found = opening.contest(key)
    if found.organiser.id not in actor.organisations_as(*opening.ORGANISERS):
        raise NOT_PERMITTED(who=actor.name, what=what)
    return found


@_GET_OR_POST
@signed_in
def award(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Name the winners."""
    found = _held(actor, key, Said("公布获奖名单", "name the winners"))
    form = AwardForm(request.POST if request.method == "POST" else None, entries=found.entries)
    if request.method == "POST" and form.is_valid():
        try:
            services.contest_award(actor=actor, contest=key, awards=form.awards())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The winners are named, each with the reason."))
            return redirect("portal:contest", key)
    context = {
        "contest": found,
        "form": form,
        "runs": opening.contest_runs(found),
        "changeable": opening.contest_changeable(found),
    }
    return render(request, "portal/desk_contest.html", context, status=_status(form))


def _status(form: PortalForm) -> int:
    return form.status if form.errors else 200
