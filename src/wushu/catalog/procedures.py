"""Which procedure a place's rules ask for before a listing, asked of who knows the rules.

Casework and opening lie beside and above the catalogue, and the program binds them when it starts.
Where nothing is bound or no rules apply, the two-person gate alone stands before the public.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from wushu.catalog import rules
from wushu.catalog.models import Entry, Revision
from wushu.catalog.presenting import fields_of, metadata_of
from wushu.catalog.types import ListingProcedure, Metadata

Finder = Callable[[UUID, bool], ListingProcedure | None]
"""Asked with a body, and whether the opening attribute of something listed changes."""

_finders: list[Finder] = []


def procedures_bind(finder: Finder) -> None:
    """Ask this one from now on."""
    _finders[:] = [finder]


def procedure_asked(entry: Entry, revision: Revision) -> ListingProcedure | None:
    """The procedure that the listing of a revision takes today; None: the gate is enough.

    It is asked for where more is opened than was reviewed, or otherwise (``rules.opens_more``).
    """
    listed = entry.listed_revision
    before: Metadata | None = None if listed is None else metadata_of(listed)
    known = None if listed is None or before is None else (before, fields_of(listed))
    proposed = metadata_of(revision)
    if not _finders or not rules.opens_more(proposed, fields_of(revision), known):
        return None
    changes = before is not None and before.attribute is not proposed.attribute
    return _finders[0](entry.body_id, changes)
