"""Pages about the node as a whole: its use, how the bodies keep their word, its API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.catalog import selectors as catalog
from wushu.portal import api_page, scoreboard_page, usage_page


@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """How much the datasets are used, by declared client, and how that is counted."""
    return render(request, "portal/usage.html", usage_page.content())


@require_safe
def scoreboard(request: HttpRequest) -> HttpResponse:
    """How the bodies compare, and by which rule."""
    context = {"board": scoreboard_page.board(), "most": catalog.METADATA_QUALITY_MOST}
    return render(request, "portal/scoreboard.html", context)


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """The API for people: examples, what holds everywhere, every address."""
    return render(request, "portal/api.html", api_page.content())
