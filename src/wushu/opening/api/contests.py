"""``/api/v1/contests``: contests of what is built on the data; entering one's results, naming winners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wushu.kernel.errors import Said
from wushu.opening import selectors, services
from wushu.opening.api.answering import (
    DOCUMENT,
    answering,
    asked_of,
    for_everybody,
    limit_of,
    response_of,
    text_of,
    wrong,
)
from wushu.opening.selectors.showing import contest_document, contest_line
from wushu.opening.types import Award, ContestGiven
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_WHAT = Said("参加和举办竞赛", "enter contests and hold them")
FIELDS = (
    "organiser", "title_zh", "title_en", "text_zh", "text_en", "begins", "ends", "datasets",
)  # fmt: skip
PAGE, PAGE_MOST = 20, 100


@csrf_exempt  # who announces by a session is asked for the token inside
@require_http_methods(["GET", "HEAD", "POST"])
def contests(request: HttpRequest) -> HttpResponse:
    """All contests, the newest first; or, by POST, announce one."""
    return _announce(request) if request.method == "POST" else _all(request)


@for_everybody
def _all(request: HttpRequest) -> HttpResponse:
    limit = limit_of(request.GET.get("limit", ""), usual=PAGE, most=PAGE_MOST)
    page = selectors.contests(cursor=request.GET.get("cursor"), limit=limit)
    return response_of({"items": [contest_line(one) for one in page.items], "next": page.cursor})


@answering("POST", what=_WHAT)
def _announce(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = asked_of(request, FIELDS)
    given = ContestGiven(
        title_zh=text_of(asked, "title_zh"), title_en=text_of(asked, "title_en"),
        text_zh=text_of(asked, "text_zh"), text_en=text_of(asked, "text_en"),
        begins=_day(asked, "begins"), ends=_day(asked, "ends"),
        datasets=tuple(_list_of(asked, "datasets", str)),
    )  # fmt: skip
    organiser = parties.organisation_by_code(text_of(asked, "organiser")).id
    made = services.contest_announce(actor=actor, organiser=organiser, given=given)
    document = contest_document(made)
    response = response_of(document, status=201)
    response.headers["Location"] = document["self"]
    return response


@for_everybody
def contest(request: HttpRequest, key: UUID) -> HttpResponse:
    """One contest with what was entered, winners first."""
    return response_of(contest_document(selectors.contest(key)))


@answering("PUT", "DELETE", what=_WHAT)
def entry(request: HttpRequest, actor: Actor, key: UUID, result: UUID) -> HttpResponse:
    """Enter one's result by PUT, take it out by DELETE."""
    if request.method == "DELETE":
        services.contest_leave(actor=actor, contest=key, result=result)
    else:
        services.contest_enter(actor=actor, contest=key, result=result)
    return HttpResponse(status=204)


@answering("POST", what=_WHAT)
def changes(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Correct what it says, put its last day off; what is left out stays."""
    asked = asked_of(request, ("text_zh", "text_en", "ends", "reason"))
    now = selectors.contest(key)
    changed = services.contest_change(
        actor=actor, contest=key,
        text_zh=text_of(asked, "text_zh") if "text_zh" in asked else now.text_zh,
        text_en=text_of(asked, "text_en") if "text_en" in asked else now.text_en,
        ends=_day(asked, "ends") if "ends" in asked else now.ends,
        reason=text_of(asked, "reason"),
    )  # fmt: skip
    return response_of(contest_document(changed))


@answering("POST", what=_WHAT)
def awards(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Name the winners, each with a reason."""
    asked = asked_of(request, ("awards",))
    named = [_award(one) for one in _list_of(asked, "awards", dict)]
    services.contest_award(actor=actor, contest=key, awards=named)
    return response_of(contest_document(selectors.contest(key)))


def _award(given: Mapping[str, Any]) -> Award:
    try:
        result = UUID(text_of(given, "result"))
    except ValueError:
        raise wrong(DOCUMENT, "result", "应为 UUID", "it is a UUID") from None
    return Award(result, text_of(given, "award"), text_of(given, "reason"))


def _list_of(asked: Mapping[str, Any], name: str, kind: type) -> list[Any]:
    found = asked.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, kind) for one in found):
        raise wrong(DOCUMENT, name, "应为列表", "it is a list")
    return found


def _day(asked: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(text_of(asked, name))
    except ValueError:
        raise wrong(Said(name, name, name), "", "应为 ISO 日期", "it is an ISO date") from None
