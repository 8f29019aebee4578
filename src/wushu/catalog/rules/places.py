"""Which columns say where a row lies: told from their names, and from what is said of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wushu.catalog.types import Coordinates, FieldSpec, FieldType

_LONGITUDE = frozenset({"longitude", "lon", "lng", "long", "经度"})
_LATITUDE = frozenset({"latitude", "lat", "纬度"})
_GEOMETRY = frozenset({"geometry", "geom", "the_geom", "wkt", "geojson", "几何", "空间坐标"})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.DECIMAL, FieldType.INTEGER})
_SHIFTED = re.compile(r"gcj-?02|bd-?09|火星坐标|百度坐标|高德坐标|腾讯坐标", re.I)
"""Coordinates that are not of WGS 84, hundreds of metres away from it."""


def coordinates(fields: Sequence[FieldSpec]) -> Coordinates | None:
    """The one column of longitudes and the one of latitudes, in degrees of WGS 84.

    None where there is not exactly one of each, and where the columns are said to hold shifted
    coordinates (GCJ-02, BD-09): RFC 7946, 4, knows WGS 84 only.
    """
    longitudes = [one for one in fields if _is(one, _LONGITUDE)]
    latitudes = [one for one in fields if _is(one, _LATITUDE)]
    if len(longitudes) != 1 or len(latitudes) != 1:
        return None
    pair = (longitudes[0], latitudes[0])
    if any(_is_shifted(one) for one in pair):
        return None
    return Coordinates(longitude=pair[0].name, latitude=pair[1].name)


def geometry(fields: Sequence[FieldSpec]) -> str:
    """The one column of texts called a geometry, in WKT or GeoJSON; empty as ``coordinates`` gives None."""
    found = [
        one
        for one in fields
        if one.type is FieldType.TEXT and one.name.strip().lower() in _GEOMETRY
    ]
    return found[0].name if len(found) == 1 and not _is_shifted(found[0]) else ""


def _is_shifted(field: FieldSpec) -> bool:
    return _SHIFTED.search(f"{field.description} {field.title_zh} {field.unit}") is not None


def _is(field: FieldSpec, words: frozenset[str]) -> bool:
    return field.type in _NUMBERS and field.name.strip().lower() in words
