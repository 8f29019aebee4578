"""Facts of measured exports, as the database keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils import timezone

from wushu.catalog.types import FileFacts
from wushu.dataplane.models import Export
from wushu.dataplane.query.exports import RECIPE, Facts


def keep(version: UUID, suffix: str, variant: str, facts: Facts) -> None:
    """Note what was measured, in the place of what was before."""
    Export.objects.update_or_create(
        version=version,
        suffix=suffix,
        variant=variant,
        defaults={
            "recipe": RECIPE,
            "size": facts.size,
            "sha256": facts.sha256,
            "marks": [list(mark) for mark in facts.marks],
            "made_at": timezone.now(),
        },
    )


def facts_of(version: UUID, suffix: str, variant: str) -> Facts | None:
    """What is known of one export; None while it has not been measured by this release."""
    row = Export.objects.filter(
        version=version, suffix=suffix, variant=variant, recipe=RECIPE
    ).first()
    if row is None:
        return None
    return Facts(row.size, row.sha256, tuple((mark[0], mark[1]) for mark in row.marks))


def forget(version: UUID, suffix: str, variant: str) -> None:
    """Of an export that turned out otherwise: it is measured again when a worker next starts."""
    Export.objects.filter(version=version, suffix=suffix, variant=variant).delete()


def variants(version: UUID) -> set[tuple[str, str]]:
    """Suffixes and variants of a version's exports of which the facts are there."""
    rows = Export.objects.filter(version=version, recipe=RECIPE)
    return set(rows.values_list("suffix", "variant"))


def files_of(versions: Collection[UUID]) -> Mapping[UUID, tuple[FileFacts, ...]]:
    """Facts of the exports of some versions; those of which nothing is known are left out."""
    found: dict[UUID, list[FileFacts]] = {}
    rows = Export.objects.filter(version__in=versions, recipe=RECIPE).order_by("suffix", "variant")
    for version, suffix, variant, size, sha256 in rows.values_list(
        "version", "suffix", "variant", "size", "sha256"
    ):
        found.setdefault(version, []).append(FileFacts(suffix, size, sha256, variant))
    return {version: tuple(files) for version, files in found.items()}
