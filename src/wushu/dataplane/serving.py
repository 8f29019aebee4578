"""The serving file of a version: derived from its Parquet file, rebuildable, made for pages.

One uncompressed tar (readable by any tool) whose members are Arrow IPC files, so that a reader maps
it into memory and copies nothing:

``rows.arrow``      ``json``: each row as JSON text, in the order of the Parquet file
``index-N.arrow``   ``key``, ``pos``: the values of one column with the places of their rows, ascending;
                    empty values are left out
``serving.json``    layout, rows, columns with types, and which index is of which column

The same Parquet file and fields always give the same bytes. Why this layout:
``docs/decisions/0009-serving-layout.md``.
"""
# ruff: noqa: S608  (queries are put together from places and quoted literals, see quoting)

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow as pa
from pyarrow import ipc

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.query import engine
from wushu.dataplane.types import ServingInfo
from wushu.kernel.canonical import canonical_json

LAYOUT = "arrow-tar-1"
DESCRIPTION = "serving.json"
ROWS = "rows.arrow"

MAX_INDEXES = 4
"""Indexes a serving file may have, key columns excepted."""
MAX_KEY_BYTES = 32
"""Longer texts are prose, not codes."""
SHARE_OF_ROWS = 0.5
"""All chosen indexes together stay below this share of the row texts' bytes, keys excepted."""

_BLOCK = tarfile.BLOCKSIZE
_INDEXABLE = (FieldType.TEXT, FieldType.INTEGER, FieldType.DATE, FieldType.DATETIME)
_COLUMNS_PER_PASS = 32
_WIDE = 400  # columns from which the buffers of one row group are large
_BATCH_ROWS = 65_536
_BATCH_BYTES = 32 << 20
_VECTOR = 2_048  # rows the engine handles at once: the smallest useful batch


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What the choice of indexes looks at."""

    place: int
    distinct: int
    """Estimated number of different values."""
    max_bytes: int
    mean_bytes: float
    filled: int

    @property
    def unevenness(self) -> int:
        """How much longer than the mean the longest value is, in bytes."""
        return round(self.max_bytes - self.mean_bytes)


def build(parquet: Path, fields: Sequence[FieldSpec], target: Path) -> ServingInfo:
    """Write the serving file of ``parquet`` at ``target`` (atomically; an older one is replaced).

    ``parquet`` has ``_row`` first and then the fields in order. Memory stays below about 1 GB
    whatever the number of rows (2 GB for tables of more than 400 columns). ``duckdb.Error`` or ``OSError`` leave no file behind.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".spill-") as spill:
        half_made = Path(spill) / "serving.tar"
        memory, threads = ("1536MB", 1) if len(fields) > _WIDE else ("768MB", 2)
        with (
            half_made.open("w+b") as file,
            engine.connect(
                memory=memory, threads=threads, temporary=Path(spill), folders=[parquet.parent]
            ) as db,
        ):
            _write(db, parquet, tuple(fields), file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.seek(0, os.SEEK_END)
        half_made.replace(target)
    _sync_folder(target.parent)
    return ServingInfo(path=str(target), layout=LAYOUT, sha256=digest, bytes=size)


def faults(path: Path, parquet: Path, fields: Sequence[FieldSpec]) -> list[str]:
    """How the serving file's content differs from what its Parquet file gives; empty when equal.

    Sentences name the member at fault. The file is rebuilt beside it for the comparison.
    """
    if not path.is_file():
        return [f"{path.name} is missing"]
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".compare-") as folder:
        fresh = Path(folder) / "serving.tar"
        made = build(parquet, fields, fresh)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == made.sha256:
                return []
        return _differences(path, fresh)


def members(path: Path) -> dict[str, tuple[int, int]]:
    """Where each member lies: name to (offset, bytes). ``tarfile.TarError`` for what is no tar."""
    with tarfile.open(path, "r:") as archive:
        return {item.name: (item.offset_data, item.size) for item in archive.getmembers()}


def indexed_places(
    facts: Sequence[ColumnFacts], fields: Sequence[FieldSpec], row_bytes: int
) -> list[int]:
    """Which columns get an index, in the order of the table.

    Key columns always. Then, up to ``MAX_INDEXES`` and within ``SHARE_OF_ROWS``: columns with a code
    list, short texts whose values repeat, other short texts, dates and times, integers; among equals
    texts of even length (codes) before uneven ones (names), then fewer different values first. A
    column with a single value is no use.
    """
    keys = [f.place for f in facts if fields[f.place].key and fields[f.place].type in _INDEXABLE]
    others = sorted(
        (f for f in facts if f.place not in keys and _is_code_like(f, fields[f.place])),
        key=lambda f: (_rank(f, fields[f.place]), f.unevenness, f.distinct, f.place),
    )
    budget = row_bytes * SHARE_OF_ROWS
    chosen = list(keys)
    for fact in others[:MAX_INDEXES]:
        budget -= fact.filled * (fact.mean_bytes + 8)
        if budget < 0:
            break
        chosen.append(fact.place)
    return sorted(chosen)


def _is_code_like(fact: ColumnFacts, field: FieldSpec) -> bool:
    return (
        field.type in _INDEXABLE
        and fact.distinct > 1
        and (field.type is not FieldType.TEXT or fact.max_bytes <= MAX_KEY_BYTES)
    )


def _rank(fact: ColumnFacts, field: FieldSpec) -> int:
    if field.code_list:
        return 0
    if field.type is FieldType.TEXT:
        return 1 if fact.distinct * 2 <= fact.filled else 2
    return 4 if field.type is FieldType.INTEGER else 3


def _write(
    db: duckdb.DuckDBPyConnection, parquet: Path, fields: tuple[FieldSpec, ...], file: IO[bytes]
) -> None:
    """All members, one after the other, in constant memory."""
    source = engine.table(parquet, fields)
    with _member(file, ROWS) as out:
        rows, row_bytes = _write_rows(db, engine.json_row_of(fields), source, out)
    places = indexed_places(_facts(db, source, fields), fields, row_bytes)
    position = "UINTEGER" if rows < 2**32 else "UBIGINT"
    for number, place in enumerate(places):
        question = (
            f"SELECT c{place} AS key, {engine.POSITION}::{position} AS pos FROM {source} "
            f"WHERE c{place} IS NOT NULL ORDER BY 1, 2"
        )
        with _member(file, f"index-{number}.arrow") as out:
            _write_index(db, question, out)
    with _member(file, DESCRIPTION) as out:
        out.write(canonical_json(_description(fields, rows, places)))
    file.write(b"\0" * (2 * _BLOCK))


def _description(fields: Sequence[FieldSpec], rows: int, places: Sequence[int]) -> dict[str, Any]:
    return {
        "layout": LAYOUT,
        "rows": rows,
        "fields": [{"name": field.name, "type": field.type.value} for field in fields],
        "indexes": [
            {"field": place, "member": f"index-{number}.arrow"}
            for number, place in enumerate(places)
        ],
    }


@contextmanager
def _member(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """One tar member of unknown size: the header is written when the size is known."""
    start = file.tell()
    file.write(b"\0" * _BLOCK)
    yield file
    end = file.tell()
    size = end - start - _BLOCK
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o644
    file.seek(start)
    file.write(header.tobuf(tarfile.GNU_FORMAT))
    file.seek(end)
    file.write(b"\0" * (-size % _BLOCK))


def _write_rows(
    db: duckdb.DuckDBPyConnection, json_row: str, source: str, out: IO[bytes]
) -> tuple[int, int]:
    """Write the rows' texts in the order of the table; returns (rows, bytes)."""
    start, rows = out.tell(), 0
    relation = db.sql(f"SELECT {json_row} AS json, {engine.POSITION} FROM {source}")
    schema = pa.schema([pa.field("json", pa.large_string())])
    with (
        relation.to_arrow_reader(_batch_rows(db, json_row, source)) as reader,
        ipc.new_file(out, schema) as sink,
    ):
        for texts in engine.in_order(reader, gaps=False):
            sink.write_batch(pa.record_batch([texts], schema=schema))
            rows += len(texts)
    return rows, out.tell() - start


def _write_index(db: duckdb.DuckDBPyConnection, question: str, out: IO[bytes]) -> None:
    """Write the answer, which is sorted, as one Arrow IPC file."""
    with (
        db.sql(question).to_arrow_reader(_BATCH_ROWS) as reader,
        ipc.new_file(out, reader.schema) as sink,
    ):
        for batch in reader:
            sink.write_batch(batch)


def _batch_rows(db: duckdb.DuckDBPyConnection, json_row: str, source: str) -> int:
    """Rows per batch so that long texts do not fill the memory, judged by the first rows."""
    found = db.execute(
        f"SELECT avg(strlen(j)) FROM (SELECT {json_row} AS j FROM {source} LIMIT {_VECTOR})"
    ).fetchall()
    mean = found[0][0] or 1
    return max(_VECTOR, min(_BATCH_ROWS, int(_BATCH_BYTES / mean) // _VECTOR * _VECTOR))


def _facts(
    db: duckdb.DuckDBPyConnection, source: str, fields: Sequence[FieldSpec]
) -> list[ColumnFacts]:
    """What the choice of indexes needs, of the columns that may get one, some in each pass."""
    places = [place for place, field in enumerate(fields) if field.type in _INDEXABLE]
    found = []
    for start in range(0, len(places), _COLUMNS_PER_PASS):
        chosen = places[start : start + _COLUMNS_PER_PASS]
        asked = ", ".join(_fact_expressions(place, fields[place].type) for place in chosen)
        row = db.execute(f"SELECT {asked} FROM {source}").fetchall()[0]
        found += [ColumnFacts(place, *row[n * 4 : n * 4 + 4]) for n, place in enumerate(chosen)]
    return found


def _fact_expressions(place: int, type_: FieldType) -> str:
    width = f"strlen(c{place})" if type_ is FieldType.TEXT else "8"
    return (
        f"approx_count_distinct(c{place}), coalesce(max({width}), 0), "
        f"coalesce(avg({width}), 0), count(c{place})"
    )


def _differences(path: Path, fresh: Path) -> list[str]:
    """Member by member, by content."""
    try:
        found = members(path)
    except (tarfile.TarError, OSError) as error:
        return [f"{path.name} cannot be read: {error}"]
    wanted = members(fresh)
    said = [f"{path.name}: {name} is missing" for name in wanted if name not in found]
    said += [f"{path.name}: {name} does not belong there" for name in found if name not in wanted]
    for name in wanted.keys() & found.keys():
        if not _same_bytes(path, found[name], fresh, wanted[name]):
            said.append(f"{path.name}: {name} is not what the Parquet file gives")
    return sorted(said) or [f"{path.name}: bytes between its members were changed"]


def _same_bytes(
    left: Path, left_span: tuple[int, int], right: Path, right_span: tuple[int, int]
) -> bool:
    if left_span[1] != right_span[1]:
        return False
    with left.open("rb") as a, right.open("rb") as b:
        a.seek(left_span[0])
        b.seek(right_span[0])
        remaining = left_span[1]
        while remaining:
            size = min(remaining, 1 << 20)
            if a.read(size) != b.read(size):
                return False
            remaining -= size
    return True


def _sync_folder(folder: Path) -> None:
    """Make a rename durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def describe(path: Path) -> dict[str, Any]:
    """The file's ``serving.json``. ``KeyError`` or ``tarfile.TarError`` when it has none."""
    offset, size = members(path)[DESCRIPTION]
    with path.open("rb") as file:
        file.seek(offset)
        return dict(json.loads(file.read(size)))
