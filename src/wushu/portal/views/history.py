"""A dataset's history, and correcting a wrong act in it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import EntryView
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.kernel.noting import note_refused
from wushu.parties.types import Actor
from wushu.portal import acts, desk_page, history_page
from wushu.portal.forms.correcting import CorrectionForm
from wushu.portal.requests import actor_of, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every act on a dataset in plain words, each with its proof, and what was corrected."""
    actor = actor_of(request)
    entry = _entry(slug, actor)
    return render(request, "portal/history.html", history_page.content(entry, actor))


@_GET_OR_POST
@signed_in
def correct(request: HttpRequest, actor: Actor, slug: str, index: int) -> HttpResponse:
    """Say that an act was wrong; it stays, and a new one points to it."""
    entry = catalog.entry_by_slug(slug, actor=actor)
    if not history_page.works_on(entry, actor):
        raise Http404(slug)
    obstacle = catalog.correcting_obstacle(entry.id, index, actor=actor)
    if obstacle is not None:
        raise obstacle
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.act_correct(
                actor=actor, entry=entry.id, index=index, **form.cleaned_data
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                _("Corrected. The old act stays and points here.") if done.in_force
                else _("Proposed. Another person of the data authority confirms it."),
            )  # fmt: skip
            return redirect("portal:history", slug)
    found = evidence.entry(index)
    context = {
        "entry": entry,
        "form": form,
        "index": index,
        "words": acts.words(found.act),
        "at": found.at,
    }
    status = form.status if form.errors else 200
    return render(request, "portal/desk_correct.html", context, status=status)


@_GET_OR_POST
@signed_in
def correction(request: HttpRequest, actor: Actor, correction: UUID) -> HttpResponse:
    """A proposed correction, and the second person's confirmation."""
    found = catalog.correction(correction, actor=actor)
    trouble: Refusal | None = catalog.confirming_obstacle(correction, actor=actor)
    entry = catalog.entry_by_id(found.entry, actor=actor)
    if request.method == "POST":
        try:
            services.correction_confirm(actor=actor, correction=correction)
        except Refusal as refusal:
            note_refused(refusal.name)
            trouble = refusal
        else:
            messages.success(request, _("Corrected. The old act stays and points here."))
            return redirect("portal:history", entry.slug)
    context = {
        "entry": entry,
        "correction": found,
        "trouble": desk_page.said(trouble),
        **history_page.act_in_words(found, actor),
    }
    status = 200 if request.method != "POST" or trouble is None else trouble.status
    return render(request, "portal/desk_correction.html", context, status=status)


def _entry(slug: str, actor: Actor | None) -> EntryView:
    """As the public knows it; a draft for those who work on it."""
    try:
        return catalog.entry_by_slug(slug)
    except Refusal as refusal:
        if actor is None or refusal.name != NOT_FOUND.name:
            raise
        return catalog.entry_by_slug(slug, actor=actor)
