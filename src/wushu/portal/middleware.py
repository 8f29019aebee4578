"""What all pages share: a refusal becomes a page, and no cache keeps what one person was shown."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wushu.kernel.errors import Refusal
from wushu.portal.refusals import PAGE_METHOD
from wushu.portal.views.errors import refused


class PersonalMiddleware:
    """Lets no cache keep a page that was made for somebody signed in, whichever view made it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Asks who is signed in only of a browser that holds a session at all."""
        response = self.get_response(request)
        holds_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if holds_session and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response


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
