"""What somebody who leaves worked on."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.catalog.types import EntryView
from wushu.dataplane.types import LoadView
from wushu.parties.types import SuccessionView


@dataclass(frozen=True, slots=True)
class Transfer:
    """Who takes over from whom, and what was open."""

    succession: SuccessionView
    entries: tuple[EntryView, ...]
    """Drafts, returned and submitted revisions that the leaver began or submitted."""
    loads: tuple[LoadView, ...]
    """Files the leaver handed in that are not loaded."""
    reviews: tuple[EntryView, ...]
    """What waits for a decision that the leaver could take."""
    corrections: tuple[EntryView, ...]
    """Datasets with a correction that the leaver could confirm."""
    cases: tuple[str, ...] = ()
    """Numbers of open cases that the leaver worked on there."""
