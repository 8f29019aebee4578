"""The OpenAPI 3.1 description of everything that answers with JSON or rows.

Served at ``/api/v1/openapi.json`` and kept as ``docs/reference/openapi.json``; a test compares the two,
and Schemathesis holds the node to it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

import wushu
from wushu.config.openapi import cases, catalogue, log, planning, results
from wushu.config.openapi.operations import Part
from wushu.config.openapi.schemas import SCHEMAS


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
            {"name": "rules", "description": "Regulations as data, and where they apply"},
            {"name": "figures", "description": "How much the data are used"},
            {"name": "subscriptions", "description": "What an account follows"},
            {"name": "cases", "description": "What was filed, and what is to be done about it"},
            {
                "name": "results",
                "description": "What was built on the data, and how they are rated",
            },
            {
                "name": "computations",
                "description": "Programs that are run where the data are",
            },
            {"name": "assessments", "description": "How each body opened its data in a year"},
            {
                "name": "needs",
                "description": "Which data the public asks for, and what became of it",
            },
            {
                "name": "plans",
                "description": "What each body will open in a year, and how far it is",
            },
            {"name": "ckan", "description": "CKAN Action API 3"},
            {"name": "evidence", "description": "RFC 6962 log, C2SP tlog-tiles"},
            {"name": "node"},
        ],
        "paths": {
            **catalogue.catalogue(),
            **catalogue.rows(),
            **cases.rules(),
            **catalogue.figures(),
            **cases.subscriptions(),
            **cases.cases(),
            **results.results(),
            **results.ratings(),
            **results.contests(),
            **cases.computations(),
            **planning.plans(),
            **planning.needs(),
            **planning.assessments(),
            **catalogue.ckan(),
            **log.evidence(),
            **log.node(),
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope rows:read.",
                },
                "party": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope cases:file or cases:handle.",
                },
                "contributor": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope results:file or results:review.",
                },
                "computer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope rows:read or cases:handle.",
                },
                "planner": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope catalog:write or catalog:review.",
                },
                "manager": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key with the scope subscriptions:manage.",
                },
            },
        },
    }
