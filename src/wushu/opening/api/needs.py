"""``/api/v1/needs``: public needs for everybody; asking, supporting, deciding by key or session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.opening import selectors, services
from wushu.opening.api.answering import (
    DOCUMENT,
    actor_of,
    answering,
    asked_of,
    for_everybody,
    key_of,
    limit_of,
    response_of,
    text_of,
    uuid_of,
    wrong,
)
from wushu.opening.selectors.needs import PAGE, PAGE_MOST
from wushu.opening.types import NeedAnswer, NeedGiven, NeedView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_WHAT = Said("提出、审核和答复数据需求", "ask for data, and decide on needs")
_CALL = ("division", "title", "text", "begins", "ends")
_NEED = ("call", "title", "data", "purpose", "body")
_ANSWER = ("text", "dataset", "body", "year", "item")


@csrf_exempt  # who writes by a session is asked for the token inside
@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest) -> HttpResponse:
    """Calls for needs, the newest first; or, by POST, open one as the authority."""
    return _open(request) if request.method == "POST" else _calls(request)


@for_everybody
def _calls(request: HttpRequest) -> HttpResponse:
    found = selectors.need_calls()
    return response_of({"items": [selectors.call_document(one) for one in found]})


@answering("POST", what=_WHAT)
def _open(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = asked_of(request, _CALL)
    made = services.call_open(
        actor=actor, division=text_of(asked, "division"), title=text_of(asked, "title"),
        text=text_of(asked, "text"), begins=_day(asked, "begins"), ends=_day(asked, "ends"),
    )  # fmt: skip
    return response_of(selectors.call_document(made), status=201)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest) -> HttpResponse:
    """Published needs, the newest first; or, by POST, submit one into a call."""
    return _submit(request) if request.method == "POST" else _needs(request)


@for_everybody
def _needs(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    page = selectors.needs_page(
        call=uuid_of(asked, "call") if asked.get("call") else None, cursor=asked.get("cursor"),
        limit=limit_of(asked.get("limit", ""), usual=PAGE, most=PAGE_MOST),
    )  # fmt: skip
    items = [selectors.need_document(one) for one in page.needs]
    return response_of({"items": items, "next": page.cursor})


@answering("POST", what=_WHAT)
def _submit(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = asked_of(request, _NEED)
    code = text_of(asked, "body")
    given = NeedGiven(
        text_of(asked, "title"), text_of(asked, "data"), text_of(asked, "purpose"),
        parties.organisation_by_code(code).id if code else None,
    )  # fmt: skip
    made = services.need_submit(actor=actor, call=uuid_of(asked, "call"), given=given)
    return response_of(selectors.need_document(made), status=201)


@answering("GET", "HEAD", what=_WHAT)
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the account wrote, newest first."""
    return _list(selectors.needs_mine(actor=actor))


@answering("GET", "HEAD", what=_WHAT)
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the account is to look at or answer, the oldest first."""
    return _list(selectors.needs_waiting(actor=actor))


def _list(found: list[NeedView]) -> HttpResponse:
    return response_of({"items": [selectors.need_document(one) for one in found]})


@for_everybody
def need(request: HttpRequest, key: UUID) -> HttpResponse:
    """One need; those that are not public for who wrote them and the authority."""
    known = key_of(request) or request.user.is_authenticated
    actor = actor_of(request, _WHAT) if known else None
    response = response_of(selectors.need_document(selectors.need(key, actor=actor)))
    if actor is not None:
        response.headers["Cache-Control"] = "no-store, private"
    return response


@answering("POST", what=_WHAT)
def step(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """``support``, ``leave``, ``case``; ``publish``, ``decline``, ``hand-over``, ``answer``."""
    if name not in _STEPS:
        raise NOT_FOUND(what=name)
    act, fields = _STEPS[name]
    asked = asked_of(request, fields)
    return response_of(selectors.need_document(act(asked, {"actor": actor, "need": key})))


Act = Callable[[Mapping[str, Any], Mapping[str, Any]], NeedView]


def _hand_over(asked: Mapping[str, Any], of: Mapping[str, Any]) -> NeedView:
    body = parties.organisation_by_code(text_of(asked, "body")).id
    return services.need_hand_over(body=body, **of)


def _answer(asked: Mapping[str, Any], of: Mapping[str, Any]) -> NeedView:
    slug, code, year = text_of(asked, "dataset"), text_of(asked, "body"), asked.get("year", 0)
    if not isinstance(year, int):
        raise wrong(DOCUMENT, "year", "应为整数", "it is a whole number")
    answer = NeedAnswer(
        text_of(asked, "text"), catalog.entry_by_slug(slug).id if slug else None,
        plan_body=parties.organisation_by_code(code).id if code else None, plan_year=year,
        plan_item=uuid_of(asked, "item") if asked.get("item") else None,
    )  # fmt: skip
    return services.need_answer(answer=answer, **of)


_STEPS: Mapping[str, tuple[Act, tuple[str, ...]]] = {
    "support": (lambda _asked, of: services.need_support(**of), ()),
    "leave": (lambda _asked, of: services.need_support(supports=False, **of), ()),
    "case": (lambda _asked, of: services.need_file_case(**of), ()),
    "publish": (lambda _asked, of: services.need_publish(**of), ()),
    "decline": (
        lambda asked, of: services.need_decline(reasons=text_of(asked, "reasons"), **of),
        ("reasons",),
    ),
    "hand-over": (_hand_over, ("body",)),
    "answer": (_answer, _ANSWER),
}


def _day(asked: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(text_of(asked, name))
    except ValueError:
        raise wrong(DOCUMENT, name, "应为 YYYY-MM-DD", "it is YYYY-MM-DD") from None
