"""What the addresses for programs share: who acts, what was sent, how a refusal is said.

Who acts is whose API key it is; without one, who is signed in, and then a write needs the token against
forged requests as every form does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from wushu.kernel.errors import INVALID_VALUE, Refusal, Said
from wushu.kernel.languages import language_of
from wushu.kernel.noting import note_actor
from wushu.opening import rules
from wushu.opening.types import SIGN_IN_FIRST
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

View = Callable[..., HttpResponse]
DOCUMENT = Said("请求正文", "body of the request", "body")


def answering(
    *methods: str, what: Said, parameters: Collection[str] = ()
) -> Callable[[View], View]:
    """A view of somebody's own: it is given the actor, and its refusals become problem details."""

    def of(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _require_parameters(request, parameters)
                return view(request, actor_of(request, what), *args, **kwargs)
            except Refusal as refusal:
                return problem(request, refusal)

        by_session = csrf_protect(answer)

        @csrf_exempt  # a key is no cookie, which a browser would send along for somebody else
        @require_http_methods(methods)
        def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            guarded = (
                by_session if not key_of(request) and request.user.is_authenticated else answer
            )
            response: HttpResponse = guarded(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store, private"
            return response

        return wraps(view)(either)

    return of


def for_everybody(view: View) -> View:
    """A view that anybody may read; its refusals become problem details."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return problem(request, refusal)

    return answer


def key_of(request: HttpRequest) -> str:
    """The API key that came with it; empty without one."""
    scheme, _, key = request.headers.get("Authorization", "").strip().partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def actor_of(request: HttpRequest, what: Said) -> Actor:
    """Who acts; refusals: those of API keys, ``sign-in-first``."""
    key = key_of(request)
    if key:
        actor = parties.actor_for_api_key(key, timezone.now())
        note_actor(actor.urn)  # who is signed in is noted elsewhere
        return actor
    if not request.user.is_authenticated:
        raise SIGN_IN_FIRST(what_zh=what.zh, what_en=what.en)
    return parties.actor_for_account(request.user.pk)


def _require_parameters(request: HttpRequest, known: Collection[str]) -> None:
    for name in request.GET:
        if name not in known:
            raise wrong(
                Said("查询参数", "query", "query"), name,
                f"可用的参数：{', '.join(known) or '没有'}", f"its parameters are {', '.join(known) or 'none'}",
            )  # fmt: skip


def asked_of(request: HttpRequest, fields: Collection[str]) -> Mapping[str, Any]:
    """The document sent; ``invalid-value`` for what is no object or has a field nobody knows."""
    try:
        document = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise wrong(DOCUMENT, "", "不是 JSON", "it is no JSON") from None
    if not isinstance(document, dict):
        raise wrong(DOCUMENT, "", "应为一个 JSON 对象", "it is no JSON object")
    for name in document:
        if name not in fields:
            known = ", ".join(fields)
            raise wrong(DOCUMENT, name, f"可用的字段：{known}", f"its fields are {known}")
    return document


def text_of(asked: Mapping[str, Any], name: str) -> str:
    """A text of the document, empty where it is left out; JSON can carry NUL, PostgreSQL cannot."""
    text = asked.get(name, "")
    if not isinstance(text, str) or "\0" in text:
        raise wrong(DOCUMENT, name, "应为文字", "it is text")
    return text


def flag_of(asked: Mapping[str, Any], name: str) -> bool:
    """Whether the document says so; left out: no. What is no boolean is not guessed at: ``invalid-value``."""
    value = asked.get(name, False)
    if not isinstance(value, bool):
        raise wrong(DOCUMENT, name, "应为 true 或 false", "it is true or false")
    return value


def uuid_of(asked: Mapping[str, Any], name: str) -> UUID:
    """An identifier of the document; ``invalid-value``."""
    try:
        return UUID(text_of(asked, name))
    except ValueError:
        raise wrong(DOCUMENT, name, "应为 UUID", "it is a UUID") from None


def limit_of(text: str, *, usual: int, most: int) -> int:
    """How many of a list are asked for; ``invalid-value``."""
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise wrong(Said("limit", "limit", "limit"), text, f"应为 1 到 {most}", f"1 to {most}")
    return int(text)


def page_asked(request: HttpRequest, *, usual: int, most: int) -> dict[str, Any]:
    """Which page of a list is asked for: ``cursor`` and ``limit``; ``invalid-value``."""
    limit = limit_of(request.GET.get("limit", ""), usual=usual, most=most)
    return {"cursor": request.GET.get("cursor"), "limit": limit}


def wrong(field: Said, value: str, reason_zh: str, reason_en: str) -> Refusal:
    """``invalid-value`` of a field of what was sent."""
    return INVALID_VALUE(
        field=field, value=rules.one_line(value, 80), reason_zh=reason_zh, reason_en=reason_en
    )


def response_of(document: Any, *, status: int = 200) -> HttpResponse:
    """A document as JSON."""
    content = orjson.dumps(document)
    return HttpResponse(content, status=status, content_type="application/json")


def problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as problem details (RFC 9457) in the reader's language."""
    language = language_of(request.headers.get("Accept-Language"))
    response = response_of(refusal.as_problem(language), status=refusal.status)
    response.headers["Content-Type"] = "application/problem+json"
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="wushu"'
    return response
