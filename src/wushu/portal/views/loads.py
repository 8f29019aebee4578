"""A file's way into a dataset: upload, look, confirm, load. One thing a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import EntryView
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services
from wushu.dataplane.types import LoadView, UploadState
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor
from wushu.portal import desk_page, labels, load_page
from wushu.portal.desk_page import bodies_of, own_entry
from wushu.portal.forms.columns import all_valid, refuse_at
from wushu.portal.forms.dataset import EncodingForm, NewForm, UploadForm
from wushu.portal.requests import signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_MOVING = (UploadState.RECEIVED, UploadState.QUEUED, UploadState.LOADING)


@_GET_OR_POST
@signed_in
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Hand in a file, for a new dataset or as the next version of one (``?dataset=``)."""
    slug = request.GET.get("dataset", "")
    entry = own_entry(slug, actor) if slug else None
    bodies = bodies_of(actor)
    if entry is not None:
        bodies = [one for one in bodies if one.id == entry.body]
    posted = request.method == "POST"
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None, bodies)
    if posted and form.is_valid():
        try:
            received = services.upload_receive(
                actor=actor,
                body=form.body_id,
                name=form.upload.name or "",
                stream=form.stream,
                encoding=form.cleaned_data["encoding"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(_load_address(received.load, slug))
    context = {"form": form, "entry": entry, "bodies": bodies}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_upload.html", context, status=status)


@require_safe
@signed_in
def load(request: HttpRequest, actor: Actor, load: UUID) -> HttpResponse:
    """Where the file stands, and what is to be done next.

    While work goes on, the script asks for the part that shows it; without script there is a link.
    """
    found = dataplane.load(load, actor=actor)
    follows = request.headers.get("HX-Request") == "true"
    if follows and found.state not in _MOVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = _context(request, actor, found)
    if follows:
        return render(request, "parts/load_progress.html", context)
    if found.state is UploadState.FOUND and context["entry"] is None:
        context["drafts"] = load_page.begun_without_data(found, actor)
    if found.state is UploadState.UNDECIDED:
        context["form"] = EncodingForm(None, found.candidates)
    return render(request, f"portal/{load_page.TEMPLATES[found.state]}", context)


@require_POST
@signed_in
def encoding(request: HttpRequest, actor: Actor, load: UUID) -> HttpResponse:
    """Say in which encoding the file is to be read."""
    found = dataplane.load(load, actor=actor)
    form = EncodingForm(request.POST, found.candidates)
    if form.is_valid():
        try:
            services.load_redescribe(actor=actor, load=load, encoding=form.cleaned_data["encoding"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(_load_address(load, _dataset(request)))
    context = _context(request, actor, found) | {"form": form}
    return render(request, "portal/load_undecided.html", context, status=form.status)


@_GET_OR_POST
@signed_in
def name(request: HttpRequest, actor: Actor, load: UUID) -> HttpResponse:
    """What the new dataset is called; makes its draft and goes on to the columns.

    The draft gets its columns with the data: what the header says may have to be mended first.
    """
    found = dataplane.load(load, actor=actor)
    bodies = [one for one in bodies_of(actor) if one.id == found.upload.body]
    initial = {"title_zh": found.upload.name.rpartition(".")[0]}
    form = NewForm(request.POST if request.method == "POST" else None, bodies, initial=initial)
    if request.method == "POST" and form.is_valid() and found.found is not None:
        try:
            entry = catalog_services.entry_create(
                actor=actor,
                body=found.upload.body,
                slug=form.cleaned_data["slug"] or None,
                metadata=form.metadata(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("portal:desk-load-columns", load=load, slug=entry.slug)
    context = {"form": form, "load": found}
    status = form.status if form.errors else 200
    return render(request, "portal/load_name.html", context, status=status)


@_GET_OR_POST
@signed_in
def columns(request: HttpRequest, actor: Actor, load: UUID, slug: str) -> HttpResponse:
    """Confirm what each column is; then the table is loaded."""
    found = dataplane.load(load, actor=actor)
    entry = own_entry(slug, actor)
    if found.found is None or entry.revision is None:
        raise Http404(str(load))
    data = request.POST if request.method == "POST" else None
    rows = load_page.type_forms(found.found, entry.revision.fields, data)
    trouble: Refusal | None = None
    if data is not None and all_valid(rows):
        kept = [one for one in rows if one.cleaned_data["keep"]]
        try:
            services.load_confirm(
                actor=actor,
                load=load,
                fields=[one.confirmed() for one in kept],
                positions=[one.found.position for one in kept],
                entry=entry.id,
            )
        except Refusal as refusal:
            trouble = None if refuse_at(rows, refusal) else refusal
        else:
            return HttpResponseRedirect(_load_address(load, slug))
    faults = [one for one in rows if one.errors]
    context: dict[str, Any] = {
        "load": found, "entry": entry, "rows": rows, "faults": faults,
        "trouble": desk_page.said(trouble),
    }  # fmt: skip
    status = trouble.status if trouble is not None else 422 if faults else 200
    return render(request, "portal/load_columns.html", context, status=status)


def _context(request: HttpRequest, actor: Actor, found: LoadView) -> dict[str, Any]:
    now = timezone.now()
    slug = _dataset(request)
    entry: EntryView | None = own_entry(slug, actor) if slug else None
    if entry is None and found.entry is not None:
        entry = catalog.entry_by_id(found.entry, actor=actor)
    return {
        "load": found,
        "entry": entry,
        "follow": request.get_full_path(),
        "moving": found.state in _MOVING,
        "percent": int(found.progress.share * 100),
        "seconds_left": found.progress.seconds_left(now),
        "rows_per_second": int(found.progress.rows_per_second(now)),
        "warnings": labels.warnings(found.found.warnings) if found.found else (),
        **load_page.outcome(found, actor),
    }


def _dataset(request: HttpRequest) -> str:
    return request.GET.get("dataset", "")


def _load_address(load: UUID, slug: str) -> str:
    address = reverse("portal:desk-load", args=[load])
    return f"{address}?{urlencode({'dataset': slug})}" if slug else address
