"""GeoJSON (RFC 7946): a feature for each row, a point where its coordinates are some.

Which columns hold them is the catalogue's word (``catalog.coordinates``, else ``catalog.geometry``). A row
without coordinates, or with some that are no degrees, has no geometry (3.2); its values stand in its
properties all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from wushu.catalog.selectors import coordinates, geometry
from wushu.catalog.types import FieldType
from wushu.dataplane.query import engine
from wushu.dataplane.query.formats.geometry import geometry_sql
from wushu.dataplane.query.formats.table import Run, Table
from wushu.dataplane.query.sql import Column


def runs(table: Table, first: int = 0) -> Iterator[Run]:
    """The collection; from a later row on without what stands before the rows."""
    if not first:
        yield Run(0, _head(table))
    begun = first > 0
    for run in table.lines(f"',' || chr(10) || {_feature(table)}", first):
        yield run if begun else Run(run.rows, run.data[1:])
        begun = True
    yield Run(0, b"\n]}\n")


def _head(table: Table) -> bytes:
    members = {
        "type": "FeatureCollection",
        "dataset": table.name.slug,  # foreign members (6.1)
        "version": table.name.number,
        "manifest_sha256": table.name.manifest_sha256,
    }
    return orjson.dumps(members)[:-1] + b',"features":['


def _feature(table: Table) -> str:
    return (
        f'\'{{"type":"Feature"\' || {_identity(table)} || \',"geometry":\' || {_geometry(table)} '
        f"|| ',\"properties\":' || {table.json_row} || '}}'"
    )


def _identity(table: Table) -> str:
    """The value of a key of one column, which is a text or a number (3.2)."""
    keys = [c for c, field in zip(table.columns, table.fields, strict=True) if field.key]
    if len(keys) != 1 or keys[0].type not in (FieldType.TEXT, FieldType.INTEGER):
        return "''"
    cell = engine.json_cell(keys[0].place, keys[0].type)
    return f"coalesce(',\"id\":' || to_json({cell})::VARCHAR, '')"


def _geometry(table: Table) -> str:
    named: dict[str, Column] = {column.name: column for column in table.columns}
    found = coordinates(table.fields)
    if found is None:
        return geometry_sql(f"c{named[geometry(table.fields)].place}")
    longitude, latitude = (f"c{named[name].place}" for name in (found.longitude, found.latitude))
    # NaN is greater than every number to the engine: it is not between two
    return (
        f"CASE WHEN {longitude} BETWEEN -180 AND 180 AND {latitude} BETWEEN -90 AND 90 "
        f'THEN \'{{"type":"Point","coordinates":[\' || {longitude}::VARCHAR || \',\' '
        f"|| {latitude}::VARCHAR || ']}}' ELSE 'null' END"
    )
