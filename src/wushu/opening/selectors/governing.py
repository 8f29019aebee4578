"""Which open case governs a dataset that is sealed, or a grant that is in force."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wushu.casework import selectors as casework
from wushu.casework.types import CaseView, GoverningCase
from wushu.catalog.types import SealingCase
from wushu.opening.models import Agreement

_SEALS, _REOPENED = "seal-dataset", "require-listed"


def sealing_case(dataset: UUID) -> SealingCase | None:
    """The open case by whose step a dataset was sealed (art. 41)."""
    found = casework.open_case_that_did(dataset, _SEALS)
    if found is None:
        return None
    return SealingCase(found.id, found.number, found.title, _REOPENED in found.can)


def granting_case(grant: UUID) -> GoverningCase | None:
    """The open case whose signed agreement a grant is (art. 22)."""
    return casework.open_case_of(
        Agreement.objects.filter(grant=grant).values_list("case", flat=True)
    )


def sealed_at(case: CaseView) -> datetime | None:
    """When a case last sealed its dataset."""
    steps = {one.id for one in case.procedure.steps if one.effect == _SEALS}
    return max((one.at for one in case.history if one.step in steps), default=None)
