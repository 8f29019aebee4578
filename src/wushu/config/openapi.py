"""The OpenAPI 3.1 description of everything that answers with JSON or rows.

Served at ``/api/v1/openapi.json`` and kept as ``docs/reference/openapi.json``; a test compares the two,
and Schemathesis holds the node to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

import wushu
from wushu.catalog import selectors as catalog
from wushu.catalog.types import Attribute
from wushu.config.openapi_schemas import (
    COUNT,
    SCHEMAS,
    TEXT,
    UUID,
    Schema,
    listed,
    maybe,
    reference,
)

Part = dict[str, Any]

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
_PROBLEMS = {
    400: "A parameter was not understood; `name` says which refusal it is.",
    401: "The API key is unknown, expired or revoked.",
    403: "No grant, or not for this column; or the key has not the scope.",
    404: "Nothing of this name is listed.",
    405: "Only the methods named in Allow are accepted.",
    406: "The format is not offered.",
    409: "It is so already, or there is no room; `name` says which.",
    410: "The dataset was withdrawn; the notice says why.",
    416: "The range lies beyond the end of the file.",
    422: "A value is wrong.",
    429: "Too many requests; see Retry-After.",
    451: "The dataset is sealed; the notice says why.",
    503: "Too slow, too busy, or damaged; see Retry-After.",
}


@require_safe
def view(request: HttpRequest) -> JsonResponse:
    """The OpenAPI 3.1 description of this node's API."""
    response = JsonResponse(document(settings.BASE_URL), json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def document(base_url: str) -> Part:
    """The whole description, for a node at ``base_url``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wushu 五数",
            "version": wushu.__version__,
            "summary": "Catalogue, rows, evidence of a region's public data.",
            "description": "Metadata are open to everybody; rows need a grant, which unconditional "
            "datasets (无条件开放) give everybody. Every refusal has a stable name.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "tags": [
            {"name": "catalogue"},
            {"name": "rows"},
            {"name": "figures", "description": "How much the data are used"},
            {"name": "subscriptions", "description": "What an account follows"},
            {"name": "ckan", "description": "CKAN Action API 3"},
            {"name": "evidence", "description": "RFC 6962 log, C2SP tlog-tiles"},
            {"name": "node"},
        ],
        "paths": {
            **_catalogue(),
            **_rows(),
            **_figures(),
            **_subscriptions(),
            **_ckan(),
            **_evidence(),
            **_node(),
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope rows:read.",
                },
                "manager": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope subscriptions:manage.",
                },
            },
        },
    }


def _catalogue() -> Part:
    slug = [_path("slug", "streets")]
    return {
        "/api/v1/datasets": _get(
            "listDatasets", "catalogue", "Listed datasets, a page at a time.",
            [
                _query("q", TEXT, "Words to search for: Chinese, pinyin, with typos."),
                _query("body", TEXT, "A body's unified social credit code or id."),
                _query("theme", TEXT, "Code of the EU data theme vocabulary.", "GOVE"),
                _query("attribute", {"enum": [one.value for one in Attribute]}, "Opening attribute."),
                _query("format", TEXT, "Code of the EU file type vocabulary.", "CSV"),
                _query("keyword", TEXT, "One keyword."),
                _query("frequency", TEXT, "Code of the EU frequency vocabulary.", "MONTHLY"),
                _query("region", TEXT, "Division code, CN or WORLD: about it or a part of it.", "CN"),
                _query("sort", {"enum": sorted(catalog.Order)}, "Best match, else newest; or most used."),
                _query(
                    "freshness", {"enum": sorted(catalog.Freshness)},
                    "Whether the promised update cycle is kept.",
                ),
                _query("grouping", TEXT, "A base or theme database, by the name in its address."),
                _query("cursor", TEXT, "From `next` of the page before."),
                _query("limit", {"type": "integer", "minimum": 1, "maximum": 100}, "Page length."),
            ],
            _json("EntryPage"), (400, 404, 405, 422),
        ),
        "/api/v1/datasets/{slug}": _get(
            "showDataset", "catalogue", "One dataset with its data items.", slug,
            _json("EntryWithFields"), (400, 404, 405, 410, 422, 451),
        ),
        "/api/v1/datasets/{slug}/related": _get(
            "listRelated", "catalogue", "Related datasets, the likest first, and why.", slug,
            _json("Related"), (400, 404, 405, 410, 422, 451, 503),
        ),
        "/api/v1/datasets/{slug}/versions": _get(
            "listVersions", "catalogue", "Versions that were ever public, newest first.", slug,
            _json("Versions"), (400, 404, 405, 410, 422, 451),
        ),
        "/datasets/{slug}.jsonld": _get(
            "describeDataset", "catalogue", "One dataset in DCAT-AP 3.0.1.", slug,
            _content("application/ld+json", {"type": ["object", "array"]}),
            (400, 404, 405, 410, 422, 451),
        ),
        "/catalog.jsonld": _get(
            "describeCatalogue", "catalogue", "One page of the catalogue in DCAT-AP 3.0.1.",
            [_query("cursor", TEXT, "From hydra:next of the page before.")],
            _content("application/ld+json", {"type": ["object", "array"]}), (400, 404, 405, 422),
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


def _rows() -> Part:
    version = _query(
        "version", {"type": "integer", "minimum": 1}, "An older version; else the newest."
    )
    grant = _query("grant", UUID, "One of your grants, instead of the widest.")
    guard = _query(
        "guard",
        {"enum": ["on", "off"]},
        "Whether CSV cells that spreadsheets would run get an apostrophe.",
    )
    number = {"type": "integer", "minimum": 1}
    return {
        "/api/v1/datasets/{slug}/rows": _get(
            "readRows", "rows", "A page of rows.",
            [
                _path("slug", "streets"),
                _query("select", TEXT, "Columns in the order wanted, by commas, or a JSON list."),
                _query(
                    "filter", listed(TEXT),
                    "column:comparison:value; eq ne lt le gt ge in prefix contains null. Several all hold.",
                    ["code:prefix:3205"],
                ),
                _query("sort", TEXT, "Columns by commas, - before a descending one; at most three."),
                _query("limit", number, "Rows of the page; cut to WUSHU_ROWS_PAGE_MAX.", 10),
                _query("cursor", TEXT, "From `next` of the page before."),
                version, grant,
                _query(
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
        "/api/v1/datasets/{slug}/delta": _get(
            "readDelta", "rows", "What changed from one version to another, row by row.",
            [
                _path("slug", "streets"),
                {
                    **_query("from", {"type": "integer", "minimum": 0}, "The older version; 0: none.", 0),
                    "required": True,
                },
                _query("to", number, "The newer version; else the newest."),
                grant,
            ],
            {"application/x-ndjson": {"schema": TEXT}},
            (400, 401, 403, 404, 405, 410, 429, 451, 503), keyed=True,
        ),
        "/data/{slug}.{format}": _get(
            "downloadTable", "rows", "The whole table.",
            [
                _path("slug", "streets"),
                {**_path("format", "csv"), "schema": {"enum": [one.suffix for one in catalog.every_form()]}},
                version, grant, guard,
                _query("bom", {"enum": ["on", "off"]}, "Whether CSV begins with a byte order mark."),
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


def _figures() -> Part:
    table = _query("format", {"enum": ["json", "csv"]}, "JSON, or a table for spreadsheets.")
    day: Schema = {"type": "string", "format": "date"}
    return {
        "/api/v1/scoreboard": _get(
            "readScoreboard", "figures", "How the opening bodies compare.", [table],
            {**_json("Scoreboard"), "text/csv": {"schema": TEXT}}, (400, 404, 405),
        ),
        "/api/v1/usage": _get(
            "readUsage", "figures", "Use by day and declared client, newest day first.",
            [
                _query("dataset", TEXT, "One dataset; else all together.", "streets"),
                _query("from", day, "First day; else thirty days back from the last."),
                _query("to", day, "Last day; else today. At most 366 days."),
                table,
            ],
            {**_json("Usage"), "text/csv": {"schema": TEXT}}, (400, 404, 405, 410, 451),
        ),
    }  # fmt: skip


def _subscriptions() -> Part:
    """The actor is the key's account, or who is signed in (then with the token of the pages' forms)."""
    one = [{**_path("key", "0190c4a2-0000-7000-8000-000000000000"), "schema": UUID}]
    problems = (401, 403, 404, 405, 409, 422, 429)
    many = _get("listSubscriptions", "subscriptions", "What the account follows, newest first.",
                [], _json("Subscriptions"), problems)  # fmt: skip
    many["post"] = {
        **_get("openSubscription", "subscriptions", "Follow a dataset, a body or a search.",
               [], _json("SubscriptionOpened"), problems)["get"],
        "requestBody": {"required": True, "content": _json("SubscriptionAsked")},
    }  # fmt: skip
    opened = many["post"]["responses"].pop("200")
    many["post"]["responses"]["201"] = {
        **opened,
        "description": "Followed once the address agrees.",
    }
    shown = _get("showSubscription", "subscriptions", "How one stands.",
                 one, _json("Subscription"), problems)  # fmt: skip
    shown["delete"] = _get("endSubscription", "subscriptions", "End one; its address is erased.",
                           one, {}, problems)["get"]  # fmt: skip
    del shown["delete"]["responses"]["200"]
    shown["delete"]["responses"]["204"] = {"description": "Ended."}
    for operation in (*many.values(), *shown.values()):
        operation["security"] = [{"manager": []}]
    return {"/api/v1/subscriptions": many, "/api/v1/subscriptions/{key}": shown}


def _ckan() -> Part:
    error = {"description": "CKAN's error envelope.", "content": _json("CkanError")}
    errors = {str(status): error for status in (400, 401, 403, 404, 405, 409, 413, 429, 503)}
    search = {
        "operationId": "datastoreSearch",
        "tags": ["ckan"],
        "summary": "Rows as CKAN's datastore gives them. `total_was_estimated`: there are more.",
        "security": [{}, {"key": []}],
    }
    found = {"200": {"description": "Rows.", "content": _json("DatastoreAnswer")}}
    answered = {"200": {"description": "CKAN's envelope.", "content": _json("CkanAnswer")}}
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
        _query(name, TEXT if name in ("filters", "fields") else schema, "")
        for name, schema in arguments.items()
        if name != "resource_id"
    ]
    resource = {
        **_query("resource_id", TEXT, "A dataset's name or id.", "streets"),
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
                    _query(one, TEXT, "")
                    for one in ("id", "q", "fq", "rows", "start", "name", "limit", "offset")
                ],
                "responses": {**answered, **errors},
            }
        }
    return paths


def _evidence() -> Part:
    proof = {"oneOf": [reference("InclusionProof"), reference("ConsistencyProof")]}
    index: Schema = {**COUNT, "maximum": 2**53 - 1}
    return {
        "/api/v1/evidence/entries/{index}": _get(
            "showLogEntry", "evidence", "An entry of the log with its proof.",
            [{**_path("index", 0), "schema": index}], _json("LogEntry"), (404, 405, 422),
        ),
        "/api/v1/evidence/proof": _get(
            "proveLog", "evidence", "An inclusion proof (index, size) or a consistency proof (first, second).",
            [_query(name, index, "") for name in ("index", "size", "first", "second")],
            {"application/json": {"schema": proof}}, (404, 405, 422),
        ),
    }  # fmt: skip


def _node() -> Part:
    unready = {"description": "What is missing, by name.", "content": _json("Health")}
    ready = _get("ready", "node", "Whether the node can answer.", [], _json("Health"), (405,))
    ready["get"]["responses"]["503"] = unready
    return {
        "/healthz": _get("alive", "node", "Whether the process lives.", [], _json("Health"), (405,)),
        "/readyz": ready,
        "/api/v1/openapi.json": _get(
            "describeApi", "node", "This document.", [],
            _content("application/json", {"type": "object"}), (405,),
        ),
    }  # fmt: skip


def _get(
    operation: str,
    tag: str,
    summary: str,
    parameters: list[Part],
    content: Part,
    problems: tuple[int, ...],
    *,
    keyed: bool = False,
) -> Part:
    responses: Part = {"200": {"description": "Found.", "content": content}}
    if keyed:
        responses["200"]["headers"] = {
            "Wushu-Version": {
                "description": "Number of the version.",
                "schema": {"type": "integer"},
            },
            "Wushu-Manifest-SHA256": {"description": "Hash of its manifest.", "schema": TEXT},
        }
        responses["206"] = {"description": "The part of the file that was asked for."}
        responses["304"] = {"description": "Unchanged since the ETag of If-None-Match."}
    for status in problems:
        responses[str(status)] = {"description": _PROBLEMS[status], "content": _problem(status)}
    made: Part = {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
    }
    if keyed:
        made["security"] = [{}, {"key": []}]
    return {"get": made}


def _problem(status: int) -> Part:
    content: Part = {"application/problem+json": {"schema": reference("Problem")}}
    if status in (400, 404, 405, 416):
        # an address that no route knows is answered as a page; a wrong method and range bodiless
        content["text/html"] = {"schema": maybe(TEXT)}
    return content


def _json(name: str) -> Part:
    return _content("application/json", reference(name))


def _content(media_type: str, schema: Schema) -> Part:
    return {media_type: {"schema": schema}}


def _path(name: str, example: Any) -> Part:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": TEXT,
        "example": example,
    }


def _query(name: str, schema: Schema, description: str, example: Any = None) -> Part:
    made: Part = {"name": name, "in": "query", "schema": schema, "description": description}
    if example is not None:
        made["example"] = example
    return made
