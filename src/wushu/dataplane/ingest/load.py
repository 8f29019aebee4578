"""From a confirmed schema to the files of a version, in a folder that nobody sees yet.

One pass of the engine turns the text into a typed staging table in which every row that does not fit
carries why; from it come the Parquet file, the rejects and the profile. ``declared = loaded +
rejected``, or the load has failed. Measured in decision 0008.
"""
# ruff: noqa: S608  (queries are put together from places and quoted literals, see quoting)

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from wushu.catalog.types import FieldSpec
from wushu.dataplane.ingest import convert, decode, engine, source, store, table
from wushu.dataplane.ingest.profile import profile
from wushu.dataplane.ingest.refusals import ALL_REJECTED, ROWS_NOT_ACCOUNTED
from wushu.dataplane.ingest.words import REJECT_REASONS
from wushu.dataplane.quoting import identifier, literal
from wushu.dataplane.types import Confirmed, Found, RejectReason
from wushu.kernel.failpoints import failpoint

DATA, REJECTS, PROFILE, MANIFEST = (
    "data.parquet",
    "rejects.parquet",
    "profile.json",
    "manifest.json",
)
ROW_GROUP = 122_880
_ROW_GROUP_CELLS = 8_000_000
_VECTOR = 2048

Report = Callable[[float], None]
"""Told which share of the whole load is done, 0 to 1, now and then."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a version."""

    declared: int
    loaded: int
    rejected: int


def build(
    original: Path, found: Found, confirmed: Confirmed, work: Path, target: Path, report: Report
) -> Counts:
    """Write data, rejects and profile of a version into the folder ``target``; fsynced.

    Refusals: ``quote-not-closed``, ``all-rows-rejected``, ``rows-not-accounted``, ``disk-full``.
    """
    with engine.connect(work / "spill", columns=len(found.columns)) as connection:
        loading = _Loading(connection, found, confirmed, report)
        loading.stage(original, work)
        failpoint("ingest.staged")
        counts = loading.counts()
        semantics = {
            field.name: found.columns[position].semantic
            for field, position in zip(confirmed.fields, confirmed.positions, strict=True)
        }
        # Writing leaves a part of the processors idle, which the profile takes.
        profiled = partial(profile, fields=confirmed.fields, semantics=semantics)
        with engine.beside(connection, profiled) as profiling:
            loading.write(target)
            failpoint("ingest.parquet.written")
            described = profiling.result()
    text = json.dumps(described.as_json(), ensure_ascii=False, indent=1)
    with engine.disk_full_refused():
        store.write_durably(target / PROFILE, text.encode())
        store.sync_file(target / DATA)
        store.sync_file(target / REJECTS)
    report(0.8)
    return counts


class _Loading:
    """One load on one connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        found: Found,
        confirmed: Confirmed,
        report: Report,
    ) -> None:
        self._connection = connection
        self._found = found
        self._fields = confirmed.fields
        self._cells = [f"c{position}" for position in confirmed.positions]
        self._conversions = [
            convert.Conversion(place, field, cell)
            for place, (field, cell) in enumerate(zip(self._fields, self._cells, strict=True))
        ]
        self._dialect = confirmed.dialect
        self._encoding = confirmed.encoding
        self._report = report
        self._table: table.Table

    def stage(self, original: Path, work: Path) -> None:
        """The table ``stage``: typed values ``v0`` …, why a row does not fit, and then its cells."""
        with engine.disk_full_refused():
            decoding = decode.reopened(original, self._encoding)
            text = source.text_of(original, decoding, work, original.name)
        columns = len(self._found.columns)
        self._report(0.05)
        if self._found.in_place:
            self._table = table.in_place(text, self._dialect, columns, self._found.first_line)
        else:
            self._table = table.rewritten(text, self._dialect, columns, work)
        self._report(0.1)
        engine.run_in_order(self._connection, self._staging(), self._tick(0.1, 0.45))
        engine.run(
            self._connection,
            f"CREATE VIEW good AS SELECT {self._table.row_sql} AS _row, * FROM stage "
            "WHERE _fault IS NULL",
        )

    def _staging(self) -> str:
        numbers = ["_row", "_line"] if self._table.rewritten else []
        every = [f"c{place}" for place in range(self._table.columns)]
        values = [one.value for one in self._conversions]
        typed = convert.converted(self._table.relation, self._conversions, keep=[*every, *numbers])
        return (
            f"CREATE TABLE stage AS SELECT {', '.join([*values, *numbers])}, _fault, "
            f"CASE WHEN _fault IS NOT NULL THEN [{', '.join(every)}] END AS _cells "
            f"FROM (SELECT *, {self._fault()} AS _fault FROM {typed})"
        )

    def _fault(self) -> str:
        """SQL: twice the place of the first field that does not fit, plus one if it is just empty."""
        cases = []
        for one in self._conversions:
            if one.is_typed:
                cases.append(f"WHEN {one.is_fault} THEN {2 * one.place}")
            if one.field.required:
                cases.append(f"WHEN {one.value} IS NULL THEN {2 * one.place + 1}")
        return f"(CASE {' '.join(cases)} END)::INTEGER" if cases else "NULL::INTEGER"

    def counts(self) -> Counts:
        """Declared, loaded and rejected rows, each counted by itself; they must add up."""
        staged, good, faults = self._query(
            "SELECT count(*), count(*) FILTER (_fault IS NULL), "
            "(SELECT count(*) FROM reject_errors) FROM stage"
        )[0]
        divided = self._table.counts
        declared = self._found.rows if divided is None else divided.declared
        undivided = 0 if divided is None else divided.rejected
        counts = Counts(declared, good, staged - good + undivided)
        consistent = declared == self._found.rows == counts.loaded + counts.rejected
        if not consistent or faults:
            raise ROWS_NOT_ACCOUNTED(
                declared=declared, loaded=counts.loaded, rejected=counts.rejected
            )
        if not counts.loaded:
            raise self._all_rejected(counts.rejected)
        return counts

    def _all_rejected(self, rows: int) -> Exception:
        tallies: Counter[tuple[str, str]] = Counter()
        for fault, count in self._query("SELECT _fault, count(*) FROM stage GROUP BY 1"):
            tallies[self._fields[fault // 2].name, self._reasons()[fault]] += count
        (column, reason), _ = (tallies.most_common(1) or [(("", "too-few-cells"), 0)])[0]
        return ALL_REJECTED(rows=rows, column=column, reason=REJECT_REASONS[reason])

    def _reasons(self) -> list[str]:
        """Reason by fault code."""
        reasons: list[str] = []
        for field in self._fields:
            wrong = convert.REASONS.get(field.type, RejectReason.REQUIRED_IS_EMPTY)
            reasons += [wrong.value, RejectReason.REQUIRED_IS_EMPTY.value]
        return reasons

    def write(self, target: Path) -> None:
        """The Parquet files."""
        columns = ", ".join(
            f"v{place} AS {identifier(field.name)}" for place, field in enumerate(self._fields)
        )
        size = max(_VECTOR, min(ROW_GROUP, _ROW_GROUP_CELLS // len(self._fields)))
        size = size // _VECTOR * _VECTOR
        engine.run_in_order(
            self._connection,
            f"COPY (SELECT (_row)::BIGINT AS _row, {columns} FROM good) "
            f"TO {literal(str(target / DATA))} "
            f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {size})",
            self._tick(0.45, 0.7),
        )
        engine.run(
            self._connection,
            f'COPY (SELECT * FROM ({self._rejects()}) ORDER BY "row") '
            f"TO {literal(str(target / REJECTS))} (FORMAT parquet, COMPRESSION zstd)",
        )
        self._report(0.7)

    def _rejects(self) -> str:
        names = engine.texts([field.name for field in self._fields])
        cells = ", ".join(str(int(cell[1:]) + 1) for cell in self._cells)
        faulty = (
            f'SELECT ({self._table.row_sql})::BIGINT AS "row", '
            f"({self._table.line_sql})::BIGINT AS line, "
            f'[{names}][_fault // 2 + 1] AS "column", '
            f"[{engine.texts(self._reasons())}][_fault + 1] AS reason, "
            f"_cells[[{cells}][_fault // 2 + 1]] AS text, _cells AS cells "
            "FROM stage WHERE _fault IS NOT NULL"
        )
        if self._table.rejects is None:
            return faulty
        spool = literal(str(self._table.rejects))
        return (
            f"{faulty} UNION ALL SELECT \"row\", line, '', reason, text, []::VARCHAR[] "
            f"FROM read_parquet({spool})"
        )

    def _tick(self, start: float, end: float) -> engine.Tick:
        return lambda share: self._report(start + (end - start) * share)

    def _query(self, sql: str) -> list[tuple[Any, ...]]:
        return engine.run(self._connection, sql)


def manifest(
    *,
    dataset: str,
    number: int,
    created_at: str,
    source_of: dict[str, Any],
    fields: Sequence[FieldSpec],
    counts: Counts,
    folder: Path,
    derived: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The document that fixes a version: hashes of the source and of every file."""
    files = [
        {
            "role": role,
            "path": name,
            "sha256": store.hash_of(folder / name),
            "bytes": (folder / name).stat().st_size,
        }
        for role, name in (("data", DATA), ("rejects", REJECTS), ("profile", PROFILE))
    ]
    return {
        "dataset": dataset,
        "number": number,
        "created_at": created_at,
        "source": source_of,
        "fields": [field.as_json() for field in fields],
        "rows": {
            "declared": counts.declared,
            "loaded": counts.loaded,
            "rejected": counts.rejected,
        },
        "files": files,
        "derived": list(derived),
    }
