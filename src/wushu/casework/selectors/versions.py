"""One published version of a regulation, by what people call it."""

from __future__ import annotations

from wushu.casework.models import RegulationVersion
from wushu.casework.selectors.regulations import published_view
from wushu.casework.types import PublishedRegulation
from wushu.kernel.errors import NOT_FOUND, Said


def published_version(key: str, number: int | None = None) -> PublishedRegulation:
    """A version by its number, without one the newest; ``not-found``."""
    rows = RegulationVersion.objects.filter(key=key).defer("document")
    found = rows.last() if number is None else rows.filter(number=number).first()
    if found is None:
        which = Said("", "") if number is None else Said(f"第 {number} 版", f" version {number}")
        raise NOT_FOUND(
            what=Said(f"已公布的法规 {key}{which.zh}", f"The published regulation {key}{which.en}")
        )
    return published_view(found)
