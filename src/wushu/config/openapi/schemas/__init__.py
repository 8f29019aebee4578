"""Shapes of the JSON that the node's API answers with and takes."""

from __future__ import annotations

from wushu.config.openapi.schemas import care, cases, catalogue, computing, planning, results
from wushu.config.openapi.shapes import Schema

SCHEMAS: dict[str, Schema] = {
    **catalogue.SCHEMAS,
    **cases.SCHEMAS,
    **results.SCHEMAS,
    **planning.SCHEMAS,
    **care.SCHEMAS,
    **computing.SCHEMAS,
}
