"""``/api/v1/subscriptions``: what an account follows, for its programs and for scripts of its pages.

Who acts is whose API key it is; without one, who is signed in, and then a write needs the token against
forged requests as every form does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import Said
from wushu.opening import rules, selectors, services
from wushu.opening.api.answering import (
    DOCUMENT,
    answering,
    asked_of,
    flag_of,
    response_of,
    wrong,
)
from wushu.opening.types import (
    Channel,
    Followed,
    SubscriptionView,
    Target,
    TargetKind,
)
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_WHAT = Said("订阅", "subscribe")
FIELDS = ("channel", "address", "dataset", "body", "search", "cases")


@answering("GET", "HEAD", "POST", what=_WHAT)
def subscriptions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the account follows, newest first; or, by POST, follow something."""
    if request.method == "POST":
        return _open(request, actor)
    views = selectors.subscriptions(actor=actor)
    found = selectors.followed([one.target for one in views])
    items = [_json(view, one) for view, one in zip(views, found, strict=True)]
    return response_of({"items": items, "limit": rules.SUBSCRIPTIONS_MOST})


@answering("GET", "HEAD", "DELETE", what=_WHAT)
def subscription(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """How one stands; or, by DELETE, end it and erase its address."""
    if request.method == "DELETE":
        services.subscription_end(actor=actor, subscription=key)
        return HttpResponse(status=204)
    return response_of(_one(selectors.subscription(key, actor=actor)))


def _open(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = asked_of(request, FIELDS)
    view, secret = services.subscription_open(
        actor=actor, channel=_channel(asked), target=_target(asked), address=_text(asked, "address")
    )
    response = response_of({**_one(view), "secret": secret or None}, status=201)
    response.headers["Location"] = _address(view)
    return response


# What is asked


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    if not _is_text(value):
        raise wrong(Said(name, name, name), "", "应为一段文字", "it is no text")
    return str(value)


def _is_text(value: Any) -> bool:
    """Text that a database keeps: JSON can carry NUL, PostgreSQL cannot."""
    return isinstance(value, str) and "\0" not in value


def _channel(asked: Mapping[str, Any]) -> Channel:
    name = _text(asked, "channel")
    if name not in set(Channel):
        known = ", ".join(Channel)
        raise wrong(
            Said("channel", "channel", "channel"), name, f"应为 {known}", f"it is none of {known}"
        )
    return Channel(name)


def _target(asked: Mapping[str, Any]) -> Target:
    """What one of the four fields names; with none of them the service says that nothing is followed."""
    named = [name for name in ("dataset", "body", "search", "cases") if name in asked]
    if len(named) > 1:
        raise wrong(
            DOCUMENT, ", ".join(named), "一条订阅只关注一项", "a subscription follows one of them"
        )
    if "dataset" in asked:
        return Target(TargetKind.DATASET, catalog.entry_by_slug(_text(asked, "dataset")).id)
    if "body" in asked:
        return Target(TargetKind.BODY, _body(_text(asked, "body")))
    if flag_of(asked, "cases"):
        return Target(TargetKind.CASES)
    return Target(TargetKind.SEARCH, search=_search(asked.get("search", {})))


def _body(text: str) -> UUID:
    """By credit code or id, as the catalogue's list takes it; ``not-found``."""
    try:
        return parties.organisation(UUID(text)).id
    except ValueError:
        return parties.organisation_by_code(text).id


def _search(given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not all(map(_is_text, given.values())):
        raise wrong(
            Said("search", "search", "search"), "",
            "应为参数名到文字的 JSON 对象", "it is no JSON object of parameters and texts",
        )  # fmt: skip
    search = {name: value.strip() for name, value in given.items()}
    if "body" in search:
        search["body"] = str(_body(search["body"]))
    return search


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
        "cases": view.target.kind is TargetKind.CASES,
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
