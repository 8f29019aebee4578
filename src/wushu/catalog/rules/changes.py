"""What a revision says as one document, and how two revisions differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from wushu.catalog.types import Change, FieldSpec, Metadata
from wushu.kernel.canonical import canonical_json, sha256_hex

_METADATA = tuple(one.name for one in dataclass_fields(Metadata))
_OF_PEOPLE = frozenset({"contact_name", "contact_email", "contact_phone"})


def content_document(
    metadata: Metadata, fields: Sequence[FieldSpec], version: UUID | None
) -> dict[str, Any]:
    """All that a revision says, as JSON."""
    return {
        "metadata": {name: _plain(getattr(metadata, name)) for name in _METADATA},
        "fields": [spec.as_json() for spec in fields],
        "version": None if version is None else str(version),
    }


def content_digest(
    metadata: Metadata, fields: Sequence[FieldSpec], version: UUID | None, *, salt: str
) -> str:
    """SHA-256 of the canonical form (RFC 8785): what the log says was submitted and listed.

    ``salt`` is kept in the revision's row and goes with its content, so that nobody tries guesses
    of an unlisted content against a public digest. The contact's name and numbers are left out:
    nothing of a person enters the log; the digest of the row covers them.
    """
    document = content_document(metadata, fields, version)
    document["metadata"] = {
        name: value for name, value in document["metadata"].items() if name not in _OF_PEOPLE
    }
    return sha256_hex(canonical_json({"salt": salt, **document}))


def revision_changes(
    old: tuple[Metadata, Sequence[FieldSpec], int | None] | None,
    new: tuple[Metadata, Sequence[FieldSpec], int | None],
) -> list[Change]:
    """Metadata in the order of the form, then column by column, then the version's number.

    Against nothing (a first listing) everything that is filled in is a change.
    """
    return [*_metadata_changes(old, new), *_field_changes(old, new), *_version_change(old, new)]


def _metadata_changes(old: Any, new: Any) -> Iterator[Change]:
    for name in _METADATA:
        before = None if old is None else getattr(old[0], name)
        after = getattr(new[0], name)
        if before != after and not (old is None and after in ("", (), None, False)):
            yield Change(name, before, after)


def _field_changes(old: Any, new: Any) -> Iterator[Change]:
    before: dict[str, FieldSpec] = {} if old is None else {one.name: one for one in old[1]}
    after = {one.name: one for one in new[1]}
    for name, spec in before.items():
        if name not in after:
            yield Change(f"fields.{name}", spec, None)
    for name, spec in after.items():
        if name not in before:
            yield Change(f"fields.{name}", None, spec)
            continue
        for one in dataclass_fields(FieldSpec):
            was, now = getattr(before[name], one.name), getattr(spec, one.name)
            if was != now:
                yield Change(f"fields.{name}.{one.name}", was, now)
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        yield Change("fields", tuple(before), tuple(after))


def _version_change(old: Any, new: Any) -> Iterator[Change]:
    before = None if old is None else old[2]
    if before != new[2]:
        yield Change("version", before, new[2])


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
