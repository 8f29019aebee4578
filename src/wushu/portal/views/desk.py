"""The clerk's desk: what I work on, a dataset's tasks, its subjects, submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import EntryView, RevisionState
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_refused
from wushu.opening import selectors as opening
from wushu.parties.types import Actor
from wushu.portal import acts, desk_page
from wushu.portal.desk_page import bodies_of, own_entry
from wushu.portal.forms.columns import ItemForm, MeaningForm, all_valid, refuse_at
from wushu.portal.forms.dataset import SECTIONS, NewForm
from wushu.portal.requests import signed_in

BLANK_ITEMS = 5
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits on me, what is with the authority, what is being loaded, and all we have."""
    working = catalog.drafts(actor=actor)
    context = {
        "mine": [one for one in working if not _waits(one)],
        "waiting": [one for one in working if _waits(one)],
        "loads": dataplane.loads_open(actor=actor),
        "entries": catalog.entries_of_bodies(actor=actor),
        "due": catalog.updates_due(actor=actor),
        "may_publish": bool(bodies_of(actor)),
        "to_review": catalog.reviews_of(actor),
        "suspended": opening.suspended_count(actor=actor),
    }
    return render(request, "portal/desk.html", context)


@_GET_OR_POST
@signed_in
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a dataset without a file: an entry for what is not opened, or not yet."""
    form = NewForm(request.POST or None, bodies_of(actor))
    if request.method == "POST" and form.is_valid():
        try:
            entry = services.entry_create(
                actor=actor,
                body=UUID(form.cleaned_data["body"]),
                slug=form.cleaned_data["slug"] or None,
                metadata=form.metadata(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("portal:desk-dataset", entry.slug)
    status = form.status if form.errors else 200
    return render(request, "portal/desk_new.html", {"form": form}, status=status)


@require_safe
@signed_in
def dataset(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """The tasks of one dataset: what is done, what is missing, and submission."""
    entry = own_entry(slug, actor)
    assert entry.revision is not None
    context = desk_page.tasks(entry, actor)
    context["acts"] = acts.timeline(evidence.entries_about(entry.urn), actor)
    return render(request, "portal/desk_dataset.html", context)


@_GET_OR_POST
@signed_in
def section(request: HttpRequest, actor: Actor, slug: str, name: str) -> HttpResponse:
    """One subject of the metadata."""
    entry = own_entry(slug, actor)
    if name not in SECTIONS or entry.revision is None:
        raise Http404(name)
    data = request.POST if request.method == "POST" else None
    form = SECTIONS[name].of(entry.revision.metadata, data)
    if request.method == "POST" and form.is_valid():
        try:
            services.revision_draft(
                actor=actor, entry=entry.id, metadata=form.applied(entry.revision.metadata)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("portal:desk-dataset", slug)
    context = {"entry": entry, "form": form}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_section.html", context, status=status)


@_GET_OR_POST
@signed_in
def columns(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """What each column means; without data also which data items there are."""
    entry = own_entry(slug, actor)
    revision = entry.revision
    assert revision is not None
    by_hand = revision.version is None
    data = request.POST if request.method == "POST" else None
    rows = desk_page.meaning_forms(revision.fields, data, blank=BLANK_ITEMS if by_hand else 0)
    trouble: Refusal | None = None
    if request.method == "POST" and all_valid(rows):
        try:
            services.revision_draft(actor=actor, entry=entry.id, fields=_described(rows))
        except Refusal as refusal:
            trouble = None if refuse_at(rows, refusal) else refusal
        else:
            again = by_hand and "more" in request.POST
            return redirect("portal:desk-columns" if again else "portal:desk-dataset", slug)
    context: dict[str, Any] = {"entry": entry, "rows": rows, "by_hand": by_hand}
    faults = [one for one in rows if one.errors]
    context |= {"faults": faults, "trouble": desk_page.said(trouble)}
    status = trouble.status if trouble is not None else 422 if faults else 200
    return render(request, "portal/desk_columns.html", context, status=status)


@require_POST
@signed_in
def submit(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Hand the draft to the authority."""
    entry = own_entry(slug, actor)
    assert entry.revision is not None
    try:
        services.revision_submit(actor=actor, revision=entry.revision.id)
    except Refusal as refusal:
        note_refused(refusal.name)  # the page asks, and is refused, other things
        context = desk_page.tasks(entry, actor) | {"trouble": desk_page.said(refusal), "acts": ()}
        return render(request, "portal/desk_dataset.html", context, status=refusal.status)
    messages.success(request, _("Submitted. The data authority reviews it now."))
    return redirect("portal:desk-dataset", slug)


def _waits(entry: EntryView) -> bool:
    return entry.revision is not None and entry.revision.state is RevisionState.IN_REVIEW


def _described(rows: Sequence[MeaningForm]) -> list[Any]:
    specs = [one.described() for one in rows]
    return [
        spec for spec, one in zip(specs, rows, strict=True)
        if not isinstance(one, ItemForm) or spec.name
    ]  # fmt: skip
