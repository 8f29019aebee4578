"""Results, ratings and contests as documents for programs: what the API answers and the command line prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.opening.types import CommentView, ContestView, RatingFigures, RatingView, ResultView


def result_line(one: ResultView) -> dict[str, Any]:
    """A result in a list."""
    return {
        "id": one.id,
        "kind": one.kind.value,
        "title_zh": one.title_zh,
        "title_en": one.title_en,
        "summary_zh": one.summary_zh,
        "summary_en": one.summary_en,
        "address": one.address or None,
        "makers": one.makers,
        "state": one.state.value,
        "reason": one.reason or None,
        "filed_at": one.filed_at,
        "published_at": one.published_at,
        "datasets": [_dataset(entry) for entry in one.datasets],
        "self": f"{settings.BASE_URL}/api/v1/results/{one.id}",
    }


def _dataset(entry: EntryView) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "state": entry.state.value,
        "title_zh": entry.title_zh,
        "title_en": entry.title_en,
    }


def result_document(one: ResultView) -> dict[str, Any]:
    """A result with how to cite each of its datasets; of a closed one nothing is cited."""
    return {
        **result_line(one),
        "citations": [
            {
                "dataset": entry.slug,
                "zh": catalog.cited(entry, entry.revision.version, "zh"),
                "en": catalog.cited(entry, entry.revision.version, "en"),
            }
            for entry in one.datasets
            if entry.revision is not None
        ],
    }


def rating_figures_document(found: RatingFigures) -> dict[str, Any]:
    """How a dataset was rated."""
    return {
        "counted": found.counted,
        "aspects": [
            {"aspect": one.aspect.value, "mean": one.mean, "median": one.median}
            for one in found.aspects
        ],
    }


def comment_line(one: CommentView) -> dict[str, Any]:
    """A comment as everybody is shown it."""
    return {"id": one.id, "text": one.text, "on": timezone.localdate(one.at)}


def comments_to_decide(found: Iterable[CommentView]) -> list[dict[str, Any]]:
    """Comments for moderators, each with its dataset."""
    held = list(found)
    entries = catalog.entries_known({one.dataset for one in held})
    return [comment_document(one, entries[one.dataset]) for one in held]


def comment_document(one: CommentView, entry: EntryView) -> dict[str, Any]:
    """A comment for a moderator."""
    return {
        **comment_line(one),
        "dataset": entry.slug,
        "state": one.state.value,
        "reason": one.reason or None,
    }


def rating_document(one: RatingView) -> dict[str, Any]:
    """A rating for who gave it."""
    return {
        "scores": {aspect.value: score for aspect, score in one.scores.items()},
        "comment": one.comment,
        "comment_state": one.comment_state.value if one.comment_state else None,
        "reason": one.reason or None,
        "given_at": one.given_at,
        "changed_at": one.changed_at,
    }


def contest_line(one: ContestView) -> dict[str, Any]:
    """A contest in a list, for programs."""
    return {
        "id": one.id,
        "organiser": one.organiser.code,
        "title_zh": one.title_zh,
        "title_en": one.title_en,
        "text_zh": one.text_zh,
        "text_en": one.text_en,
        "begins": one.begins,
        "ends": one.ends,
        "announced_at": one.announced_at,
        "awarded_at": one.awarded_at,
        "datasets": [entry.slug for entry in one.datasets],
        "self": f"{settings.BASE_URL}/api/v1/contests/{one.id}",
    }


def contest_document(one: ContestView) -> dict[str, Any]:
    """A contest with what was entered, for programs."""
    return {
        **contest_line(one),
        "changes": [
            {
                "at": change.at,
                "reason": change.reason,
                "before": {
                    "text_zh": change.text_zh,
                    "text_en": change.text_en,
                    "ends": change.ends,
                },
            }
            for change in one.changes
        ],
        "entries": [
            {
                "result": result_line(entry.result),
                "award": entry.award or None,
                "reason": entry.reason or None,
            }
            for entry in one.entries
        ],
    }
