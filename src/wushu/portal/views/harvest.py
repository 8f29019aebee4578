"""Other catalogues: what was read of them, for everybody; which are read, for who manages that."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushu.harvest import selectors as harvest
from wushu.harvest import services
from wushu.harvest.types import RecordState, SourceState
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_refused
from wushu.parties import selectors as parties
from wushu.parties.types import Actor
from wushu.portal import desk_page
from wushu.portal.forms.harvest import HarvestedForm, SourceForm, StopForm
from wushu.portal.requests import language, page_address, signed_in

PAGE_SIZE = 20
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def harvested(request: HttpRequest) -> HttpResponse:
    """Datasets of other catalogues, never mixed with ours: search, choice of a catalogue, pages."""
    form = HarvestedForm(request.GET)
    wanted = form.wanted()
    cursor = request.GET.get("cursor") or None
    page = harvest.records(**wanted, cursor=cursor, limit=PAGE_SIZE)
    form.offer(harvest.source_counts(query=wanted["query"]))
    context = {
        "form": form,
        "page": page,
        "filtered": any(wanted.values()),
        "first": page_address(request, None) if cursor else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/harvested.html", context)


@require_safe
def harvested_record(request: HttpRequest, record: UUID) -> HttpResponse:
    """One dataset of another catalogue: what that catalogue says, and where to get it."""
    found = harvest.record(record)
    shown = found.is_source_active and found.state is RecordState.PRESENT
    said = found.description
    context = {
        "record": found,
        "title": found.title(language()),
        "text": found.text(language()),
        "source_title": found.source_title(language()),
        "shown": shown,
        "is_licence_address": said.licence.startswith(("http://", "https://")),
    }
    status = 200 if shown else 410
    return render(request, "portal/harvested_record.html", context, status=status)


@require_safe
@signed_in
def sources(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All catalogues that were ever named, and how their last reading ended."""
    last = harvest.last_runs(actor=actor)
    rows = [(one, last.get(one.id)) for one in harvest.sources(actor=actor)]
    return render(request, "portal/desk_harvest.html", {"rows": rows})


@_GET_OR_POST
@signed_in
def source_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Propose a catalogue."""
    obstacle = harvest.proposal_obstacle(actor=actor)
    if obstacle is not None:  # who may not propose learns it before the form, not after it
        raise obstacle
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.source_propose(actor=actor, **form.proposed())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Proposed. A second person activates it."))
            return redirect("portal:desk-harvest-source", made.name)
    status = form.status if form.errors else 200
    return render(request, "portal/desk_harvest_new.html", {"form": form}, status=status)


@require_safe
@signed_in
def source(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """One catalogue: what it is, who agreed to it, how its readings ended."""
    return _source_page(request, actor, name)


@require_POST
@signed_in
def source_activate(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Let it be read, as the second person."""
    try:
        services.source_activate(actor=actor, name=name)
    except Refusal as refusal:
        return _source_page(request, actor, name, refusal)
    messages.success(request, _("Activated. It is read within a minute, then by its schedule."))
    return redirect("portal:desk-harvest-source", name)


@require_POST
@signed_in
def source_run(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Have it read soon; with ``accept`` even where half of it is missing."""
    try:
        services.source_run_ask(actor=actor, name=name, accept_shrink="accept" in request.POST)
    except Refusal as refusal:
        return _source_page(request, actor, name, refusal)
    messages.success(request, _("It is read within a minute. Reload to see how it ended."))
    return redirect("portal:desk-harvest-source", name)


@_GET_OR_POST
@signed_in
def source_stop(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Read it no more, with the reason."""
    found = harvest.source(name, actor=actor)
    form = StopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.source_stop(actor=actor, name=name, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Stopped. What came from it is no longer shown."))
            return redirect("portal:desk-harvest-source", name)
    context = {"source": found, "title": found.title(language()), "form": form}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_harvest_stop.html", context, status=status)


def _source_page(
    request: HttpRequest, actor: Actor, name: str, trouble: Refusal | None = None
) -> HttpResponse:
    if trouble is not None:
        note_refused(trouble.name)  # the page asks, and is refused, other things
    found = harvest.source(name, actor=actor)
    runs = harvest.runs(name, actor=actor)
    urns = {found.proposed_by, found.activated_by, found.stopped_by} - {""}
    names = parties.names_of(urns, actor=actor, language=language())
    obstacle = harvest.activation_obstacle(name, actor=actor)
    context = {
        "source": found,
        "title": found.title(language()),
        "runs": [(one, one.sentence(language())) for one in runs],
        "skipped": [(one.identifier, one.reason(language())) for one in runs[0].skipped]
        if runs
        else [],
        "proposer": names.get(found.proposed_by, ""),
        "activator": names.get(found.activated_by, ""),
        "stopper": names.get(found.stopped_by, ""),
        "may_activate": found.state is not SourceState.ACTIVE and obstacle is None,
        "why_not": desk_page.said(obstacle) if found.state is not SourceState.ACTIVE else None,
        "may_stop": found.state is not SourceState.STOPPED,
        "may_run": found.state is SourceState.ACTIVE,
        "shrunk": bool(runs) and runs[0].refusal == "harvest-shrunk",
        "trouble": desk_page.said(trouble),
    }
    status = 200 if trouble is None else trouble.status
    return render(request, "portal/desk_harvest_source.html", context, status=status)
