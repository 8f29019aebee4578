"""Reads of results built on the data: everybody's list, one's own, what waits for a moderator."""

from __future__ import annotations

from uuid import UUID

from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.kernel.paging import page_of
from wushu.opening.models import Result, ResultDataset
from wushu.opening.rules import showing as rules
from wushu.opening.selectors.moderating import moderated
from wushu.opening.showing import result_views
from wushu.opening.types import Moderation, ResultKind, ResultPage, ResultView
from wushu.parties.types import Actor

FILERS_ACTS = frozenset(f"opening.result.{one}" for one in ("filed", "mended", "withdrawn"))
"""Acts of who filed a result, by their names in the log."""
RESULTS_SHOWN = 10
"""On the page of a dataset; more are one click away."""


def results(
    *, kind: ResultKind | None = None, dataset: UUID | None = None,
    cursor: str | None = None, limit: int = 20,
) -> ResultPage:  # fmt: skip
    """What everybody is shown, newest first. Refusals: ``cursor-invalid``, ``cursor-of-another-query``."""
    rows = Result.objects.filter(state=Moderation.PUBLISHED.value)
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    if dataset is not None:
        using = ResultDataset.objects.filter(dataset=dataset)
        rows = rows.filter(pk__in=using.values("result"))
    context = ["results", kind.value if kind else "", str(dataset)]
    held, following = page_of(rows, "-published_at", context, cursor=cursor, limit=limit)
    return ResultPage(tuple(result_views(held, actor=None)), following)


def result(key: UUID, *, actor: Actor | None = None) -> ResultView:
    """One that is shown; for who filed it and for who may decide on it also another; ``not-found``."""
    row = Result.objects.filter(pk=key).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    decides = actor is not None and _reaches(actor, row)
    view = result_views([row], actor=actor, moderating=decides)[0]
    if view.state is not Moderation.PUBLISHED and not view.is_own and not decides:
        raise NOT_FOUND(what=str(key))
    return view


def result_obstacle(key: UUID, *, actor: Actor) -> Refusal | None:
    """Why the actor may not decide on a result, or None; ``not-found``."""
    row = Result.objects.filter(pk=key).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return rules.moderation_obstacle(actor, division=row.division, writer=row.filer_id)


def results_filed(*, actor: Actor, limit: int = 100) -> list[ResultView]:
    """What the actor filed, newest first. Refusals: ``sign-in-first``, ``key-lacks-scope``."""
    rules.require_contributor(actor, rules.FILE)
    rows = Result.objects.filter(filer=actor.person).order_by("-filed_at", "-id")
    return result_views(rows[:limit], actor=actor)


def results_waiting(
    *, actor: Actor, cursor: str | None = None, limit: int = 50
) -> ResultPage:  # fmt: skip
    """What waits for the actor as a moderator, the longest waiting first; one's own among them.

    Refusals: ``key-lacks-scope``, ``not-permitted``, ``cursor-invalid``, ``cursor-of-another-query``.
    """
    rules.require_moderator(actor)
    rows = Result.objects.filter(moderated(actor), state=Moderation.WAITING.value)
    context = ["results-waiting", str(actor.person)]
    held, following = page_of(rows, "filed_at", context, cursor=cursor, limit=limit)
    return ResultPage(tuple(result_views(held, actor=actor, moderating=True)), following)


def may_moderate(actor: Actor | None) -> bool:
    """Whether the actor is one of those who decide on results and comments, somewhere."""
    if actor is None:
        return False
    try:
        rules.require_moderator(actor)
    except Refusal:
        return False
    return True


def _reaches(actor: Actor, row: Result) -> bool:
    """Whether the actor decides on such results; on their own nobody does, but they may read it."""
    obstacle = rules.moderation_obstacle(actor, division=row.division, writer=None)
    return obstacle is None
