"""``/api/v1/datasets/<slug>/ratings``: how a dataset was rated, and one's own rating of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from wushu.catalog import selectors as catalog
from wushu.kernel.errors import NOT_FOUND, Said
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
from wushu.opening.refusals import NOT_RATED
from wushu.opening.selectors.showing import (
    comment_document,
    comment_line,
    comments_to_decide,
    rating_document,
    rating_figures_document,
)
from wushu.opening.types import Aspect
from wushu.parties.types import Actor

_WHAT = Said("评价数据和审核评语", "rate datasets and decide on comments")
PAGE, PAGE_MOST = 20, 100


@for_everybody
def ratings(request: HttpRequest, slug: str) -> HttpResponse:
    """Figures of a dataset's ratings, and the comments that were let through, newest first."""
    entry = catalog.listed_entry(slug)
    limit = limit_of(request.GET.get("limit", ""), usual=PAGE, most=PAGE_MOST)
    page = selectors.comments(entry.id, cursor=request.GET.get("cursor"), limit=limit)
    return response_of(
        {
            "figures": rating_figures_document(selectors.rating_figures(entry.id)),
            "comments": [comment_line(one) for one in page.items],
            "next": page.cursor,
        }
    )


@answering("GET", "HEAD", "PUT", "DELETE", what=_WHAT)
def mine(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """How the account rated a dataset; by PUT rate it, by DELETE take the rating back."""
    entry = catalog.entry_by_slug(slug)
    if request.method == "DELETE":
        services.rating_withdraw(actor=actor, dataset=entry.id)
        return HttpResponse(status=204)
    if request.method == "PUT":
        asked = asked_of(request, ("scores", "comment"))
        given = services.rating_give(
            actor=actor, dataset=entry.id, scores=_scores(asked.get("scores")),
            comment=text_of(asked, "comment"),
        )  # fmt: skip
        return response_of(rating_document(given))
    found = selectors.rating_mine(entry.id, actor=actor)
    if found is None:
        raise NOT_RATED(title=entry.title_zh)
    return response_of(rating_document(found))


@answering("GET", "HEAD", what=_WHAT, parameters=("cursor", "limit"))
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Comments that wait for the account as a moderator, the longest waiting first."""
    limit = limit_of(request.GET.get("limit", ""), usual=PAGE, most=PAGE_MOST)
    page = selectors.comments_waiting(actor=actor, cursor=request.GET.get("cursor"), limit=limit)
    return response_of({"items": comments_to_decide(page.items), "next": page.cursor})


@answering("POST", what=_WHAT)
def step(request: HttpRequest, actor: Actor, key: UUID, name: str) -> HttpResponse:
    """Publish a comment, return it, or take it down, as a moderator."""
    reason = text_of(asked_of(request, ("reason",)), "reason")
    match name:
        case "publish":
            after = services.comment_publish(actor=actor, comment=key)
        case "return":
            after = services.comment_return(actor=actor, comment=key, reason=reason)
        case "take-down":
            after = services.comment_take_down(actor=actor, comment=key, reason=reason)
        case _:
            raise NOT_FOUND(what=name)
    return response_of(comment_document(after, catalog.entry_by_id(after.dataset)))


def _scores(given: Any) -> dict[Aspect, int]:
    """By aspect; what each may be is for the service to say."""
    known = set(Aspect)
    if not isinstance(given, dict) or not set(given) <= known:
        raise wrong(
            DOCUMENT, "scores", f"应为各方面的评分：{', '.join(Aspect)}",
            f"it has a score for each of {', '.join(Aspect)}",
        )  # fmt: skip
    return {Aspect(name): score for name, score in given.items()}
