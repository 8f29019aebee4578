"""Addresses of the log and of the node itself."""

from __future__ import annotations

from wushu.config.openapi.operations import (
    Part,
    content_of,
    json_of,
    operation_of,
    path_parameter,
    query_parameter,
)
from wushu.config.openapi.shapes import COUNT, Schema, reference


def evidence() -> Part:
    """The log and its proofs."""
    proof = {"oneOf": [reference("InclusionProof"), reference("ConsistencyProof")]}
    index: Schema = {**COUNT, "maximum": 2**53 - 1}
    return {
        "/api/v1/evidence/entries/{index}": operation_of(
            "showLogEntry", "evidence", "An entry of the log with its proof.",
            [{**path_parameter("index", 0), "schema": index}], json_of("LogEntry"), (404, 405, 422),
        ),
        "/api/v1/evidence/proof": operation_of(
            "proveLog", "evidence", "An inclusion proof (index, size) or a consistency proof (first, second).",
            [query_parameter(name, index, "") for name in ("index", "size", "first", "second")],
            {"application/json": {"schema": proof}}, (404, 405, 422),
        ),
    }  # fmt: skip


def node() -> Part:
    """Whether the node lives and can answer, and this description."""
    unready = {"description": "What is missing, by name.", "content": json_of("Health")}
    ready = operation_of(
        "ready", "node", "Whether the node can answer.", [], json_of("Health"), (405,)
    )
    ready["get"]["responses"]["503"] = unready
    return {
        "/healthz": operation_of("alive", "node", "Whether the process lives.", [], json_of("Health"), (405,)),
        "/readyz": ready,
        "/api/v1/openapi.json": operation_of(
            "describeApi", "node", "This document.", [],
            content_of("application/json", {"type": "object"}), (405,),
        ),
    }  # fmt: skip
