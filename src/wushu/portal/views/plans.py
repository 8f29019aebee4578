"""Yearly opening plans: everybody reads those in force, bodies write them, the authority decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.casework.types import PriorityDomain
from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import (
    DomainProgress,
    PlanContent,
    PlanEditionView,
    PlanLine,
    PlanProgress,
    PlanState,
    PlanView,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationView
from wushu.portal import acts, desk_page
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.plans import (
    PlanDecisionForm,
    PlanItemForm,
    PlanLinkForm,
    PlanSheetForm,
    PlanTextsForm,
)
from wushu.portal.requests import actor_of, page_address, signed_in
from wushu.portal.views.importing import SHEET_TYPES, sheet_template

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_HERE = "page:/plans"
"""By which an article of a regulation says that yearly plans live here."""


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """All plans in force of a year, with how far each is."""
    years = opening.plan_years()
    asked = request.GET.get("year", "")
    if asked and not (asked.isascii() and asked.isdigit()):
        raise Http404(asked)
    year = int(asked) if asked else (years[0] if years else timezone.localdate().year)
    cursor = request.GET.get("cursor")
    page = opening.plans_page(year, region=request.GET.get("region", ""), cursor=cursor)
    whole = not cursor and page.cursor is None
    context = {
        "page": page,
        "year": year,
        "years": years,
        "regions": opening.plans_of_regions(year),
        "all": _sum(page.lines) if whole and len(page.lines) > 1 else None,
        "domains": _domains(page.lines) if whole else (),
        "article": opening.article_living(_HERE, division=_division()),
        "first": page_address(request, None) if cursor else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/plans.html", context)


def _division() -> str:
    node = evidence.node_or_none()
    return "" if node is None else node.division


def _sum(lines: Iterable[PlanLine]) -> dict[str, int]:
    return _sums([one.progress for one in lines])


def _sums(several: Sequence[PlanProgress]) -> dict[str, int]:
    names = ("planned", "done", "late")
    return {name: sum(getattr(one, name) for one in several) for name in names}


def _domains(lines: Iterable[PlanLine]) -> list[DomainProgress]:
    """Each priority domain over all plans."""
    found: dict[PriorityDomain, list[PlanProgress]] = {}
    for line in lines:
        for one in line.domains:
            found.setdefault(one.domain, []).append(one.progress)
    return [DomainProgress(one, PlanProgress(**_sums(each))) for one, each in found.items()]


@require_safe
def plan(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """One body's plan of a year: what is in force, how it stands, what was amended."""
    body = parties.organisation_by_code(code)
    found = opening.plan(body.id, year)
    context = {
        "plan": found,
        "article": opening.article_living(_HERE, division=body.division),
        "acts": acts.timeline(evidence.entries_about(found.urn), actor_of(request)),
        "years": [one for one in opening.plans_of_body(body.id) if one != year],
    }
    return render(request, "portal/plan.html", context)


# At the desk


@require_safe
@signed_in
def desk_plans(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the actor, all they work on or oversee, and which plans can be begun."""
    lines = opening.plans_at_desk(actor=actor)
    there = {(one.body.id, one.year) for one in lines}
    today = timezone.localdate()
    context = {
        "lines": lines,
        "to_begin": [
            (body, year)
            for body in opening.plan_bodies(actor=actor)
            for year in (today.year, today.year + 1)
            if (body.id, year) not in there
        ],
    }
    return render(request, "portal/desk_plans.html", context)


@require_safe
@signed_in
def template(request: HttpRequest, actor: Actor, suffix: str) -> HttpResponse:
    """The sheet to fill in with a plan's list; for whoever writes one."""
    if suffix not in SHEET_TYPES or not opening.plan_bodies(actor=actor):
        raise Http404(suffix)
    return sheet_template(opening.PLAN_LAYOUT, suffix)


@dataclass(frozen=True, slots=True)
class _AtWork:
    """A plan as somebody at the desk works on it."""

    body: OrganisationView
    year: int
    found: PlanView | None
    writes: bool

    @property
    def working(self) -> PlanEditionView | None:
        return self.found.working if self.found else None

    @property
    def in_force(self) -> PlanEditionView | None:
        return self.found.in_force if self.found else None

    @property
    def content(self) -> PlanContent:
        """What is changed next: the draft, or what is in force as the amendment's beginning."""
        if self.working is not None:
            return self.working.content
        return replace(self.in_force.content, reason="") if self.in_force else PlanContent()

    @property
    def known(self) -> int:
        return self.working.revised if self.working else 0

    @property
    def waits(self) -> bool:
        return self.working is not None and self.working.state is PlanState.SUBMITTED

    @property
    def may_write(self) -> bool:
        return self.writes and not self.waits and self.year >= timezone.localdate().year


def _at_work(actor: Actor, year: int, code: str) -> _AtWork:
    body = parties.organisation_by_code(code)
    writes = body.id in {one.id for one in opening.plan_bodies(actor=actor)}
    try:
        found = opening.plan(body.id, year, actor=actor)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name or not writes:
            raise
        found = None
    return _AtWork(body, year, found, writes)


@_GET_OR_POST
@signed_in
def desk_plan(request: HttpRequest, actor: Actor, year: int, code: str) -> HttpResponse:
    """One plan at the desk: its words and its list; submitting it; the authority's decision."""
    at = _at_work(actor, year, code)
    entries = _entries(at, actor) if at.writes else []
    forms = _forms(at, entries, request)
    sent = None
    if request.method == "POST":
        sent = forms.get(request.POST.get("act", ""))
        if sent is None:
            raise Http404(request.POST.get("act", ""))
        if sent.is_valid() and sent.does(lambda: _act(sent, at, actor)):
            messages.success(request, _("Done."))
            return redirect("portal:desk-plan", year, code)
    obstacle = opening.plan_obstacle(at.found, actor=actor) if at.found and at.waits else None
    context = {
        "at": at,
        "forms": forms,
        "sent": sent,
        "decides": at.waits and obstacle is None,
        "obstacle": desk_page.said(obstacle) if obstacle and not at.writes else None,
    }
    status = sent.status if sent is not None and sent.errors else 200
    return render(request, "portal/desk_plan.html", context, status=status)


def _forms(at: _AtWork, entries: list[EntryView], request: HttpRequest) -> dict[str, PortalForm]:
    act = request.POST.get("act", "")

    def data(name: str) -> Any:
        return request.POST if act == name else None

    items = at.in_force.content.items if at.in_force else ()
    return {
        "texts": PlanTextsForm(data("texts"), at.content, at.known, amends=at.in_force is not None),
        "sheet": PlanSheetForm(data("sheet"), request.FILES if act == "sheet" else None, at.known),
        "submit": PortalForm(data("submit")),
        "decide": PlanDecisionForm(data("decide")),
        "link": PlanLinkForm(data("link"), items, entries),
    }


def _act(form: PortalForm, at: _AtWork, actor: Actor) -> None:
    of: dict[str, Any] = {"actor": actor, "body": at.body.id, "year": at.year}
    given = form.cleaned_data
    if isinstance(form, PlanTextsForm):
        services.plan_draft(content=form.content(at.content), known=given["known"], **of)
    elif isinstance(form, PlanSheetForm):
        name = form.upload.name or ""
        items = opening.plan_items_of_sheet(form.stream, name, before=at.content, actor=actor)
        content = replace(at.content, items=items)
        services.plan_draft(content=content, known=given["known"], **of)
    elif isinstance(form, PlanLinkForm):
        services.plan_link(item=UUID(given["item"]), dataset=UUID(given["dataset"]), **of)
    elif not isinstance(form, PlanDecisionForm):
        services.plan_submit(**of)
    elif given["accepted"] == "yes":
        services.plan_accept(**of)
    else:
        services.plan_return(reasons=given["reasons"], **of)


@_GET_OR_POST
@signed_in
def desk_plan_item(
    request: HttpRequest, actor: Actor, year: int, code: str, key: UUID | None = None
) -> HttpResponse:
    """One item of a plan's list, or a new one."""
    at = _at_work(actor, year, code)
    item = next((one for one in at.content.items if one.key == key), None)
    if not at.may_write or (key is not None and item is None):
        raise NOT_FOUND(what=str(key or code))
    domains = opening.priority_domains(at.body)
    form = PlanItemForm(request.POST or None, item, at.known, _entries(at, actor), domains)
    drop = request.POST.get("act") == "drop"
    if request.method == "POST" and form.is_valid():
        kept = [one for one in at.content.items if one.key != key]
        place = next((n for n, one in enumerate(at.content.items) if one.key == key), len(kept))
        if not drop:
            kept.insert(place, form.item(key))
        content = replace(at.content, items=tuple(kept))

        def save() -> None:
            services.plan_draft(
                actor=actor, body=at.body.id, year=year, content=content,
                known=form.cleaned_data["known"],
            )  # fmt: skip

        if form.does(save):
            messages.success(request, _("Taken out.") if drop else _("Saved."))
            return redirect("portal:desk-plan", year, code)
    context = {"at": at, "form": form, "item": item}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_plan_item.html", context, status=status)


def _entries(at: _AtWork, actor: Actor) -> list[EntryView]:
    """The body's own datasets, drafts among them."""
    return [one for one in catalog.entries_of_bodies(actor=actor) if one.body == at.body.id]
