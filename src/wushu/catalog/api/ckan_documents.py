"""A dataset, a body, a theme, a licence in CKAN's shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from wushu.catalog import vocabulary
from wushu.catalog.api.responses import absolute
from wushu.catalog.files import files_of_entries, usual
from wushu.catalog.forms import every_form, forms_of
from wushu.catalog.types import EntryView, FacetValue, FileFacts
from wushu.catalog.vocabulary import Concept
from wushu.parties.types import OrganisationView


def packages(entries: Sequence[EntryView], identifier_base: str) -> list[dict[str, Any]]:
    """Listed entries as CKAN's packages."""
    files = files_of_entries(entries)
    return [_package(entry, identifier_base, files) for entry in entries]


def package(entry: EntryView, identifier_base: str) -> dict[str, Any]:
    """A listed entry as CKAN's package."""
    return packages([entry], identifier_base)[0]


def _package(
    entry: EntryView, identifier_base: str, files: Mapping[UUID, tuple[FileFacts, ...]]
) -> dict[str, Any]:
    revision = entry.revision
    assert revision is not None
    metadata = revision.metadata
    resources = package_resources(entry, files)
    tags = [_tag(keyword) for keyword in metadata.keywords]
    theme = vocabulary.themes().get(metadata.theme)
    return {
        "id": str(entry.id),
        "name": entry.slug,
        "title": metadata.title_zh,
        "title_translated": {"zh_Hans_CN": metadata.title_zh, "en": metadata.title_en},
        "notes": metadata.description_zh,
        "notes_translated": {"zh_Hans_CN": metadata.description_zh, "en": metadata.description_en},
        "url": absolute(f"/datasets/{entry.slug}"),
        "version": "" if revision.version is None else str(revision.version.number),
        "type": "dataset",
        "state": "active",
        "private": False,
        "author": entry.body_name_zh,
        "author_email": "",
        "maintainer": metadata.contact_name,
        "maintainer_email": metadata.contact_email,
        **_licence(metadata.licence),
        "metadata_created": naive(entry.listed_at),
        "metadata_modified": naive(entry.changed_at),
        "creator_user_id": None,
        "owner_org": str(entry.body),
        "organization": _organization_of(entry),
        "groups": [] if theme is None else [group(theme)],
        "tags": tags,
        "num_tags": len(tags),
        "resources": resources,
        "num_resources": len(resources),
        "extras": _extras(entry, identifier_base),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def package_resources(
    entry: EntryView, files: Mapping[UUID, tuple[FileFacts, ...]]
) -> list[dict[str, Any]]:
    """The files of the newest public version; the CSV's id is the datastore's, the entry's own."""
    revision = entry.revision
    version = None if revision is None else revision.version
    if revision is None or version is None:
        return []
    known = usual(files.get(version.id, ()))
    offered = forms_of(revision)
    # A form that is left out does not move the identifiers of those behind it
    placed = [(place, one) for place, one in enumerate(every_form()) if one in offered]
    return [
        {
            "id": str(resource_id(entry.id, place)),
            "package_id": str(entry.id),
            "name": f"{entry.title_zh}.{suffix}",
            "description": "",
            "url": absolute(f"/data/{entry.slug}.{suffix}"),
            "url_type": "datastore" if one.code == "CSV" else None,
            "format": one.code,
            "mimetype": one.media_type,
            "mimetype_inner": None,
            "hash": known[suffix].sha256 if suffix in known else "",
            "size": known[suffix].size if suffix in known else None,
            "position": position,
            "state": "active",
            "datastore_active": one.code == "CSV",
            "resource_type": "file",
            "created": naive(version.created_at),
            "last_modified": naive(version.created_at),
            "metadata_modified": naive(version.created_at),
            "cache_url": None,
            "cache_last_updated": None,
        }
        for position, (place, one) in enumerate(placed)
        for suffix in [one.suffix]
    ]


def resource_id(entry: UUID, place: int) -> UUID:
    """The first file, the CSV, has the entry's id, by which ``datastore_search`` finds the rows.

    The others differ from it in their last bits, so that an entry is found from any of them: the
    function is its own inverse.
    """
    return UUID(int=entry.int ^ place)


def organization(body: OrganisationView, packages: int) -> dict[str, Any]:
    """An opening body as CKAN's organization."""
    return {
        **_organization(str(body.id), body.code, body.name_zh),
        "title_translated": {"zh_Hans_CN": body.name_zh, "en": body.name_en},
        "package_count": packages,
    }


def group(theme: Concept) -> dict[str, Any]:
    """A theme as CKAN's group."""
    return {
        "id": theme.uri,
        "name": theme.code.lower(),
        "title": theme.zh,
        "display_name": theme.zh,
        "description": theme.en,
        "image_display_url": "",
    }


def license_document(concept: Concept) -> dict[str, Any]:
    """A licence of the vocabulary."""
    return {
        "id": concept.more["spdx"] or concept.code,
        "title": concept.en,
        "url": concept.more["document"],
        "status": "active",
        "od_conformance": "approved" if concept.more["open"] else "not reviewed",
        "domain_content": True,
        "domain_data": True,
        "domain_software": False,
        "family": "",
        "maintainer": "",
    }


def facet_items(values: tuple[FacetValue, ...], names: dict[str, str]) -> list[dict[str, Any]]:
    """Choices of a facet; ``names`` gives CKAN's name of a value."""
    return [
        {"name": names.get(one.value, one.value), "display_name": one.zh, "count": one.count}
        for one in values
    ]


def naive(moment: datetime | None) -> str | None:
    """CKAN's times are in UTC and say no offset."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def _organization_of(entry: EntryView) -> dict[str, Any]:
    return _organization(str(entry.body), entry.body_code, entry.body_name_zh)


def _organization(identifier: str, code: str, name: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": code.lower(),
        "title": name,
        "display_name": name,
        "description": "",
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "image_url": "",
        "image_display_url": "",
    }


def _tag(keyword: str) -> dict[str, Any]:
    return {
        "id": keyword,
        "name": keyword,
        "display_name": keyword,
        "state": "active",
        "vocabulary_id": None,
    }


def _licence(uri: str) -> dict[str, Any]:
    if not uri:
        return {
            "license_id": "notspecified", "license_title": "", "license_url": "", "isopen": False,
        }  # fmt: skip
    found = vocabulary.licence_of(uri)
    if found is None:
        return {
            "license_id": "other", "license_title": uri, "license_url": uri, "isopen": False,
        }  # fmt: skip
    document = license_document(found)
    return {
        "license_id": document["id"],
        "license_title": found.zh,
        "license_url": document["url"],
        "isopen": bool(found.more["open"]),
    }


def _extras(entry: EntryView, identifier_base: str) -> list[dict[str, str]]:
    revision = entry.revision
    assert revision is not None
    metadata = revision.metadata
    extras = {
        "identifier": f"{identifier_base}/id/{entry.id}",
        "opening_attribute": metadata.attribute.value,
        "opening_attribute_reason": metadata.attribute_reason,
        "opening_attribute_basis": metadata.attribute_basis,
        "opening_conditions": metadata.conditions,
        "frequency": metadata.update_cycle,
        "spatial": metadata.spatial,
        "temporal_start": metadata.temporal_start.isoformat() if metadata.temporal_start else "",
        "temporal_end": metadata.temporal_end.isoformat() if metadata.temporal_end else "",
        "source": metadata.source_note,
        "source_url": metadata.source_url,
        "synthetic": "true" if metadata.synthetic else "",
    }
    return [{"key": key, "value": value} for key, value in extras.items() if value]
