"""Series, and base and theme databases: the public's pages and the desk that keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog import services
from wushu.catalog.types import (
    EntryState,
    EntryView,
    GroupingKind,
    GroupingView,
    ReviewDecision,
    SeriesState,
    SeriesView,
)
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor, Role
from wushu.portal import acts, desk_page
from wushu.portal.dataset_page import identifier_url
from wushu.portal.desk_page import bodies_of
from wushu.portal.forms.arranged import (
    EndForm,
    GroupingForm,
    MemberForm,
    SeriesForm,
    SeriesMemberForm,
    WordsForm,
)
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.review import ReviewForm
from wushu.portal.requests import page_address, signed_in
from wushu.portal.views.public import PAGE_SIZE

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_FILLED = (SeriesState.PROPOSED, SeriesState.RETURNED, SeriesState.LISTED)


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """A series: its datasets from the earliest to the latest."""
    found = catalog.series_by_slug(slug)
    context = {"series": found, "identifier": identifier_url(found.id)}
    return render(request, "portal/series.html", context)


@require_safe
def groupings(request: HttpRequest) -> HttpResponse:
    """All base and theme databases."""
    found = catalog.groupings()
    context = {
        "base": [one for one in found if one.kind is GroupingKind.BASE],
        "theme": [one for one in found if one.kind is GroupingKind.THEME],
    }
    return render(request, "portal/groupings.html", context)


@require_safe
def grouping(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them, and its datasets."""
    found = catalog.grouping_by_slug(slug)
    page = catalog.entries(grouping=slug, cursor=request.GET.get("cursor") or None, limit=PAGE_SIZE)
    context = {
        "grouping": found,
        "identifier": identifier_url(found.id),
        "page": page,
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, page.cursor) if page.cursor else "",
    }
    return render(request, "portal/grouping.html", context)


# Series at the desk


@_GET_OR_POST
@signed_in
def desk_series(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The body's series and those that wait on the authority; a new one is proposed here."""
    form = SeriesForm(request.POST if request.method == "POST" else None, bodies_of(actor))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.series_propose(
                actor=actor,
                body=UUID(form.cleaned_data["body"]),
                words=form.words(),
                slug=form.cleaned_data["slug"] or None,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Proposed. Put its datasets in now."))
            return redirect("portal:desk-series-one", made.slug)
    context = {
        "form": form,
        "found": catalog.series_at_desk(actor=actor),
        "may_propose": bool(bodies_of(actor)),
    }
    status = form.status if form.errors else 200
    return render(request, "portal/desk_series.html", context, status=status)


@_GET_OR_POST
@signed_in
def desk_series_one(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """One series: its datasets, its words, and the second person's decision."""
    found = catalog.series_by_slug(slug, actor=actor)
    if request.method == "POST":
        form = _series_form(request.POST.get("act", ""), found, actor, request.POST)
        if form.is_valid() and form.does(lambda: _series_act(form, found, actor)):
            return redirect("portal:desk-series-one", slug)
        return _series_page(request, found, actor, form)
    return _series_page(request, found, actor, None)


def _series_form(act: str, found: SeriesView, actor: Actor, data: Any) -> PortalForm:
    if act not in ("add", "drop", "words", "close", "decide"):
        raise Http404(act)
    if act == "add":
        return SeriesMemberForm(data, _candidates(found, actor))
    if act == "drop":
        return MemberForm(data)
    if act == "words":
        return WordsForm.of(found.words, data)
    return EndForm(data) if act == "close" else ReviewForm(data)


def _series_act(form: PortalForm, found: SeriesView, actor: Actor) -> None:
    given = form.cleaned_data
    if isinstance(form, SeriesMemberForm):
        entry = catalog.entry_by_slug(given["entry"])
        services.series_add(actor=actor, series=found.id, entry=entry.id, period=given["period"])
    elif isinstance(form, MemberForm):
        entry = catalog.entry_by_slug(given["entry"])
        services.series_drop(actor=actor, series=found.id, entry=entry.id)
    elif isinstance(form, WordsForm):
        services.series_change(actor=actor, series=found.id, words=form.words())
    elif isinstance(form, EndForm):
        services.series_close(actor=actor, series=found.id, reasons=given["reasons"])
    elif given["decision"] == ReviewDecision.LIST.value:
        services.series_list(actor=actor, series=found.id)
    else:
        services.series_return(actor=actor, series=found.id, reasons=given["reasons"])


def _series_page(
    request: HttpRequest, found: SeriesView, actor: Actor, sent: PortalForm | None
) -> HttpResponse:
    edits = catalog.may_edit_series(found, actor=actor)
    obstacle = catalog.series_obstacle(found.id, actor=actor)
    waits = found.state is SeriesState.PROPOSED
    context = {
        "series": found,
        "sent": sent,
        "edits": edits,
        "may_fill": edits and found.state in _FILLED,
        "may_word": edits and found.state in (SeriesState.PROPOSED, SeriesState.RETURNED),
        "decides": waits and obstacle is None,
        "may_close": found.state in _FILLED and (edits or obstacle is None),
        "obstacle": desk_page.said(obstacle) if waits and not edits else None,
        "add": sent if isinstance(sent, SeriesMemberForm)
        else SeriesMemberForm(None, _candidates(found, actor)),
        "word": sent if isinstance(sent, WordsForm) else WordsForm.of(found.words, None),
        "decide": sent if isinstance(sent, ReviewForm) else ReviewForm(None),
        "end": sent if isinstance(sent, EndForm) else EndForm(None),
        "acts": acts.timeline(evidence.entries_about(f"urn:uuid:{found.id}"), actor),
    }  # fmt: skip
    status = sent.status if sent is not None and sent.errors else 200
    return render(request, "portal/desk_series_one.html", context, status=status)


def _candidates(found: SeriesView, actor: Actor) -> list[EntryView]:
    """The body's listed datasets that are not in it yet."""
    inside = {one.entry.id for one in found.members}
    return [
        one
        for one in catalog.entries_of_bodies(actor=actor)
        if one.body == found.body and one.state is EntryState.LISTED and one.id not in inside
    ]


# Groupings at the desk


@_GET_OR_POST
@signed_in
def desk_groupings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The base and theme databases that the authority keeps; a new one is begun here."""
    divisions = actor.divisions(Role.DATA_AUTHORITY)
    form = GroupingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.grouping_create(
                actor=actor,
                division=divisions[0] if divisions else "",
                kind=GroupingKind(form.cleaned_data["kind"]),
                slug=form.cleaned_data["slug"],
                words=form.words(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("portal:desk-grouping", made.slug)
    context = {"form": form, "found": catalog.groupings(), "may_keep": bool(divisions)}
    status = form.status if form.errors else 200
    return render(request, "portal/desk_groupings.html", context, status=status)


@_GET_OR_POST
@signed_in
def desk_grouping(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """One of them: its datasets and its words."""
    found = catalog.grouping_by_slug(slug)
    sent: PortalForm | None = None
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in _GROUPING_ACTS:
            raise Http404(act)
        sent = _grouping_form(act, found, request.POST)
        if sent.is_valid() and sent.does(lambda: _GROUPING_ACTS[act](sent, found, actor)):
            if act == "remove":
                return redirect("portal:desk-groupings")
            return redirect("portal:desk-grouping", slug)
    context = {
        "grouping": found,
        "sent": sent,
        "entries": catalog.entries_of_grouping(found.id),
        "may_keep": catalog.may_keep_grouping(found, actor=actor),
        "add": sent if isinstance(sent, MemberForm) else MemberForm(None),
        "word": sent if isinstance(sent, WordsForm) else WordsForm.of(found.words, None),
        "acts": acts.timeline(evidence.entries_about(f"urn:uuid:{found.id}"), actor),
    }
    status = sent.status if sent is not None and sent.errors else 200
    return render(request, "portal/desk_grouping.html", context, status=status)


def _grouping_form(act: str, found: GroupingView, data: Any) -> PortalForm:
    if act == "words":
        return WordsForm.of(found.words, data)
    return PortalForm(data) if act == "remove" else MemberForm(data)


def _add(form: PortalForm, found: GroupingView, actor: Actor) -> None:
    entry = catalog.entry_by_slug(form.cleaned_data["entry"])
    services.grouping_add(actor=actor, grouping=found.id, entry=entry.id)


def _drop(form: PortalForm, found: GroupingView, actor: Actor) -> None:
    entry = catalog.entry_by_slug(form.cleaned_data["entry"])
    services.grouping_drop(actor=actor, grouping=found.id, entry=entry.id)


def _words(form: PortalForm, found: GroupingView, actor: Actor) -> None:
    assert isinstance(form, WordsForm)
    services.grouping_change(actor=actor, grouping=found.id, words=form.words())


def _remove(form: PortalForm, found: GroupingView, actor: Actor) -> None:
    services.grouping_remove(actor=actor, grouping=found.id)


_GROUPING_ACTS: Mapping[str, Callable[[PortalForm, GroupingView, Actor], None]] = MappingProxyType(
    {"add": _add, "drop": _drop, "words": _words, "remove": _remove}
)
