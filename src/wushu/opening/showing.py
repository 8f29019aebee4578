"""Results and ratings as others see them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from wushu.catalog import selectors as catalog
from wushu.opening.models import Rating, Result
from wushu.opening.types import Aspect, CommentView, Moderation, RatingView, ResultKind, ResultView
from wushu.parties.types import Actor


def result_views(
    rows: Iterable[Result], *, actor: Actor | None, moderating: bool = False
) -> list[ResultView]:
    """Results with the datasets they use: three queries, however many there are.

    Why one was sent back is for who filed it and, ``moderating``, for who decides.
    """
    held = list(rows)
    prefetch_related_objects(held, "datasets")
    used = {row.pk: [one.dataset for one in row.datasets.all()] for row in held}
    known = catalog.entries_known({one for several in used.values() for one in several})
    views = []
    for row in held:
        own = actor is not None and actor.person == row.filer_id
        datasets = [known[one] for one in used[row.pk] if one in known]
        views.append(
            ResultView(
                id=row.pk, kind=ResultKind(row.kind), title_zh=row.title_zh, title_en=row.title_en,
                summary_zh=row.summary_zh, summary_en=row.summary_en, address=row.address,
                makers=row.makers, state=Moderation(row.state), filed_at=row.filed_at,
                published_at=row.published_at, is_own=own,
                datasets=tuple(sorted(datasets, key=lambda one: one.slug)),
                reason=row.reason if own or moderating else "",
            )
        )  # fmt: skip
    return views


def rating_view(row: Rating) -> RatingView:
    """A rating for who gave it."""
    return RatingView(
        id=row.pk, dataset=row.dataset, scores={one: getattr(row, one.value) for one in Aspect},
        given_at=row.given_at, changed_at=row.changed_at, comment=row.comment,
        comment_state=Moderation(row.comment_state) if row.comment_state else None,
        reason=row.reason,
    )  # fmt: skip


def comment_view(row: Rating, *, actor: Actor | None = None) -> CommentView:
    """A rating's comment without its scores."""
    return CommentView(
        id=row.pk, dataset=row.dataset, text=row.comment, at=row.changed_at,
        state=Moderation(row.comment_state), reason=row.reason,
        is_own=actor is not None and actor.person == row.person_id,
    )  # fmt: skip
