"""Pages for what went wrong: its name, a sentence, the way out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_refused, request_id
from wushu.portal.refusals import (
    FORM_EXPIRED,
    PAGE_FORBIDDEN,
    PAGE_NOT_FOUND,
    REQUEST_UNREADABLE,
    SERVER_FAILED,
)
from wushu.portal.requests import language, prefers_json

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest, Exception | None], HttpResponse]


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as a page, or as problem details (RFC 9457) where JSON is preferred."""
    note_refused(refusal.name)  # rendering the page asks, and is refused, other things
    if prefers_json(request):
        return JsonResponse(
            refusal.as_problem(language()),
            status=refusal.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    response = render(request, "portal/error.html", _said(refusal), status=refusal.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _said(refusal: Refusal) -> dict[str, object]:
    return {
        "name": refusal.name,
        "status": refusal.status,
        "sentence": refusal.sentence(language()),
        "way_out": refusal.way_out(language()),
        "request_number": request_id(),
    }


def _leaving_no_connection(handler: Handler) -> Handler:
    """The handler, after which no database connection of its thread stays open.

    Under ASGI, Django calls it in a thread of the event loop's pool, whose connections no end of a
    request closes.
    """

    @wraps(handler)
    def handle(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        try:
            return handler(request, exception)
        finally:
            for connection in connections.all(initialized_only=True):
                if not connection.in_atomic_block:  # who opened a transaction still works in it
                    connection.close_if_unusable_or_obsolete()

    return handle


@_leaving_no_connection
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's ``handler400``."""
    return refused(request, REQUEST_UNREADABLE())


@_leaving_no_connection
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's ``handler403``."""
    return refused(request, PAGE_FORBIDDEN())


@_leaving_no_connection
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's ``handler404``."""
    return refused(request, PAGE_NOT_FOUND(path=request.path))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's ``CSRF_FAILURE_VIEW``."""
    return refused(request, FORM_EXPIRED())


def server_failed(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``: asks no database, since that may be what failed."""
    refusal = SERVER_FAILED()
    if prefers_json(request):
        return refused(request, refusal)
    page = render_to_string("portal/failed.html", {**_said(refusal), "language": language()})
    return HttpResponse(page, status=refusal.status, headers={"Cache-Control": "no-store"})
