"""The batch engine (DuckDB) as the data plane opens it, and a version's cells as SQL.

Columns of a Parquet file are addressed by place (``c0``, ``c1`` …), never by name: DuckDB compares
names without case, so that ``ID`` and ``id`` would otherwise become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from django.conf import settings

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.quoting import literal

SAFE_INTEGER = 2**53 - 1
"""RFC 7493 (I-JSON), 2.2: a larger integer is written as text, since readers use doubles."""

POSITION = "pos"
"""Place of a row in its version, from 0; it follows the order of ``_row``."""


def connect(
    *,
    memory: str = "512MB",
    threads: int = 2,
    temporary: Path | None = None,
    folders: Sequence[Path] = (),
) -> duckdb.DuckDBPyConnection:
    """A private in-memory engine, closed to everything but the node's objects.

    It spills to ``temporary``, else beside the node's files; ``folders`` are others it may use.
    """
    spill = temporary or settings.HOME / f".spill-{uuid4().hex}"
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": threads,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    db = duckdb.connect(":memory:", config=options)
    db.execute("SET arrow_large_buffer_size = true")  # 64-bit offsets: long texts do not overflow
    confine(db, [Path(settings.OBJECTS_DIR), spill, *folders])
    return db


def confine(db: duckdb.DuckDBPyConnection, folders: Sequence[Path]) -> None:
    """Let the engine use files in these folders only, load nothing, and be set no other way.

    A second line: the node runs no SQL of others, and a fault of its own must not read ``/etc`` either
    (DuckDB, "Securing DuckDB"). These settings cannot be given before the engine has started.
    """
    allowed = ", ".join(literal(str(folder)) for folder in folders)
    db.execute(f"SET allowed_directories = [{allowed}]")
    db.execute("SET enable_external_access = false")
    db.execute("SET lock_configuration = true")


def table(parquet: Path, fields: Sequence[FieldSpec]) -> str:
    """FROM clause over a version's file with columns ``c0`` … and ``pos``."""
    names = ", ".join(["_row", *(f"c{place}" for place in range(len(fields))), POSITION])
    return f"read_parquet({literal(str(parquet))}, file_row_number=true) AS t({names})"


def in_order(batches: Iterable[Any], *, gaps: bool, first: int = 0) -> Iterator[Any]:
    """First columns of batches whose second column is ``pos``, checked to be in order from ``first``."""
    return (batch.column(0) for batch in checked(batches, gaps=gaps, first=first))


def checked(batches: Iterable[Any], *, gaps: bool, first: int = 0) -> Iterator[Any]:
    """Batches whose second column is ``pos``, when they are in order from ``first``; empty ones skipped.

    ``RuntimeError`` when they are not: the engine keeps the order of a table while it filters and
    computes, but not through a join, and it makes joins of its own (of ``IN`` lists, for one).
    """
    expected = first
    for batch in batches:
        if not batch.num_rows:
            continue
        begin, last = batch.column(1)[0].as_py(), batch.column(1)[-1].as_py()
        whole = begin == expected and last - begin == batch.num_rows - 1
        rising = begin >= expected and last - begin >= batch.num_rows - 1
        if not (rising if gaps else whole):
            raise RuntimeError("the engine gave rows out of their order")
        expected = last + 1
        yield batch


def json_cell(place: int, type_: FieldType) -> str:
    """Expression of a cell's JSON value.

    Decimals are text, so that ``12.50`` stays ``12.50`` in every client; so are integers beyond
    2^53 and the numbers JSON does not know (``nan``, ``inf``). Dates and times are ISO 8601.
    """
    cell = f"c{place}"
    match type_:
        case FieldType.INTEGER:
            return (
                f"CASE WHEN {cell} BETWEEN -{SAFE_INTEGER} AND {SAFE_INTEGER} "
                f"THEN to_json({cell}) ELSE to_json({cell}::VARCHAR) END"
            )
        case FieldType.NUMBER:
            return (
                f"CASE WHEN isfinite({cell}) THEN to_json({cell}) ELSE to_json({cell}::VARCHAR) END"
            )
        case FieldType.DECIMAL | FieldType.DATE | FieldType.DATETIME:
            return text_cell(place, type_)
        case _:
            return cell


def text_cell(place: int, type_: FieldType) -> str:
    """Expression of a cell's text, as CSV carries it; NULL stays NULL."""
    cell = f"c{place}"
    match type_:
        case FieldType.TEXT:
            return cell
        case FieldType.DATETIME:
            return f"replace({cell}::VARCHAR, ' ', 'T')"
        case _:
            return f"{cell}::VARCHAR"


def json_row(columns: Iterable[tuple[str, int, FieldType]]) -> str:
    """Expression of a row's JSON object as text: of columns by name, place and type, in their order."""
    pairs = ", ".join(
        f"{literal(name)}, {json_cell(place, type_)}" for name, place, type_ in columns
    )
    return f"json_object({pairs})::VARCHAR"


def json_row_of(fields: Sequence[FieldSpec]) -> str:
    """The same of all columns of a version."""
    return json_row((field.name, place, field.type) for place, field in enumerate(fields))
