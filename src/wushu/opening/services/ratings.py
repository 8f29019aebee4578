"""Ratings of datasets: one of each person, theirs to change and to take back.

The log says that a rating was given, never of what or how: who acts stands in every entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState, EntryView
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.opening.models import Rating
from wushu.opening.refusals import NOT_RATED
from wushu.opening.rules import showing as rules
from wushu.opening.showing import comment_view, rating_view
from wushu.opening.types import Aspect, CommentView, Moderation, RatingView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_COMMENT = Said("评语", "comment", "comment")


def rating_give(
    *, actor: Actor, dataset: UUID, scores: Mapping[Aspect, int], comment: str = ""
) -> RatingView:
    """Rate a listed dataset in every aspect, or rate it anew; a new comment waits for a moderator.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``rating-own-body``,
    ``invalid-value``.
    """
    rules.require_contributor(actor, rules.RATE)
    assert actor.person is not None
    entry = _listed(dataset)
    obstacle = rules.rating_obstacle(actor, body=entry.body, title=entry.title_zh)
    if obstacle is not None:
        raise obstacle
    rules.require_scores(scores)
    text = rules.short(_COMMENT, comment, rules.COMMENT_LENGTH)
    now = timezone.now()
    said: dict[str, Any] = {one.value: scores[one] for one in Aspect}
    said |= {"division": parties.organisation(entry.body).division, "changed_at": now}
    with transaction.atomic():
        rows = Rating.objects.select_for_update()
        row, _made = rows.get_or_create(
            person_id=actor.person, dataset=entry.id, defaults={**said, "given_at": now}
        )
        if text != row.comment:
            state = Moderation.WAITING.value if text else ""
            said |= {"comment": text, "comment_state": state, "reason": "", "decided_by": None}
        for name, value in said.items():
            setattr(row, name, value)
        row.save()
        record("opening.rating.given", actor=actor, subject=_urn(row), data={}, rows=[row])
    return rating_view(row)


def rating_withdraw(*, actor: Actor, dataset: UUID) -> None:
    """Take one's rating back, with its comment; nothing of it stays.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``not-rated``.
    """
    rules.require_contributor(actor, rules.RATE)
    entry = catalog.entry_by_id(dataset)
    with transaction.atomic():
        mine = Rating.objects.select_for_update().filter(person=actor.person, dataset=dataset)
        row = mine.first()
        if row is None:
            raise NOT_RATED(title=entry.title_zh)
        record(
            "opening.rating.withdrawn", actor=actor, subject=_urn(row), data={}, rows=(), deleted=[row]
        )  # fmt: skip
        row.delete()


def comment_publish(*, actor: Actor, comment: UUID) -> CommentView:
    """Show a comment under its dataset, as a moderator who did not write it.

    Refusals: ``not-found``, ``key-lacks-scope``, ``not-permitted``, ``own-words``,
    ``comment-stands-otherwise``.
    """
    with transaction.atomic():
        row = _locked(comment)
        _require_decider(actor, row)
        rules.require_comment_state(_state(row), (Moderation.WAITING,), rules.PUBLISH)
        return _decide(actor, row, Moderation.PUBLISHED, "")


def comment_return(*, actor: Actor, comment: UUID, reason: str) -> CommentView:
    """Send it back to who wrote it; their scores count all the same.

    Refusals as ``comment_publish``, ``reason-missing``.
    """
    with transaction.atomic():
        row = _locked(comment)
        _require_decider(actor, row)
        rules.require_comment_state(_state(row), (Moderation.WAITING,), rules.RETURN)
        return _decide(actor, row, Moderation.RETURNED, rules.reason_of(reason))


def comment_take_down(*, actor: Actor, comment: UUID, reason: str) -> CommentView:
    """Show it no more. Refusals as ``comment_return``."""
    with transaction.atomic():
        row = _locked(comment)
        _require_decider(actor, row)
        rules.require_comment_state(_state(row), (Moderation.PUBLISHED,), rules.TAKE_DOWN)
        return _decide(actor, row, Moderation.TAKEN_DOWN, rules.reason_of(reason))


def _listed(dataset: UUID) -> EntryView:
    entry = catalog.entry_by_id(dataset)
    if entry.state is not EntryState.LISTED:
        raise NOT_FOUND(what=entry.slug)
    return entry


def _locked(comment: UUID) -> Rating:
    row = Rating.objects.select_for_update().filter(pk=comment).exclude(comment="").first()
    if row is None:
        raise NOT_FOUND(what=str(comment))
    return row


def _state(row: Rating) -> Moderation:
    return Moderation(row.comment_state)


def _require_decider(actor: Actor, row: Rating) -> None:
    obstacle = rules.moderation_obstacle(actor, division=row.division, writer=row.person_id)
    if obstacle is not None:
        raise obstacle


def _decide(actor: Actor, row: Rating, state: Moderation, reason: str) -> CommentView:
    row.comment_state, row.reason, row.decided_by = state.value, reason, actor.person
    row.save()
    record(
        f"opening.comment.{state.value}", actor=actor, subject=_urn(row), data={}, rows=[row]
    )  # fmt: skip
    return comment_view(row, actor=actor)


def _urn(row: Rating) -> str:
    return f"urn:uuid:{row.pk}"
