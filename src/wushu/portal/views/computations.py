"""Programs that are run where the data are: handing one in, its result, and the desk that releases it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from wushu.catalog import selectors as catalog
from wushu.evidence import selectors as evidence
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import ComputationState, ComputationView
from wushu.parties.types import Actor
from wushu.portal import acts
from wushu.portal.desk_page import said
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.computations import ProgramForm, ReleaseForm
from wushu.portal.requests import language, page_address, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 20
FAILED = "failed"
"""Value of ``show`` in the address of the desk's list: those that failed instead of those that wait."""


@_GET_OR_POST
@signed_in
def compute(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Hand in a program for a dataset, and what was handed in for it before."""
    entry = catalog.entry_by_slug(slug)
    obstacle = opening.computable_here(entry.id, actor=actor)
    form = ProgramForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made: list[ComputationView] = []
        program = form.cleaned_data["program"]
        if form.does(
            lambda: made.append(
                services.computation_submit(actor=actor, dataset=entry.id, program=program)
            )
        ):
            messages.success(request, _("Received. It is run as soon as a worker is free."))
            return redirect("portal:computation", made[0].id)
    columns = () if obstacle else opening.computable_columns(entry.id, actor=actor)
    context = {
        "entry": entry,
        "form": form,
        "obstacle": said(obstacle),
        "columns": columns,
        "example": columns[0][0].replace('"', '""') if columns else "",
        "limits": _limits(),
        "before": opening.computations_mine(actor=actor, dataset=entry.id, limit=PAGE).items,
    }
    return render(request, "portal/compute.html", context, status=_status(form))


@require_safe
@signed_in
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one handed in, newest first."""
    page = opening.computations_mine(actor=actor, cursor=request.GET.get("cursor"), limit=PAGE)
    context = {"items": page.items, **_paged(request, page.cursor)}
    return render(request, "portal/computations_mine.html", context)


@require_safe
@signed_in
def computation(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """One that one handed in; officials of the body are led to their desk."""
    found = opening.computation(key, actor=actor)
    if not found.is_own:
        return redirect("portal:desk-computation", key)
    return render(request, "portal/computation.html", _content(found, actor))


@require_GET
@signed_in
def result(request: HttpRequest, actor: Actor, key: UUID, suffix: str) -> HttpResponse:
    """A released result as a file."""
    if suffix not in opening.COMPUTED_FORMS:
        raise Http404(suffix)
    document = services.computation_download(actor=actor, computation=key)
    file = opening.computed_file(document, suffix)
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="computation-{key}.{suffix}"'
    return response


@require_safe
@signed_in
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Results that wait to be released, the longest waiting first; or programs that failed."""
    failed = request.GET.get("show") == FAILED
    listed = opening.computations_failed if failed else opening.computations_waiting
    page = listed(actor=actor, cursor=request.GET.get("cursor"), limit=PAGE)
    context = {"items": page.items, "failed": failed, **_paged(request, page.cursor)}
    return render(request, "portal/desk_computations.html", context)


@_GET_OR_POST
@signed_in
def decide(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """The program, its result and what is known of it; and the decision."""
    found = opening.computation(key, actor=actor)
    obstacle = opening.computation_obstacle(key, actor=actor)
    if request.method == "POST" and obstacle is not None:
        raise obstacle
    waits = obstacle is None and found.state is ComputationState.WAITING
    form = ReleaseForm(request.POST if request.method == "POST" else None) if waits else None
    if form is not None and request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        act = (
            services.computation_release
            if chosen["decision"] == "release"
            else services.computation_withhold
        )
        if form.does(lambda: act(actor=actor, computation=key, reason=chosen["reason"])):
            messages.success(request, _("Decided. Who submitted the program can see it."))
            return redirect("portal:desk-computations")
    most = None if request.GET.get("rows") == "all" else opening.RESULT_SHOWN
    shown = None if obstacle else opening.computation_shown(key, actor=actor, limit=most)
    context = {
        **_content(found, actor),
        "form": form,
        "obstacle": said(obstacle),
        "shown": shown,
        "cells": opening.computed_cells(shown) if shown else (),
    }
    return render(
        request, "portal/desk_computation.html", context, status=_status(form) if form else 200
    )


def _content(found: ComputationView, actor: Actor) -> dict[str, Any]:
    return {
        "one": found,
        "trouble": _trouble(found),
        "entry": found.dataset,
        "acts": acts.timeline(evidence.entries_about(found.urn), actor),
        "formats": tuple(opening.COMPUTED_FORMS),
    }


def _trouble(found: ComputationView) -> dict[str, str] | None:
    """Why one failed, in the reader's language."""
    kept = found.refusal
    if kept is None:
        return None
    chosen = language()
    way_out = kept["way_out" if chosen == "zh" else "way_out_en"]
    return {"name": kept["name"], "sentence": kept[chosen], "way_out": way_out}


def _limits() -> dict[str, Any]:
    return {
        "seconds": f"{settings.COMPUTATION_SECONDS:g}",
        "memory": settings.COMPUTATION_MEMORY_MB,
        "rows": settings.COMPUTATION_ROWS,
        "bytes": settings.COMPUTATION_BYTES,
        "day": settings.COMPUTATIONS_PER_DAY,
    }


def _status(form: PortalForm) -> int:
    return form.status if form.errors else 200


def _paged(request: HttpRequest, cursor: str | None) -> dict[str, str]:
    """The ways to the first page of a list and to the next."""
    return {
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, cursor) if cursor else "",
    }
