"""A dataset in the words of schema.org, for search engines that read pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute, EntryView, FieldSpec, VersionView
from wushu.evidence import selectors as evidence


def dataset(
    entry: EntryView,
    version: VersionView | None,
    fields: Sequence[FieldSpec],
    *,
    identifier: str,
    language: str,
) -> dict[str, Any]:
    """``schema.org/Dataset`` of a listed entry; empty properties are left out."""
    assert entry.revision is not None
    m = entry.revision.metadata
    english = language == "en" and m.title_en
    page = f"{settings.BASE_URL}/{'en/' if language == 'en' else ''}datasets/{entry.slug}"
    said: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": identifier,
        "identifier": identifier,
        "url": page,
        "name": entry.title(language),
        "description": m.description_en if english and m.description_en else m.description_zh,
        "inLanguage": "zh-Hans",
        "keywords": list(m.keywords),
        "license": m.licence,
        "isAccessibleForFree": True,
        "conditionsOfAccess": m.conditions,
        "creator": _body(entry, language),
        "publisher": _body(entry, language),
        "datePublished": entry.listed_at.date().isoformat() if entry.listed_at else "",
        "dateModified": entry.changed_at.date().isoformat(),
        "temporalCoverage": _period(m.temporal_start, m.temporal_end),
        "spatialCoverage": _place(m.spatial),
        "isBasedOn": m.source_url,
        "variableMeasured": [_variable(field, language) for field in fields],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": evidence.node().region(language),
            "url": f"{settings.BASE_URL}/datasets",
        },
    }
    if version is not None:
        said["version"] = str(version.number)
        if m.attribute is Attribute.UNCONDITIONAL:
            said["distribution"] = [
                {
                    "@type": "DataDownload",
                    "encodingFormat": form.media_type,
                    "contentUrl": f"{settings.BASE_URL}/data/{entry.slug}.{form.suffix}",
                }
                for form in catalog.forms(fields, version.rows_loaded)
            ]
    return {name: value for name, value in said.items() if value not in ("", [], None)}


def _body(entry: EntryView, language: str) -> dict[str, str]:
    return {
        "@type": "GovernmentOrganization",
        "name": entry.body_name(language),
        "url": f"{settings.BASE_URL}/bodies/{entry.body_code}",
    }


def _period(start: Any, end: Any) -> str:
    """An interval as ISO 8601 writes it; ``..`` is an open end."""
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _place(code: str) -> dict[str, str] | None:
    return {"@type": "Place", "identifier": code} if code else None


def _variable(field: FieldSpec, language: str) -> dict[str, str]:
    title = field.title_en if language == "en" and field.title_en else field.title_zh
    said = {"@type": "PropertyValue", "name": field.name, "alternateName": title}
    return {name: value for name, value in said.items() if value}
