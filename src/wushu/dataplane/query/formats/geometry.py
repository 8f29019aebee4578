"""Geometries told as text, WKT (OGC 06-103r4, 7) or GeoJSON, as GeoJSON by expressions of the engine.

What is no geometry of RFC 7946, 3.1, in degrees is none at all: a projection's metres, a reference system
before the text, a collection of geometries, curves; in WKT also numbers with exponents. That a ring ends
where it began is taken at its word.
"""

from __future__ import annotations

from wushu.dataplane.quoting import literal

_FRACTION = r"(\.[0-9]+)?"
_LONGITUDE = rf"-?(180(\.0+)?|(1[0-7][0-9]|[1-9]?[0-9]){_FRACTION})"
_LATITUDE = rf"-?(90(\.0+)?|[1-8]?[0-9]{_FRACTION})"
_POSITION = rf"\[{_LONGITUDE},{_LATITUDE}(,-?(0|[1-9][0-9]*){_FRACTION})?\]"
_LINE = rf"\[{_POSITION}(,{_POSITION})+\]"
_RING = rf"\[{_POSITION}(,{_POSITION}){{3,}}\]"
_POLYGON = rf"\[{_RING}(,{_RING})*\]"
_SHAPES = {
    "Point": _POSITION,
    "LineString": _LINE,
    "Polygon": _POLYGON,
    "MultiPoint": rf"\[{_POSITION}(,{_POSITION})*\]",
    "MultiLineString": rf"\[{_LINE}(,{_LINE})*\]",
    "MultiPolygon": rf"\[{_POLYGON}(,{_POLYGON})*\]",
}
"""Coordinates of each type without any space (3.1.2 to 3.1.7)."""

_NUMBER = r"(-?[0-9.]+)"
_NUMBERS = literal(rf"{_NUMBER}\s+{_NUMBER}(?:\s+{_NUMBER})?")


def geometry_sql(cell: str) -> str:
    """The geometry's JSON text; ``null`` where the text is none."""
    cases = "".join(
        f" WHEN regexp_full_match({coordinates}, {literal(shape)}) THEN "
        f"{literal(_opening(name))} || {coordinates} || '}}'"
        for name, shape in _SHAPES.items()
        for coordinates in (_of_wkt(cell, name), _of_geojson(cell, name))
    )
    return f"CASE{cases} ELSE 'null' END"


def _opening(name: str) -> str:
    return f'{{"type":"{name}","coordinates":'


def _of_geojson(cell: str, name: str) -> str:
    """The coordinates of a text of this type; else empty."""
    document = f"CASE WHEN json_valid({cell}) THEN {cell} ELSE 'null' END"
    told = f"json_extract_string({document}, '$.type')"
    coordinates = f"json_extract({document}, '$.coordinates')::VARCHAR"
    return f"CASE WHEN {told} = '{name}' THEN {coordinates} ELSE '' END"


def _of_wkt(cell: str, name: str) -> str:
    """The same of WKT: its parentheses as brackets, its positions as lists."""
    whole = literal(rf"^\s*{name.upper()}(?:\s+Z)?\s*(\(.*\))\s*$")
    made = f"regexp_extract(upper({cell}), {whole}, 1, 's')"
    made = f"regexp_replace({made}, {_NUMBERS}, '[\\1,\\2,\\3]', 'g')"
    made = f"regexp_replace({made}, '\\s+', '', 'g')"
    made = f"translate(replace({made}, ',]', ']'), '()', '[]')"
    if name == "Point":
        return f"{made}[2:-2]"
    if name == "MultiPoint":  # each of its positions may stand in parentheses of its own
        return f"replace(replace(replace({made}, '[[[', '[['), ']],[[', '],['), ']]]', ']]')"
    return made
