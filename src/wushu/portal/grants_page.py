"""What stands on a reader's own page of what they may read."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.selectors import GrantView
from wushu.parties.types import Actor


@dataclass(frozen=True, slots=True)
class Held:
    """A grant with its dataset; None: it is listed no more."""

    entry: EntryView | None
    grant: GrantView


def held(actor: Actor) -> list[Held]:
    """Grants the actor may read by, their organisations' too."""
    found = dataplane.grants_held(actor=actor)
    entries = {one.id: one for one in catalog.entries_by_id([dataset for dataset, _ in found])}
    return [Held(entries.get(dataset), grant) for dataset, grant in found]
