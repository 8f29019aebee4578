"""Sizes and digests of the files that are made of a version, asked of who makes them.

The data plane lies above the catalogue and makes the files; descriptions in the catalogue tell what they
weigh. The program binds the one to the other when it starts. Until then, and for files that were not
measured yet, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from wushu.catalog.types import EntryView, FileFacts, VersionView

Source = Callable[[Collection[UUID]], Mapping[UUID, tuple[FileFacts, ...]]]
"""Facts of the generated files of some versions, in all their variants."""

_sources: list[Source] = []


def files_bind(source: Source) -> None:
    """Ask this source from now on."""
    _sources[:] = [source]


def files_of(versions: Collection[VersionView]) -> dict[UUID, tuple[FileFacts, ...]]:
    """What is known of the files of some versions by version, the stored Parquet file included."""
    made = _sources[0]({one.id for one in versions}) if _sources and versions else {}
    return {one.id: (*_stored(one), *made.get(one.id, ())) for one in versions}


def files_of_entries(entries: Iterable[EntryView]) -> dict[UUID, tuple[FileFacts, ...]]:
    """The same of the versions that entries show."""
    shown = [one.revision.version for one in entries if one.revision is not None]
    return files_of([one for one in shown if one is not None])


def usual(files: Collection[FileFacts]) -> dict[str, FileFacts]:
    """Files by suffix, without variants."""
    return {one.suffix: one for one in files if not one.variant}


def _stored(version: VersionView) -> tuple[FileFacts, ...]:
    """The one file that is sent as it lies; older nodes did not note its digest."""
    return (FileFacts("parquet", version.parquet_bytes, version.parquet_sha256),)
