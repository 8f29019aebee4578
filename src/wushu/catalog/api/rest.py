"""``/api/v1/datasets`` and below: the catalogue as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from wushu.catalog import selectors, vocabulary
from wushu.catalog.api.responses import (
    absolute,
    answering,
    json_response,
    number,
    problem,
    require_known,
)
from wushu.catalog.refusals import ENTRY_SEALED, ENTRY_WITHDRAWN, PARAMETER_WRONG
from wushu.catalog.rules import content_document
from wushu.catalog.types import (
    Attribute,
    EntryState,
    EntryView,
    FileFacts,
    RevisionView,
    VersionView,
    Words,
)
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import NOT_FOUND
from wushu.parties import selectors as parties

LIMIT = 20
MOST = 100
VERSIONS_LIMIT = 1000
_CODES = ("theme", "attribute", "format", "keyword", "frequency", "region", "grouping")
CHOICES = ("q", "body", *_CODES)
"""Parameters of ``chosen_datasets``."""
_LIST_PARAMETERS = (*CHOICES, "sort", "freshness", "cursor", "limit")


@answering
def datasets(request: HttpRequest) -> HttpResponse:
    """One page of the listed datasets; ``next`` is the address of the next page or null."""
    require_known(request, _LIST_PARAMETERS)
    chosen = chosen_datasets(request)
    limit = number(request, "limit", LIMIT, least=1, most=MOST)
    page = selectors.entries_sorted(
        **chosen, **_listing(request), cursor=request.GET.get("cursor") or None, limit=limit
    )
    base = evidence.node().identifier_base
    following = None
    if page.cursor:
        kept = {name: value for name, value in request.GET.items() if name != "cursor"}
        following = absolute(f"{request.path}?{urlencode({**kept, 'cursor': page.cursor})}")
    return json_response(
        {
            "items": [entry_json(entry, base) for entry in page.items],
            "next": following,
            "total": page.total,
            "more_than_total": page.more_than_total,
            "approximate": page.approximate,
        }
    )


def of_listed(
    view: Callable[[HttpRequest, EntryView], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """A GET about one listed dataset, without parameters; a closed one answers with its notice."""

    @answering
    @wraps(view)
    def answer(request: HttpRequest, slug: str) -> HttpResponse:
        require_known(request, ())
        entry = selectors.entry_by_slug(slug)
        if entry.state is not EntryState.LISTED:
            return _closed(request, entry)
        return view(request, entry)

    return answer


@of_listed
def dataset(request: HttpRequest, entry: EntryView) -> HttpResponse:
    """One dataset with its data items. Of a sealed or withdrawn one the notice, as a refusal."""
    base = evidence.node().identifier_base
    document = entry_json(entry, base)
    assert entry.revision is not None
    document["citation"] = _citation(entry, entry.revision.version)
    document["metadata_quality"] = _quality_json(selectors.metadata_quality(entry))
    document["fields"] = [spec.as_json() for spec in entry.revision.fields]
    return json_response(document | _around_json(entry, base))


@of_listed
def related(request: HttpRequest, entry: EntryView) -> HttpResponse:
    """Datasets related to one, the likest first, with the reasons."""
    base = evidence.node().identifier_base
    items = [
        {
            "slug": one.entry.slug,
            "id": f"{base}/id/{one.entry.id}",
            "title_zh": one.entry.title_zh,
            "title_en": one.entry.title_en,
            "reasons": list(one.reasons),
            "columns": list(one.columns),
            "keywords": list(one.keywords),
        }
        for one in selectors.related(entry)
    ]
    return json_response({"items": items})


@of_listed
def versions(request: HttpRequest, entry: EntryView) -> HttpResponse:
    """Versions of the data that were ever public, newest first."""
    base = evidence.node().identifier_base
    found = selectors.versions(entry.id)[:VERSIONS_LIMIT]
    files = selectors.files_of(found)
    items = [
        {
            **version_json(one, base),
            "citation": _citation(entry, one),
            "files": files_json(entry, files[one.id], one),
        }
        for one in found
    ]
    return json_response({"items": items})


def files_json(
    entry: EntryView, files: Sequence[FileFacts], version: VersionView | None = None
) -> list[dict[str, Any]]:
    """Files of a version with size and digest as far as they are known; of unconditional data only.

    ``version``: the one they are of; None: the one the entry shows, at its lasting address.
    """
    assert entry.revision is not None
    if entry.revision.metadata.attribute is not Attribute.UNCONDITIONAL:
        return []
    return [
        {
            "format": one.suffix,
            "variant": one.variant,
            "url": _file_address(entry.slug, one, version),
            "bytes": one.size,
            "sha256": one.sha256 or None,
        }
        for one in files
    ]


def _file_address(slug: str, file: FileFacts, version: VersionView | None) -> str:
    asked = [file.variant] if file.variant else []
    if version is not None:
        asked.insert(0, f"version={version.number}")
    return absolute(f"/data/{slug}.{file.suffix}{'?' * bool(asked)}{'&'.join(asked)}")


def entry_json(entry: EntryView, identifier_base: str) -> dict[str, Any]:
    """A listed entry without its data items."""
    revision = entry.revision
    assert revision is not None
    return {
        "id": str(entry.id),
        "identifier": f"{identifier_base}/id/{entry.id}",
        "slug": entry.slug,
        "state": entry.state.value,
        "body": {
            "id": str(entry.body),
            "code": entry.body_code,
            "name_zh": entry.body_name_zh,
            "name_en": entry.body_name_en,
        },
        **_metadata_json(revision),
        "freshness": _freshness_json(selectors.due_of(entry)),
        "issued": entry.listed_at,
        "modified": entry.changed_at,
        "revision": revision.number,
        "version": None
        if revision.version is None
        else version_json(revision.version, identifier_base),
        "links": _links(entry, revision),
    }


def _around_json(entry: EntryView, identifier_base: str) -> dict[str, Any]:
    """What stands around it: its series, base and theme databases, and what it was made from."""
    place = selectors.series_place(entry.id)
    before, after = (None, None) if place is None else (place.previous, place.following)
    return {
        "series": None if place is None else {
            **_named(place.series.id, place.series.slug, place.series.words, identifier_base),
            "period": place.period,
            "previous": None if before is None else before.entry.slug,
            "following": None if after is None else after.entry.slug,
        },
        "groupings": [
            {**_named(one.id, one.slug, one.words, identifier_base), "kind": one.kind.value}
            for one in selectors.groupings_of([entry.id]).get(entry.id, ())
        ],
        "derived_from": [
            _named(one.id, one.slug, one, identifier_base)
            for one in selectors.sources_of(entry.id)
        ],
    }  # fmt: skip


def _named(thing: UUID, slug: str, called: Words | EntryView, base: str) -> dict[str, str]:
    return {
        "identifier": f"{base}/id/{thing}",
        "slug": slug,
        "title_zh": called.title_zh,
        "title_en": called.title_en,
    }


def version_json(version: VersionView, identifier_base: str) -> dict[str, Any]:
    """A version of the data."""
    return {
        "id": str(version.id),
        "identifier": f"{identifier_base}/id/{version.id}",
        "number": version.number,
        "created_at": version.created_at,
        "rows": version.rows_loaded,
        "rows_declared": version.rows_declared,
        "rows_rejected": version.rows_rejected,
        "source_name": version.source_name,
        "source_sha256": version.source_sha256,
        "source_bytes": version.source_bytes,
        "manifest_sha256": version.manifest_sha256,
        "parquet_bytes": version.parquet_bytes,
    }


def _metadata_json(revision: RevisionView) -> dict[str, Any]:
    document: dict[str, Any] = content_document(revision.metadata, (), None)["metadata"]
    theme, cycle = revision.metadata.theme, revision.metadata.update_cycle
    document["theme"] = _code_json(vocabulary.themes(), theme)
    document["update_cycle"] = _code_json(vocabulary.frequencies(), cycle)
    return document


def _freshness_json(due: selectors.Due) -> dict[str, Any]:
    """Whether the promised update cycle is kept; ``days`` is negative when it is late."""
    return {"state": due.freshness.value, "due": due.on, "days": due.days, "soon": due.soon}


def _listing(request: HttpRequest) -> dict[str, Any]:
    """Order and freshness asked for; ``parameter-wrong``."""
    asked = {}
    for name, kind in (("sort", selectors.Order), ("freshness", selectors.Freshness)):
        value = request.GET.get(name)
        if value and value not in set(kind):
            allowed = ", ".join(sorted(kind))
            raise PARAMETER_WRONG(name=name, value=value[:80], allowed=allowed)
        if value:
            asked["order" if name == "sort" else name] = kind(value)
    return asked


def _code_json(codes: vocabulary.Vocabulary, code: str) -> dict[str, str]:
    return {"code": code, "zh": codes.label(code, "zh"), "en": codes.label(code, "en")}


def _citation(entry: EntryView, version: VersionView | None) -> dict[str, str]:
    """How to cite it, in both languages."""
    return {
        "zh": selectors.cited(entry, version, "zh"),
        "en": selectors.cited(entry, version, "en"),
    }


def _quality_json(found: selectors.Assessment) -> dict[str, Any]:
    """Points of the metadata quality assessment, and what the others were lost for."""
    return {
        "points": found.points,
        "of": selectors.METADATA_QUALITY_MOST,
        "rating": found.rating,
        "lost": [
            {
                "indicator": one.name,
                "dimension": one.dimension.value,
                "points": one.points,
                "zh": one.zh,
                "en": one.en,
            }
            for one in found.lost
        ],
    }


def _links(entry: EntryView, revision: RevisionView) -> dict[str, str]:
    page = f"/datasets/{entry.slug}"
    links = {"page": page, "versions": f"/api/v1{page}/versions"}
    links |= {suffix: f"{page}.{suffix}" for suffix in selectors.MEDIA_TYPES}
    forms = selectors.forms_of(revision)
    if forms:
        links["rows"] = f"/api/v1{page}/rows"
    for one in forms:  # .ttl alone is the description
        name = one.suffix if one.suffix not in links else f"data_{one.suffix}"
        links[name] = f"/data/{entry.slug}.{one.suffix}"
    return {name: absolute(path) for name, path in links.items()}


def _closed(request: HttpRequest, entry: EntryView) -> HttpResponse:
    kind = ENTRY_SEALED if entry.state is EntryState.SEALED else ENTRY_WITHDRAWN
    return problem(
        request,
        kind(title=entry.title_zh),
        reason=entry.closed_reason,
        basis=entry.closed_basis,
        at=entry.changed_at,
    )


def chosen_datasets(request: HttpRequest) -> dict[str, Any]:
    """The reader's choices; a code that no vocabulary knows is refused (``parameter-wrong``)."""
    given = request.GET
    for name, allowed in (
        ("theme", vocabulary.themes().codes),
        ("attribute", frozenset(Attribute)),
        ("format", vocabulary.file_types().codes),
        ("frequency", vocabulary.frequencies().codes),
    ):
        if given.get(name) and given[name] not in allowed:
            raise PARAMETER_WRONG(
                name=name, value=given[name][:80], allowed=", ".join(sorted(allowed))
            )
    return {
        "query": given.get("q", ""),
        "body": body_of(given.get("body", "")),
        **{name: given.get(name) or None for name in _CODES},
    }


def body_of(text: str) -> UUID | None:
    """A body by its credit code or id; ``not-found``. None where none is asked for."""
    if not text:
        return None
    try:
        return parties.organisation(UUID(text)).id
    except ValueError:
        if not (text.isascii() and text.isalnum()):
            raise NOT_FOUND(what=text[:80]) from None
        return parties.organisation_by_code(text).id
