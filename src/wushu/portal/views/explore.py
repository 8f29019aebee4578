"""Charts, pivot tables and the map of one dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState, EntryView
from wushu.parties.types import Actor
from wushu.portal import dataset_page, explore_page, map_page
from wushu.portal.requests import actor_of

Content = Callable[[EntryView, Actor | None, Mapping[str, Any]], tuple[dict[str, Any], int]]


@require_safe
def explore(request: HttpRequest, slug: str) -> HttpResponse:
    """Group the rows of a dataset, and see it as bars beside the figures."""
    return _page(request, slug, "portal/explore.html", explore_page.content)


@require_safe
def where(request: HttpRequest, slug: str) -> HttpResponse:
    """See where the rows of a dataset lie, as circles and as a table."""
    return _page(request, slug, "portal/map.html", map_page.content)


def _page(request: HttpRequest, slug: str, template: str, content: Content) -> HttpResponse:
    entry = catalog.entry_by_slug(slug)
    if entry.state in (EntryState.WITHDRAWN, EntryState.SEALED):
        status = 410 if entry.state is EntryState.WITHDRAWN else 451
        return render(
            request, "portal/dataset_closed.html", dataset_page.notice(entry), status=status
        )
    if entry.revision is None:
        raise Http404(slug)
    context, status = content(entry, actor_of(request), request.GET.dict())
    return render(request, template, context, status=status)
