"""Answers of the catalogue's addresses: JSON, RDF, redirects, and refusals as problem details."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from wushu.catalog.negotiation import MEDIA_TYPES
from wushu.catalog.refusals import PARAMETER_UNKNOWN, PARAMETER_WRONG
from wushu.kernel.errors import Language, Refusal
from wushu.kernel.languages import language_of

View = Callable[..., HttpResponseBase]


def json_response(
    document: Any, *, status: int = 200, content_type: str = "application/json"
) -> HttpResponse:
    """JSON that any page may read: the catalogue is public."""
    content = orjson.dumps(document)
    return _public(HttpResponse(content, status=status, content_type=content_type))


def rdf_response(text: str, suffix: str) -> HttpResponse:
    """RDF under its media type."""
    kind = f"{MEDIA_TYPES[suffix]}; charset=utf-8" if suffix != "jsonld" else MEDIA_TYPES[suffix]
    return _public(HttpResponse(text.encode(), content_type=kind))


def problem(request: HttpRequest, refusal: Refusal, **more: Any) -> HttpResponse:
    """A refusal as problem details (RFC 9457), with both languages."""
    document = {**refusal.as_problem(language(request)), **more}
    return json_response(document, status=refusal.status, content_type="application/problem+json")


def answering(view: View) -> View:
    """A GET whose refusals become problem details."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return problem(request, refusal)

    return require_safe(answer)


def language(request: HttpRequest) -> Language:
    """Language of sentences: Chinese unless English is asked for first."""
    return language_of(request.headers.get("Accept-Language"))


def require_known(request: HttpRequest, known: Iterable[str]) -> None:
    """Refuse parameters that would silently do nothing (``parameter-unknown``)."""
    allowed = sorted(known)
    for name in request.GET:
        if name not in allowed:
            raise PARAMETER_UNKNOWN(name=name[:80], allowed=", ".join(allowed))


def number(request: HttpRequest, name: str, default: int, *, least: int, most: int) -> int:
    """A whole number of the query string; ``parameter-wrong``."""
    text = request.GET.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise PARAMETER_WRONG(name=name, value=text[:80], allowed=f"{least} … {most}")
    return int(text)


def absolute(path: str) -> str:
    """An address of this node."""
    return f"{settings.BASE_URL}{path}"


def _public(response: HttpResponse) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
