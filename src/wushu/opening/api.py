"""``/api/v1/subscriptions``: what an account follows, for its programs and for scripts of its pages.

Who acts is whose API key it is; without one, who is signed in, and then a write needs the token against
forged requests as every form does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import INVALID_VALUE, Refusal, Said
from wushu.kernel.languages import language_of
from wushu.opening import rules, selectors, services
from wushu.opening.types import (
    SIGN_IN_FIRST,
    Channel,
    Followed,
    SubscriptionView,
    Target,
    TargetKind,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

View = Callable[..., HttpResponse]
FIELDS = ("channel", "address", "dataset", "body", "search")
_DOCUMENT = Said("请求正文", "body of the request", "body")


def _answering(*methods: str) -> Callable[[View], View]:
    """A view of somebody's own: it is given the actor, and its refusals become problem details."""

    def of(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _require_no_parameters(request)
                return view(request, _actor(request), *args, **kwargs)
            except Refusal as refusal:
                return _problem(request, refusal)

        by_session = csrf_protect(answer)

        @csrf_exempt  # a key is no cookie, which a browser would send along for somebody else
        @require_http_methods(methods)
        def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            guarded = by_session if not _key(request) and request.user.is_authenticated else answer
            response: HttpResponse = guarded(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store, private"
            return response

        return wraps(view)(either)

    return of


@_answering("GET", "HEAD", "POST")
def subscriptions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the account follows, newest first; or, by POST, follow something."""
    if request.method == "POST":
        return _open(request, actor)
    views = selectors.subscriptions(actor=actor)
    found = selectors.followed([one.target for one in views])
    items = [_json(view, one) for view, one in zip(views, found, strict=True)]
    return _response({"items": items, "limit": rules.SUBSCRIPTIONS_MOST})


@_answering("GET", "HEAD", "DELETE")
def subscription(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """How one stands; or, by DELETE, end it and erase its address."""
    if request.method == "DELETE":
        services.subscription_end(actor=actor, subscription=key)
        return HttpResponse(status=204)
    return _response(_one(selectors.subscription(key, actor=actor)))


def _open(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = _asked(request)
    view, secret = services.subscription_open(
        actor=actor, channel=_channel(asked), target=_target(asked), address=_text(asked, "address")
    )
    response = _response({**_one(view), "secret": secret or None}, status=201)
    response.headers["Location"] = _address(view)
    return response


# What is asked


def _key(request: HttpRequest) -> str:
    scheme, _, key = request.headers.get("Authorization", "").strip().partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _actor(request: HttpRequest) -> Actor:
    """Refusals: those of API keys, ``sign-in-first``."""
    key = _key(request)
    if key:
        return parties.actor_for_api_key(key, timezone.now())
    if not request.user.is_authenticated:
        raise SIGN_IN_FIRST(what_zh="订阅", what_en="subscribe")
    return parties.actor_for_account(request.user.pk)


def _require_no_parameters(request: HttpRequest) -> None:
    for name in request.GET:
        raise _wrong(
            Said("查询参数", "query", "query"), name, "这里没有参数", "there are no parameters here"
        )


def _asked(request: HttpRequest) -> Mapping[str, Any]:
    """The document sent; ``invalid-value`` for what is no object or has a field nobody knows."""
    try:
        document = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise _wrong(_DOCUMENT, "", "不是 JSON", "it is no JSON") from None
    if not isinstance(document, dict):
        raise _wrong(_DOCUMENT, "", "应为一个 JSON 对象", "it is no JSON object")
    for name in document:
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            raise _wrong(_DOCUMENT, name, f"可用的字段：{known}", f"its fields are {known}")
    return document


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    if not _is_text(value):
        raise _wrong(Said(name, name, name), "", "应为一段文字", "it is no text")
    return str(value)


def _is_text(value: Any) -> bool:
    """Text that a database keeps: JSON can carry NUL, PostgreSQL cannot."""
    return isinstance(value, str) and "\0" not in value


def _channel(asked: Mapping[str, Any]) -> Channel:
    name = _text(asked, "channel")
    if name not in set(Channel):
        known = ", ".join(Channel)
        raise _wrong(
            Said("channel", "channel", "channel"), name, f"应为 {known}", f"it is none of {known}"
        )
    return Channel(name)


def _target(asked: Mapping[str, Any]) -> Target:
    """What one of the three fields names; with none of them the service says that nothing is followed."""
    named = [name for name in ("dataset", "body", "search") if name in asked]
    if len(named) > 1:
        raise _wrong(
            _DOCUMENT, ", ".join(named), "一条订阅只关注一项", "a subscription follows one of them"
        )
    if "dataset" in asked:
        return Target(TargetKind.DATASET, catalog.entry_by_slug(_text(asked, "dataset")).id)
    if "body" in asked:
        return Target(TargetKind.BODY, _body(_text(asked, "body")))
    return Target(TargetKind.SEARCH, search=_search(asked.get("search", {})))


def _body(text: str) -> UUID:
    """By credit code or id, as the catalogue's list takes it; ``not-found``."""
    try:
        return parties.organisation(UUID(text)).id
    except ValueError:
        return parties.organisation_by_code(text).id


def _search(given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not all(map(_is_text, given.values())):
        raise _wrong(
            Said("search", "search", "search"), "",
            "应为参数名到文字的 JSON 对象", "it is no JSON object of parameters and texts",
        )  # fmt: skip
    search = {name: value.strip() for name, value in given.items()}
    if "body" in search:
        search["body"] = str(_body(search["body"]))
    return search


def _wrong(field: Said, value: str, reason_zh: str, reason_en: str) -> Refusal:
    return INVALID_VALUE(
        field=field, value=rules.one_line(value, 80), reason_zh=reason_zh, reason_en=reason_en
    )


# What is answered


def _one(view: SubscriptionView) -> dict[str, Any]:
    (found,) = selectors.followed([view.target])
    return _json(view, found)


def _json(view: SubscriptionView, found: Followed) -> dict[str, Any]:
    return {
        "id": view.id,
        "channel": view.channel.value,
        "address": view.address or None,
        "dataset": found.entry.slug if found.entry is not None else None,
        "body": found.body.code if found.body is not None else None,
        "search": dict(view.target.search) if view.target.search else None,
        "state": view.state.value,
        "problem": view.problem.value if view.problem is not None else None,
        "next_try": view.next_try,
        "sent": view.sent,
        "created_at": view.created_at,
        "self": _address(view),
    }


def _address(view: SubscriptionView) -> str:
    return f"{settings.BASE_URL}{reverse('api-subscription', args=[view.id])}"


def _response(document: Any, *, status: int = 200) -> HttpResponse:
    content = orjson.dumps(document)
    return HttpResponse(content, status=status, content_type="application/json")


def _problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    language = language_of(request.headers.get("Accept-Language"))
    response = _response(refusal.as_problem(language), status=refusal.status)
    response.headers["Content-Type"] = "application/problem+json"
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="wushu"'
    return response
