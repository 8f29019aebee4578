"""What everybody may know beside the ledger of cases: published breaches, re-assessments that are due."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wushu.casework import selectors as casework
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties
from wushu.portal.requests import page_address

PAGE = 50


@require_safe
def breaches(request: HttpRequest) -> HttpResponse:
    """Breaches by users of data, in the words of the officials who published them (art. 37)."""
    cursor = request.GET.get("cursor")
    page = casework.published_page("breaches", cursor=cursor, limit=PAGE)
    context = {"notices": page.notices, **_ways(request, cursor, page.cursor)}
    return render(request, "portal/breaches.html", context)


@require_safe
def reassessments(request: HttpRequest) -> HttpResponse:
    """When each dataset that is not opened is due to be looked at again; ``?body=`` of one body (art. 8)."""
    cursor, code = request.GET.get("cursor"), request.GET.get("body", "").strip()
    body = parties.organisation_by_code(code) if code else None
    page = opening.reassessments_page(body=body.id if body else None, cursor=cursor, limit=PAGE)
    context = {"items": page.items, "body": body, **_ways(request, cursor, page.cursor)}
    return render(request, "portal/reassessments.html", context)


def _ways(request: HttpRequest, cursor: str | None, following: str | None) -> dict[str, str]:
    return {
        "first": page_address(request, None) if cursor else "",
        "next": page_address(request, following) if following else "",
    }
