"""What stands on the home page."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from wushu.casework import selectors as casework
from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView, Facets
from wushu.dataplane import selectors as dataplane
from wushu.portal import checkpoints, usage_page
from wushu.portal.requests import language
from wushu.portal.searching import unless_away
from wushu.portal.text import duration_words

NEWEST = 8
MOST_USED = 5


def content() -> dict[str, Any]:
    """Context of the page."""
    newest = catalog.entries(limit=NEWEST).items
    spans = _review_spans(newest)
    return {
        "newest": newest,
        "used": [entry for entry, _use in usage_page.used(*dataplane.recent(), MOST_USED)],
        "themes": facets().themes,
        "review_median": duration_words(median(spans), language()) if spans else "",
        "review_count": len(spans),
        "pace": casework.case_figures().total,
        "checkpoint": checkpoints.published(),
    }


def facets() -> Facets:
    """What the catalogue can be narrowed by; nothing while its index cannot be read.

    The page says what was opened all the same, and the search says why it does not answer.
    """
    return unless_away(catalog.facets, Facets())


def _review_spans(entries: Sequence[EntryView]) -> list[Any]:
    """From submission to first listing, of those whose first listing is the one shown."""
    return [
        entry.listed_at - entry.revision.submitted_at
        for entry in entries
        if entry.revision is not None
        and entry.listed_at is not None
        and entry.revision.submitted_at is not None
        and entry.revision.submitted_at <= entry.listed_at
    ]
