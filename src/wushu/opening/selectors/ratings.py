"""Reads of ratings: a dataset's figures, comments that were let through, one's own."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q

from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.kernel.paging import page_of
from wushu.opening.models import Rating
from wushu.opening.rules import showing as rules
from wushu.opening.selectors.moderating import moderated
from wushu.opening.showing import comment_view, rating_view
from wushu.opening.types import (
    Aspect,
    CommentPage,
    CommentView,
    Moderation,
    RatingFigures,
    RatingView,
)
from wushu.parties.types import Actor, Scope

RATINGS_LEAST = rules.RATINGS_LEAST


def rating_figures(dataset: UUID) -> RatingFigures:
    """How a dataset was rated, by the oldest so many ratings as the figures take in."""
    rows = Rating.objects.filter(dataset=dataset).order_by("given_at", "id")
    counted = rules.ratings_counted(rows.count())
    if not counted:
        return RatingFigures(0, ())
    tally = {
        f"{aspect.value}_{score}": Count("pk", filter=Q(**{aspect.value: score}))
        for aspect in Aspect
        for score in rules.SCORES
    }
    found = Rating.objects.filter(pk__in=rows.values("pk")[:counted]).aggregate(**tally)
    return RatingFigures(
        counted,
        tuple(
            rules.aspect_figures(
                aspect, {score: found[f"{aspect.value}_{score}"] for score in rules.SCORES}
            )
            for aspect in Aspect
        ),
    )


def comments(dataset: UUID, *, cursor: str | None = None, limit: int = 20) -> CommentPage:
    """Comments on a dataset that were let through, newest first, without names and scores.

    Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    rows = Rating.objects.filter(dataset=dataset, comment_state=Moderation.PUBLISHED.value)
    context = ["comments", str(dataset)]
    held, following = page_of(rows, "-changed_at", context, cursor=cursor, limit=limit)
    return CommentPage(tuple(map(comment_view, held)), following)


def comments_waiting(
    *, actor: Actor, cursor: str | None = None, limit: int = 50
) -> CommentPage:  # fmt: skip
    """Comments that wait for the actor as a moderator, the longest waiting first.

    Refusals: ``key-lacks-scope``, ``not-permitted``, ``cursor-invalid``, ``cursor-of-another-query``.
    """
    rules.require_moderator(actor)
    rows = Rating.objects.filter(moderated(actor), comment_state=Moderation.WAITING.value)
    context = ["comments-waiting", str(actor.person)]
    held, following = page_of(rows, "changed_at", context, cursor=cursor, limit=limit)
    return CommentPage(tuple(comment_view(one, actor=actor) for one in held), following)


def comment(key: UUID, *, actor: Actor) -> CommentView:
    """A comment for who may decide on it; ``not-found``."""
    row = Rating.objects.filter(pk=key).exclude(comment="").first()
    if row is None or rules.moderation_obstacle(actor, division=row.division, writer=None):
        raise NOT_FOUND(what=str(key))
    return comment_view(row, actor=actor)


def comment_obstacle(key: UUID, *, actor: Actor) -> Refusal | None:
    """Why the actor may not decide on a comment, or None; ``not-found``."""
    row = Rating.objects.filter(pk=key).exclude(comment="").first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return rules.moderation_obstacle(actor, division=row.division, writer=row.person_id)


def rating_mine(dataset: UUID, *, actor: Actor | None) -> RatingView | None:
    """How the actor rated a dataset; None: not at all."""
    if actor is None or actor.person is None or not actor.allows(Scope.RESULTS_FILE):
        return None
    row = Rating.objects.filter(person=actor.person, dataset=dataset).first()
    return None if row is None else rating_view(row)


def ratings_mine(*, actor: Actor, limit: int = 100) -> list[RatingView]:
    """What the actor rated, newest first. Refusals: ``sign-in-first``, ``key-lacks-scope``."""
    rules.require_contributor(actor, rules.RATE)
    rows = Rating.objects.filter(person=actor.person).order_by("-changed_at", "-id")
    return [rating_view(row) for row in rows[:limit]]
