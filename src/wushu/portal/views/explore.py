"""Charts and pivot tables of one dataset."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState
from wushu.portal import dataset_page, explore_page
from wushu.portal.requests import actor_of


@require_safe
def explore(request: HttpRequest, slug: str) -> HttpResponse:
    """Group the rows of a dataset, and see it as bars beside the figures."""
    entry = catalog.entry_by_slug(slug)
    if entry.state in (EntryState.WITHDRAWN, EntryState.SEALED):
        status = 410 if entry.state is EntryState.WITHDRAWN else 451
        return render(
            request, "portal/dataset_closed.html", dataset_page.notice(entry), status=status
        )
    if entry.revision is None:
        raise Http404(slug)
    context, status = explore_page.content(entry, actor_of(request), request.GET.dict())
    return render(request, "portal/explore.html", context, status=status)
