"""Where the rows of a version lie: counted in squares, so that any number of rows makes a map."""
# ruff: noqa: S608  (put together from places and clauses; values are parameters)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from wushu.catalog.types import Coordinates, FieldSpec, FieldType
from wushu.dataplane.query import sql
from wushu.dataplane.query.types import Condition
from wushu.dataplane.query.versions import Version

SQUARES = 24
"""Along the longer side of the map."""
SPOTS_MOST = 300
"""Squares that are shown, those with most rows; how many there are is said."""
NAMES_SHOWN = 3
"""Rows of a square that are named."""

_NAMES = frozenset({"name", "title", "名称", "名字", "站名", "地名"})


@dataclass(frozen=True, slots=True)
class Spot:
    """The rows of one square, at the middle of where they lie; degrees of WGS 84."""

    longitude: float
    latitude: float
    rows: int
    names: tuple[str, ...]
    """Of the first of them, where a column names rows."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the rows lie within, in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Spots:
    """Squares with rows, those with most first."""

    spots: tuple[Spot, ...]
    all_spots: int
    rows: int
    """Rows with a place."""
    without: int
    """Rows without one, or with numbers that are no degrees."""
    bounds: Bounds | None
    """None where no row has a place."""


def name_column(fields: Sequence[FieldSpec]) -> str:
    """The column that names rows to people, else their key, else the first text; empty without one."""
    texts = [one for one in fields if one.type is FieldType.TEXT]
    for field in texts:
        if field.name.strip().lower() in _NAMES or field.title_zh.endswith(("名", "名称")):
            return field.name
    texts.sort(key=lambda one: not one.key)
    return texts[0].name if texts else ""


def spots(
    db: duckdb.DuckDBPyConnection,
    version: Version,
    at: Coordinates,
    name: str,
    asked: Sequence[Condition],
) -> Spots:
    """The squares of the rows that fulfil the conditions."""
    matching = sql.where(asked, version.columns)
    named = f"c{version.columns[name].place}" if name else "NULL"
    base = (
        f"SELECT c{version.columns[at.longitude].place}::DOUBLE AS x, "
        f"c{version.columns[at.latitude].place}::DOUBLE AS y, {named} AS name "
        f"FROM {version.source} WHERE {matching.sql}"
    )
    params = list(matching.params)
    placed = "x BETWEEN -180 AND 180 AND y BETWEEN -90 AND 90"
    west, south, east, north, rows, every = db.execute(
        f"WITH base AS ({base}) SELECT min(x) FILTER ({placed}), min(y) FILTER ({placed}), "
        f"max(x) FILTER ({placed}), max(y) FILTER ({placed}), count(*) FILTER ({placed}), count(*) "
        "FROM base",
        params,
    ).fetchall()[0]
    if not rows:
        return Spots((), 0, 0, every, None)
    side = max(east - west, north - south, 1e-6) / SQUARES
    found = db.execute(
        f"WITH base AS ({base}) SELECT avg(x), avg(y), count(*), min(name, {NAMES_SHOWN}), "
        f"count(*) OVER () FROM base WHERE {placed} "
        "GROUP BY floor((x - ?) / ?), floor((y - ?) / ?) "
        f"ORDER BY count(*) DESC, avg(x), avg(y) LIMIT {SPOTS_MOST}",
        [*params, west, side, south, side],
    ).fetchall()
    shown = tuple(Spot(x, y, n, tuple(names or ())) for x, y, n, names, _ in found)
    return Spots(shown, int(found[0][4]), rows, every - rows, Bounds(west, south, east, north))
