"""Pages of figures: how much the data are used."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.portal import usage_page


@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """How much the datasets are used, by declared client, and how that is counted."""
    return render(request, "portal/usage.html", usage_page.content())
