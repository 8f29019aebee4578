"""What was built on the data, how datasets are rated, and the moderators' desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushu.catalog import selectors as catalog
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import Moderation, ResultKind, ResultView
from wushu.parties.types import Actor
from wushu.portal import acts
from wushu.portal.desk_page import said
from wushu.portal.forms.base import PortalForm
from wushu.portal.forms.results import ModerateForm, RatingForm, ResultForm, TakeDownForm
from wushu.portal.requests import actor_of, language, page_address, signed_in

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 20
MENDABLE = (Moderation.WAITING, Moderation.RETURNED)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What was built on the data, newest first, all of it or of one kind or one dataset."""
    asked, slug = request.GET.get("kind", ""), request.GET.get("dataset", "")
    kind = ResultKind(asked) if asked in set(ResultKind) else None
    entry = catalog.entry_by_slug(slug) if slug else None
    page = opening.results(
        kind=kind, dataset=entry.id if entry else None, cursor=request.GET.get("cursor"), limit=PAGE
    )
    context = {
        **_paged(request, page.cursor),
        "page": page,
        "kind": kind,
        "kinds": list(ResultKind),
        "used": entry,
    }
    return render(request, "portal/results.html", context)


@require_safe
def result(request: HttpRequest, key: UUID) -> HttpResponse:
    """One result with what it uses; for who filed it and for moderators also while it is not shown."""
    actor = actor_of(request)
    found = opening.result(key, actor=actor)
    context = {
        **_content(found, actor),
        "contests": opening.contests_of(key),
        "moderates": opening.may_moderate(actor),
        "mendable": found.is_own and found.state in MENDABLE,
        "ended": found.state in (Moderation.WITHDRAWN, Moderation.TAKEN_DOWN),
    }
    response = render(request, "portal/result.html", context)
    if actor is not None:
        response.headers["Cache-Control"] = "no-store, private"
    return response


def _content(found: ResultView, actor: Actor | None) -> dict[str, Any]:
    """The result, its datasets with how to cite each that can be read, and what happened."""
    return {
        "result": found,
        "datasets": [
            (
                entry,
                catalog.cited(entry, entry.revision.version, language()) if entry.revision else "",
            )
            for entry in found.datasets
        ],
        "acts": _acts(found, actor),
    }


def _acts(found: ResultView, actor: Actor | None) -> list[acts.Act]:
    """What happened; everybody reads its makers as they named themselves, not for whom its filer works."""
    listed = acts.timeline(evidence.entries_about(found.urn), actor)
    if found.is_own or opening.may_moderate(actor):
        return listed
    return [
        replace(one, who=_("who filed it")) if one.note.act in opening.FILERS_ACTS else one
        for one in listed
    ]


# One's own


@require_safe
@signed_in
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one filed and rated, newest first."""
    rated = opening.ratings_mine(actor=actor)
    known = catalog.entries_known([one.dataset for one in rated])
    context = {
        "results": opening.results_filed(actor=actor),
        "ratings": [(one, known[one.dataset]) for one in rated if one.dataset in known],
    }
    return render(request, "portal/results_mine.html", context)


@_GET_OR_POST
@signed_in
def file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """File a result; ``?dataset=`` begins with one that it uses."""
    begun = {"datasets": request.GET.get("dataset", "")}
    form = ResultForm(request.POST if request.method == "POST" else None, initial=begun)

    def write() -> ResultView:
        return services.result_file(actor=actor, given=form.given())

    return _written(request, form, write, {})


@_GET_OR_POST
@signed_in
def mend(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Say it again of a result that waits or was sent back."""
    found = opening.result(key, actor=actor)
    mendable = found.is_own and found.state in MENDABLE
    if not mendable and request.method != "POST":  # what is sent, the service refuses by its name
        return redirect("portal:result", key)
    form = ResultForm.of(found, request.POST if request.method == "POST" else None)

    def write() -> ResultView:
        return services.result_mend(actor=actor, result=key, given=form.given())

    return _written(request, form, write, {"result": found})


def _written(
    request: HttpRequest,
    form: ResultForm,
    write: Callable[[], ResultView],
    context: Mapping[str, Any],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = write()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Received. It is shown once a moderator has looked at it."))
            return redirect("portal:result", made.id)
    return _form_page(request, "portal/result_edit.html", form, context)


@_GET_OR_POST
@signed_in
def withdraw(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Say what withdrawing means, then do it."""
    found = opening.result(key, actor=actor)
    if request.method == "POST":
        services.result_withdraw(actor=actor, result=key)
        messages.success(request, _("Withdrawn. Nobody but you and the moderators sees it now."))
        return redirect("portal:results-mine")
    return render(request, "portal/result_withdraw.html", {"result": found})


# Ratings


@require_safe
def ratings(request: HttpRequest, slug: str) -> HttpResponse:
    """How a dataset was rated, and the comments that were let through."""
    entry, actor = catalog.listed_entry(slug), actor_of(request)
    page = opening.comments(entry.id, cursor=request.GET.get("cursor"), limit=PAGE)
    context = {
        **_paged(request, page.cursor),
        "entry": entry,
        "figures": opening.rating_figures(entry.id),
        "least": opening.RATINGS_LEAST,
        "page": page,
        "works_there": actor is not None and entry.body in actor.organisations,
    }
    return render(request, "portal/ratings.html", context)


@_GET_OR_POST
@signed_in
def rate(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Rate a dataset, or change how one rated it."""
    entry = catalog.listed_entry(slug)
    mine = opening.rating_mine(entry.id, actor=actor)
    form = RatingForm.of(mine, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.rating_give(
                actor=actor, dataset=entry.id, scores=form.scores(),
                comment=form.cleaned_data["comment"],
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Thank you. Your rating counts; a comment is looked at first.")
            )
            return redirect("portal:ratings", slug)
    return _form_page(request, "portal/rating.html", form, {"entry": entry, "mine": mine})


@require_POST
@signed_in
def rating_withdraw(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Take one's rating back."""
    services.rating_withdraw(actor=actor, dataset=catalog.entry_by_slug(slug).id)
    messages.success(request, _("Your rating is gone, and its comment with it."))
    return redirect("portal:results-mine")


# The moderators' desk


@require_safe
@signed_in
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Results and comments that wait, the longest waiting first."""
    asked = request.GET
    waiting = opening.results_waiting(actor=actor, cursor=asked.get("cursor"), limit=PAGE)
    comments = opening.comments_waiting(actor=actor, cursor=asked.get("comments"), limit=PAGE)
    known = catalog.entries_known({one.dataset for one in comments.items})
    context = {
        **_paged(request, waiting.cursor),
        "waiting": waiting.items,
        "comments": [(one, known[one.dataset]) for one in comments.items],
        "comments_next": comments.cursor,
    }
    return render(request, "portal/desk_results.html", context)


@_GET_OR_POST
@signed_in
def decide(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """One result as everybody would see it, and the decision."""
    found = opening.result(key, actor=actor)
    context = {
        **_content(found, actor),
        "obstacle": said(opening.result_obstacle(key, actor=actor)),
    }

    def write(form: PortalForm) -> None:
        reason = form.cleaned_data["reason"]
        if isinstance(form, TakeDownForm):
            services.result_take_down(actor=actor, result=key, reason=reason)
        elif form.cleaned_data["decision"] == "publish":
            services.result_publish(actor=actor, result=key)
        else:
            services.result_return(actor=actor, result=key, reason=reason)

    return _decided(request, "portal/desk_result.html", found.state, write, context)


@_GET_OR_POST
@signed_in
def comment(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """One comment, and the decision."""
    found = opening.comment(key, actor=actor)
    context = {
        "comment": found,
        "entry": catalog.entry_by_id(found.dataset),
        "obstacle": said(opening.comment_obstacle(key, actor=actor)),
    }

    def write(form: PortalForm) -> None:
        reason = form.cleaned_data["reason"]
        if isinstance(form, TakeDownForm):
            services.comment_take_down(actor=actor, comment=key, reason=reason)
        elif form.cleaned_data["decision"] == "publish":
            services.comment_publish(actor=actor, comment=key)
        else:
            services.comment_return(actor=actor, comment=key, reason=reason)

    return _decided(request, "portal/desk_comment.html", found.state, write, context)


def _decided(
    request: HttpRequest,
    template: str,
    state: Moderation,
    write: Callable[[PortalForm], None],
    context: Mapping[str, Any],
) -> HttpResponse:
    """What waits is published or sent back, what is public taken down; all else is only read."""
    forms = {Moderation.WAITING: ModerateForm, Moderation.PUBLISHED: TakeDownForm}
    of = forms.get(state)
    if of is None:
        return render(request, template, {**context, "form": None})
    form = of(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            write(form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Decided. Who filed it can see it."))
            return redirect("portal:desk-results")
    return _form_page(request, template, form, context)


def _form_page(
    request: HttpRequest, template: str, form: PortalForm, context: Mapping[str, Any]
) -> HttpResponse:
    return render(request, template, {**context, "form": form}, status=_status(form))


def _status(form: PortalForm) -> int:
    return form.status if form.errors else 200


def _paged(request: HttpRequest, cursor: str | None) -> dict[str, str]:
    """The ways to the first page of a list and to the next."""
    return {
        "first": page_address(request, None) if request.GET.get("cursor") else "",
        "next": page_address(request, cursor) if cursor else "",
    }
