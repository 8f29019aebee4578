"""``/api/v1/results``: what was built on the data; filing it, and deciding whether it is shown.

Everybody reads what is shown; all else is for the key's account, or for who is signed in.
"""

from __future__ import annotations

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
    wrong,
)
from wushu.opening.selectors.showing import result_document, result_line
from wushu.opening.types import ResultGiven, ResultKind, ResultPage, ResultView
from wushu.parties.types import Actor

_WHAT = Said("提交和审核成果", "file results and decide on them")
FIELDS = (
    "kind", "title_zh", "title_en", "summary_zh", "summary_en", "address", "makers", "datasets",
)  # fmt: skip
PAGE, PAGE_MOST = 20, 100


@csrf_exempt  # who files by a session is asked for the token inside
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """What everybody is shown, newest first; or, by POST, file a result."""
    return _file(request) if request.method == "POST" else _shown(request)


@for_everybody
def _shown(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    slug = asked.get("dataset", "")
    found = selectors.results(
        kind=kind_of(asked["kind"]) if asked.get("kind") else None,
        dataset=catalog.entry_by_slug(slug).id if slug else None,
        cursor=asked.get("cursor"),
        limit=limit_of(asked.get("limit", ""), usual=PAGE, most=PAGE_MOST),
    )
    return _page(found)


@answering("POST", what=_WHAT)
def _file(request: HttpRequest, actor: Actor) -> HttpResponse:
    made = services.result_file(actor=actor, given=_given(request))
    document = result_document(made)
    response = response_of(document, status=201)
    response.headers["Location"] = document["self"]
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "PUT"])
def result(request: HttpRequest, key: UUID) -> HttpResponse:
    """One result; or, by PUT, say it again of one that waits or was sent back."""
    return _mend(request, key) if request.method == "PUT" else _one(request, key)


@for_everybody
def _one(request: HttpRequest, key: UUID) -> HttpResponse:
    known = key_of(request) or request.user.is_authenticated
    actor = actor_of(request, _WHAT) if known else None
    response = _answer(selectors.result(key, actor=actor))
    if actor is not None:
        response.headers["Cache-Control"] = "no-store, private"
    return response


@answering("PUT", what=_WHAT)
def _mend(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    return _answer(services.result_mend(actor=actor, result=key, given=_given(request)))


@answering("GET", "HEAD", what=_WHAT)
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the account filed, newest first."""
    return response_of(
        {"items": [result_line(one) for one in selectors.results_filed(actor=actor)]}
    )


@answering("GET", "HEAD", what=_WHAT, parameters=("cursor", "limit"))
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the account as a moderator, the longest waiting first."""
    limit = limit_of(request.GET.get("limit", ""), usual=PAGE, most=PAGE_MOST)
    return _page(
        selectors.results_waiting(actor=actor, cursor=request.GET.get("cursor"), limit=limit)
    )


@answering("POST", what=_WHAT)
def step(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Withdraw it as who filed it; publish, return or take it down as a moderator."""
    reason = text_of(asked_of(request, ("reason",)), "reason")
    match name:
        case "withdraw":
            after = services.result_withdraw(actor=actor, result=key)
        case "publish":
            after = services.result_publish(actor=actor, result=key)
        case "return":
            after = services.result_return(actor=actor, result=key, reason=reason)
        case "take-down":
            after = services.result_take_down(actor=actor, result=key, reason=reason)
        case _:
            raise NOT_FOUND(what=name)
    return _answer(after)


def kind_of(text: str) -> ResultKind:
    """A kind of result by its name; ``invalid-value``."""
    if text not in set(ResultKind):
        known = ", ".join(ResultKind)
        raise wrong(
            Said("成果种类", "kind of result", "kind"), text,
            f"可用的种类：{known}", f"it is none of {known}",
        )  # fmt: skip
    return ResultKind(text)


def _given(request: HttpRequest) -> ResultGiven:
    asked = asked_of(request, FIELDS)
    datasets: Any = asked.get("datasets", [])
    if not isinstance(datasets, list) or not all(isinstance(one, str) for one in datasets):
        raise wrong(DOCUMENT, "datasets", "应为数据名称的列表", "it is a list of names of datasets")
    texts = {name: text_of(asked, name) for name in FIELDS if name not in ("kind", "datasets")}
    return ResultGiven(kind=kind_of(text_of(asked, "kind")), datasets=tuple(datasets), **texts)


def _page(found: ResultPage) -> HttpResponse:
    return response_of({"items": [result_line(one) for one in found.items], "next": found.cursor})


def _answer(one: ResultView) -> HttpResponse:
    return response_of(result_document(one))
