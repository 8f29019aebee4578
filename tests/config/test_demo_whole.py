"""The whole demonstration region, loaded once: what it promises to those who explore it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.config.test_demo import needs_packages
from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState, EntryView
from wushu.config.demo import arranging, load, region
from wushu.config.demo.catalogue import DATASETS
from wushu.dataplane import selectors as dataplane
from wushu.dataplane.types import RejectReason
from wushu.evidence import selectors as evidence
from wushu.parties import selectors as parties

CLOSED = {
    "carrier-prefixes": EntryState.SEALED,
    "division-codes-2019": EntryState.WITHDRAWN,
}
RECEIVES_NOTHING = "marriage-registrations"


def _entries() -> dict[str, EntryView]:
    return {slug: catalog.entry_by_slug(slug) for slug in DATASETS}


def _rows_by_package(entries: dict[str, EntryView]) -> Counter[str]:
    """Rows of the newest version that anybody may read, by the package they come from."""
    rows: Counter[str] = Counter()
    for slug, entry in entries.items():
        if entry.revision is not None and entry.revision.version is not None:
            rows[DATASETS[slug]().package] += entry.revision.version.rows_loaded
    return rows


def _assert_arranged() -> None:
    """A series of three years, three databases, the source of one item."""
    years = catalog.series_by_slug(arranging.SERIES)
    assert [one.period for one in years.members] == ["2024", "2025", "2026"]
    assert [(one.slug, one.count) for one in catalog.groupings()] == [
        ("geography", 3), ("calendar", 4), ("scripts", 4),
    ]  # fmt: skip
    reviewer = parties.actor_for_username("reviewer")
    shared = catalog.shared_items(actor=reviewer, division=region.DIVISION)
    assert [one.name for one in shared if one.source is not None] == ["人口"]


@needs_packages
@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_million_rows_of_unrelated_packages_with_versions_rejects_and_what_was_closed(
    node_home: Path,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    settings.BASE_URL = "http://127.0.0.1:8180"
    said: list[str] = []
    assert load.load(said.append).datasets == len(DATASETS) >= 25
    assert len(said) == len(DATASETS) + 1

    entries = _entries()
    assert {s: e.state for s, e in entries.items() if e.state is not EntryState.LISTED} == CLOSED
    for slug in CLOSED:
        assert entries[slug].closed_reason
        assert entries[slug].closed_basis

    rows = _rows_by_package(entries)
    invented = rows.pop("")
    assert rows.total() >= 1_000_000
    assert len(rows) >= 6
    assert max(rows.values()) <= 0.4 * rows.total()
    assert invented < 0.01 * rows.total()

    versions = {slug: len(catalog.versions(entries[slug].id)) for slug in entries}
    three = {slug for slug, count in versions.items() if count == 3}
    assert three == {"emoji", "work-calendar", "yuan-rates"}
    assert all(count == 1 for slug, count in versions.items() if slug not in {
        *three, *CLOSED, RECEIVES_NOTHING,
    })  # fmt: skip

    _assert_arranged()
    _assert_rejects(entries)
    for entry in entries.values():
        assert entry.revision is None or entry.revision.created_by == entry.revision.submitted_by
    assert list(evidence.audit()) == []
    assert load.load() == load.DemoResult()


def _assert_rejects(entries: dict[str, EntryView]) -> None:
    """Four rows of one table lack the name its dictionary demands; no other table has any."""
    rejected = {
        slug: entry.revision.version.rows_rejected
        for slug, entry in entries.items()
        if entry.revision is not None and entry.revision.version is not None
    }
    assert {slug: count for slug, count in rejected.items() if count} == {"area-codes": 4}
    revision = entries["area-codes"].revision
    assert revision is not None
    assert revision.version is not None
    clerk = parties.actor_for_username("clerk.industry")
    kept = dataplane.rejects(revision.version.id, actor=clerk, limit=10)
    assert {row.column for row in kept} == {"place_zh"}
    assert {row.reason for row in kept} == {RejectReason.REQUIRED_IS_EMPTY}
    assert all("Simao, Yunnan" in row.cells for row in kept)
