"""Turns a refusal that no view has caught into a page, or into problem details for programs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wushu.kernel.errors import Refusal
from wushu.portal.refusals import PAGE_METHOD
from wushu.portal.views.errors import refused


class RefusalMiddleware:
    """Answers in the language of the page and the form the client accepts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A bare 405 of Django gets its name and way out too."""
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            told = refused(request, PAGE_METHOD(method=request.method))
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal becomes its page; anything else stays an error of the server."""
        return refused(request, exception) if isinstance(exception, Refusal) else None
