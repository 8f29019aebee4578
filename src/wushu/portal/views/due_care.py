"""The record of due care of a dataset, for its body and the data authority: to read, print and keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.catalog import selectors as catalog
from wushu.opening import selectors as opening
from wushu.opening.types import DueCare
from wushu.parties.types import Actor
from wushu.portal import due_care_page
from wushu.portal.requests import language, signed_in


@require_safe
@signed_in
def due_care(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Who reviewed what and when, with what they found and the proof of each act."""
    found = _found(slug, actor)
    return render(request, "portal/desk_due_care.html", due_care_page.content(found))


@require_safe
@signed_in
def due_care_csv(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """The same as CSV; no cell is run as a formula."""
    response = HttpResponse(
        due_care_page.as_csv(_found(slug, actor)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-due-care.csv"'
    return response


def _found(slug: str, actor: Actor) -> DueCare:
    entry = catalog.entry_by_slug(slug, actor=actor)
    return opening.due_care(entry.id, actor=actor, language=language())
