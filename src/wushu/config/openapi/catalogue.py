"""Addresses of the catalogue, of rows, of figures, and CKAN's."""

from __future__ import annotations

from collections.abc import Sequence

from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.config.openapi.operations import (
    Part,
    content_of,
    json_of,
    operation_of,
    path_parameter,
    query_parameter,
)
from wushu.config.openapi.shapes import COUNT, TEXT, UUID, Schema, listed, reference

CKAN_ACTIONS = (
    "current_package_list_with_resources",
    "group_list",
    "group_show",
    "help_show",
    "license_list",
    "organization_list",
    "organization_show",
    "package_list",
    "package_search",
    "package_show",
    "resource_show",
    "site_read",
    "status_show",
    "tag_list",
)


def catalogue() -> Part:
    """Datasets, their descriptions and what is around them."""
    slug = [path_parameter("slug", "streets")]
    return {
        "/api/v1/datasets": operation_of(
            "listDatasets", "catalogue", "Listed datasets, a page at a time.",
            [
                query_parameter("q", TEXT, "Words to search for: Chinese, pinyin, with typos."),
                query_parameter("body", TEXT, "A body's unified social credit code or id."),
                query_parameter("theme", TEXT, "Code of the EU data theme vocabulary.", "GOVE"),
                query_parameter("attribute", {"enum": [one.value for one in Attribute]}, "Opening attribute."),
                query_parameter("format", TEXT, "Code of the EU file type vocabulary.", "CSV"),
                query_parameter("keyword", TEXT, "One keyword."),
                query_parameter("frequency", TEXT, "Code of the EU frequency vocabulary.", "MONTHLY"),
                query_parameter("region", TEXT, "Division code, CN or WORLD: about it or a part of it.", "CN"),
                query_parameter("sort", {"enum": sorted(catalog.Order)}, "Best match, else newest; or most used."),
                query_parameter(
                    "freshness", {"enum": sorted(catalog.Freshness)},
                    "Whether the promised update cycle is kept.",
                ),
                query_parameter("grouping", TEXT, "A base or theme database, by the name in its address."),
                query_parameter("cursor", TEXT, "From `next` of the page before."),
                query_parameter("limit", {"type": "integer", "minimum": 1, "maximum": 100}, "Page length."),
            ],
            json_of("EntryPage"), (400, 404, 405, 422),
        ),
        "/api/v1/datasets/{slug}": operation_of(
            "showDataset", "catalogue", "One dataset with its data items.", slug,
            json_of("EntryWithFields"), (400, 404, 405, 410, 422, 451),
        ),
        "/api/v1/datasets/{slug}/related": operation_of(
            "listRelated", "catalogue", "Related datasets, the likest first, and why.", slug,
            json_of("Related"), (400, 404, 405, 410, 422, 451, 503),
        ),
        "/api/v1/datasets/{slug}/versions": operation_of(
            "listVersions", "catalogue", "Versions that were ever public, newest first.", slug,
            json_of("Versions"), (400, 404, 405, 410, 422, 451),
        ),
        "/datasets/{slug}.jsonld": operation_of(
            "describeDataset", "catalogue", "One dataset in DCAT-AP 3.0.1.", slug,
            content_of("application/ld+json", {"type": ["object", "array"]}),
            (400, 404, 405, 410, 422, 451),
        ),
        "/catalog.jsonld": operation_of(
            "describeCatalogue", "catalogue", "One page of the catalogue in DCAT-AP 3.0.1.",
            [query_parameter("cursor", TEXT, "From hydra:next of the page before.")],
            content_of("application/ld+json", {"type": ["object", "array"]}), (400, 404, 405, 422),
        ),
    }  # fmt: skip


_PAGES = ("xml", "xlsx", "parquet", "arrow", "geojson")
"""Forms of a page of rows beside JSON, NDJSON and CSV."""


def _forms(suffixes: Sequence[str]) -> Part:
    """Answers in the forms with these suffixes."""
    texts = ("xml", "ttl")
    return {
        one.media_type: {"schema": TEXT if one.suffix in texts else {}}
        for one in catalog.every_form()
        if one.suffix in suffixes
    }


def rows() -> Part:
    """Rows of a dataset, what changed in them, and whole tables."""
    version = query_parameter(
        "version", {"type": "integer", "minimum": 1}, "An older version; else the newest."
    )
    grant = query_parameter("grant", UUID, "One of your grants, instead of the widest.")
    guard = query_parameter(
        "guard",
        {"enum": ["on", "off"]},
        "Whether CSV cells that spreadsheets would run get an apostrophe.",
    )
    number = {"type": "integer", "minimum": 1}
    return {
        "/api/v1/datasets/{slug}/rows": operation_of(
            "readRows", "rows", "A page of rows.",
            [
                path_parameter("slug", "streets"),
                query_parameter("select", TEXT, "Columns in the order wanted, by commas, or a JSON list."),
                query_parameter(
                    "filter", listed(TEXT),
                    "column:comparison:value; eq ne lt le gt ge in prefix contains null. Several all hold.",
                    ["code:prefix:3205"],
                ),
                query_parameter("sort", TEXT, "Columns by commas, - before a descending one; at most three."),
                query_parameter("limit", number, "Rows of the page; cut to WUSHU_ROWS_PAGE_MAX.", 10),
                query_parameter("cursor", TEXT, "From `next` of the page before."),
                version, grant,
                query_parameter(
                    "format", {"enum": ["json", "ndjson", "csv", *_PAGES]},
                    "Instead of Accept; geojson where both coordinates, or the geometry, are among the columns.",
                ),
                guard,
            ],
            {
                "application/json": {"schema": reference("Rows")},
                "application/x-ndjson": {"schema": TEXT},
                "text/csv": {"schema": TEXT},
                **_forms(_PAGES),
            },
            (400, 401, 403, 404, 405, 406, 410, 429, 451, 503), keyed=True,
        ),
        "/api/v1/datasets/{slug}/delta": operation_of(
            "readDelta", "rows", "What changed from one version to another, row by row.",
            [
                path_parameter("slug", "streets"),
                {
                    **query_parameter("from", {"type": "integer", "minimum": 0}, "The older version; 0: none.", 0),
                    "required": True,
                },
                query_parameter("to", number, "The newer version; else the newest."),
                grant,
            ],
            {"application/x-ndjson": {"schema": TEXT}},
            (400, 401, 403, 404, 405, 410, 429, 451, 503), keyed=True,
        ),
        "/data/{slug}.{format}": operation_of(
            "downloadTable", "rows", "The whole table.",
            [
                path_parameter("slug", "streets"),
                {**path_parameter("format", "csv"), "schema": {"enum": [one.suffix for one in catalog.every_form()]}},
                version, grant, guard,
                query_parameter("bom", {"enum": ["on", "off"]}, "Whether CSV begins with a byte order mark."),
            ],
            {
                "text/csv": {"schema": TEXT},
                "application/json": {"schema": listed({"type": "object"})},
                "application/x-ndjson": {"schema": TEXT},
                **_forms(("xlsx", "xml", "parquet", "arrow", "ttl", "geojson")),
            },
            (400, 401, 403, 404, 405, 406, 410, 416, 429, 451, 503), keyed=True,
        ),
    }  # fmt: skip


def figures() -> Part:
    """How much the data are used and how well they are described."""
    table = query_parameter(
        "format", {"enum": ["json", "csv"]}, "JSON, or a table for spreadsheets."
    )
    day: Schema = {"type": "string", "format": "date"}
    return {
        "/api/v1/scoreboard": operation_of(
            "readScoreboard", "figures", "How the opening bodies compare.", [table],
            {**json_of("Scoreboard"), "text/csv": {"schema": TEXT}}, (400, 404, 405),
        ),
        "/api/v1/usage": operation_of(
            "readUsage", "figures", "Use by day and declared client, newest day first.",
            [
                query_parameter("dataset", TEXT, "One dataset; else all together.", "streets"),
                query_parameter("from", day, "First day; else thirty days back from the last."),
                query_parameter("to", day, "Last day; else today. At most 366 days."),
                table,
            ],
            {**json_of("Usage"), "text/csv": {"schema": TEXT}}, (400, 404, 405, 410, 451),
        ),
    }  # fmt: skip


def ckan() -> Part:
    """CKAN's Action API."""
    error = {"description": "CKAN's error envelope.", "content": json_of("CkanError")}
    errors = {str(status): error for status in (400, 401, 403, 404, 405, 409, 413, 429, 503)}
    search = {
        "operationId": "datastoreSearch",
        "tags": ["ckan"],
        "summary": "Rows as CKAN's datastore gives them. `total_was_estimated`: there are more.",
        "security": [{}, {"key": []}],
    }
    found = {"200": {"description": "Rows.", "content": json_of("DatastoreAnswer")}}
    answered = {"200": {"description": "CKAN's envelope.", "content": json_of("CkanAnswer")}}
    arguments = {
        "resource_id": {**TEXT, "examples": ["streets"]},
        "filters": {"type": "object"},
        "q": TEXT,
        "fields": listed(TEXT),
        "sort": TEXT,
        "limit": COUNT,
        "offset": {**COUNT, "maximum": 100_000},
        "include_total": {"type": "boolean"},
    }
    body = {"type": "object", "properties": arguments, "required": ["resource_id"]}
    in_query = [
        query_parameter(name, TEXT if name in ("filters", "fields") else schema, "")
        for name, schema in arguments.items()
        if name != "resource_id"
    ]
    resource = {
        **query_parameter("resource_id", TEXT, "A dataset's name or id.", "streets"),
        "required": True,
    }
    paths: Part = {
        "/api/3/action/datastore_search": {
            "get": {
                **search,
                "parameters": [resource, *in_query],
                "responses": {**found, **errors},
            },
            "post": {
                **search,
                "operationId": "datastoreSearchPost",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": body}},
                },
                "responses": {**found, **errors},
            },
        }
    }
    for name in CKAN_ACTIONS:
        paths[f"/api/3/action/{name}"] = {
            "get": {
                "operationId": name,
                "tags": ["ckan"],
                "summary": f"CKAN's {name}.",
                "parameters": [
                    query_parameter(one, TEXT, "")
                    for one in ("id", "q", "fq", "rows", "start", "name", "limit", "offset")
                ],
                "responses": {**answered, **errors},
            }
        }
    return paths
