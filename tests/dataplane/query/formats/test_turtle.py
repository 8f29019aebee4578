"""Turtle, read by other people's software."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from tests.dataplane.query.formats.tables import EDGE_ROWS, EDGES
from wushu.catalog.types import FieldType
from wushu.evidence import selectors as evidence


def literal(value: Any, type_: FieldType) -> Literal:
    if type_ is FieldType.TEXT:
        return Literal(value)
    datatype = {
        FieldType.INTEGER: XSD.integer, FieldType.DECIMAL: XSD.decimal, FieldType.NUMBER: XSD.double,
        FieldType.DATE: XSD.date, FieldType.DATETIME: XSD.dateTime, FieldType.BOOLEAN: XSD.boolean,
    }[type_]  # fmt: skip
    return Literal(value, datatype=datatype)


def test_rdflib_reads_one_triple_for_each_value(client, edges):
    graph = Graph().parse(data=client.get("/data/edges.ttl").text, format="turtle")
    base = f"{evidence.node().identifier_base}/id"
    wanted = {}
    for n, row in enumerate(EDGE_ROWS):
        for field, value in zip(EDGES, row, strict=True):
            if value is not None:
                key = (
                    URIRef(f"{base}/{edges.version.pk}#row={n + 2}"),
                    URIRef(f"{base}/{edges.id}#{quote(field.name, safe='')}"),
                )
                wanted[key] = literal(value, field.type)
    found = {(s, p): o for s, p, o in graph}
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key].datatype == value.datatype, key
        if isinstance(value.value, float) and math.isnan(value.value):
            assert math.isnan(found[key].value)
        else:
            assert found[key].value == value.value, key
