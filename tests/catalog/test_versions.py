"""Versions of the data, as the catalogue knows them."""

from __future__ import annotations

from typing import Any

from tests.catalog.conftest import City
from tests.parties.refused import refused
from wushu.catalog import selectors, services
from wushu.evidence import selectors as evidence
from wushu.parties.types import NODE


def acts(entry: Any) -> list[str]:
    """What the log says about an entry."""
    return [note.act for note in evidence.entries_about(entry.urn)]


def test_a_version_is_public_only_under_a_listed_revision(city: City) -> None:
    entry = city.listed()
    second = city.load(entry, 2)
    assert [one.number for one in selectors.versions(entry.id)] == [1]
    assert [one.number for one in selectors.versions(entry.id, actor=city.clerk)] == [2, 1]
    with refused("not-found"):
        selectors.version(second.id)
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    assert [one.number for one in selectors.versions(entry.id, actor=city.reviewer)] == [2, 1]
    services.revision_pass_gate(actor=city.reviewer, revision=city.newest(entry))
    assert [one.number for one in selectors.versions(entry.id)] == [2, 1]
    assert selectors.version(second.id).number == 2


def test_the_same_version_again_is_the_same_row(city: City) -> None:
    entry = city.draft()
    assert city.load(entry).id == city.load(entry).id
    assert acts(entry).count("catalog.version.added") == 1


def test_a_version_number_is_not_used_for_other_content(city: City) -> None:
    entry = city.draft()
    city.load(entry)
    with refused("version-number-taken"):
        services.version_add(
            actor=city.clerk, entry=entry.id, number=1, manifest_sha256="f" * 64,
            source_name="x.csv", source_sha256="0" * 64, source_bytes=1, rows_declared=1,
            rows_loaded=1, rows_rejected=0, parquet_bytes=1,
        )  # fmt: skip


def test_the_node_may_load_in_the_background(city: City) -> None:
    entry = city.draft()
    added = services.version_add(
        actor=NODE, entry=entry.id, number=1, manifest_sha256="f" * 64, source_name="x.csv",
        source_sha256="0" * 64, source_bytes=1, rows_declared=1, rows_loaded=1, rows_rejected=0,
        parquet_bytes=1,
    )  # fmt: skip
    assert services.revision_draft(actor=city.clerk, entry=entry.id, version=added.id).version


def test_a_revision_names_only_versions_of_its_own_entry(city: City) -> None:
    other = city.load(city.draft())
    with refused("version-of-another"):
        services.revision_draft(actor=city.clerk, entry=city.draft().id, version=other.id)
