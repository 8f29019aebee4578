"""Incidents: the operator announces them, everybody reads them on ``/status``."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import IncidentStage
from wushu.parties.types import Actor
from wushu.portal import changelog as changes
from wushu.portal.forms.incidents import IncidentForm, IncidentUpdateForm
from wushu.portal.requests import signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def changelog(request: HttpRequest) -> HttpResponse:
    """What each release brought, as the running release knows it."""
    return render(request, "portal/changelog.html", {"releases": changes.releases()})


@_GET_OR_POST
@signed_in
def incidents(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is announced, and the form for something new."""
    opening.require_announcer(actor)
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.incident_open(
                actor=actor, title_zh=form.cleaned_data["title_zh"],
                title_en=form.cleaned_data["title_en"], components=form.touched(),
                text_zh=form.cleaned_data["text_zh"], text_en=form.cleaned_data["text_en"],
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Announced on the status page."))
            return redirect("portal:desk-incident", incident=made.id)
    context = {"form": form, "incidents": opening.incidents()}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_incidents.html", context, status=status)


@_GET_OR_POST
@signed_in
def incident(request: HttpRequest, actor: Actor, incident: UUID) -> HttpResponse:
    """What was said of one, and the form for the next word."""
    opening.require_announcer(actor)
    shown = opening.incident(incident)
    form = IncidentUpdateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = {name: form.cleaned_data[name] for name in ("text_zh", "text_en")}
        try:
            if form.chosen() is IncidentStage.RESOLVED:
                services.incident_close(actor=actor, incident=incident, **text)
            else:
                services.incident_update(
                    actor=actor, incident=incident, stage=form.chosen(), **text
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Announced on the status page."))
            return redirect("portal:desk-incident", incident=incident)
    status = form.status if form.errors else 200
    context = {"form": form, "incident": shown}
    return render(request, "portal/desk_incident.html", context, status=status)
