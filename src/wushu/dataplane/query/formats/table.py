"""What a format is made of: the columns and rows that go out, and the engine that makes their texts.

A table is rows of a version, as a grant allows them, or the rows of one page. Writers ask it for one
text of each row, or for its rows as Arrow batches; how they are filtered and read is not theirs.
"""
# ruff: noqa: S608  (put together from places and clauses; values are parameters)

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from wushu.catalog.types import FieldSpec
from wushu.dataplane.query import engine, ordering, sql
from wushu.dataplane.query.exports import Run
from wushu.dataplane.query.reader import Reader, Texts
from wushu.dataplane.query.types import Condition
from wushu.dataplane.query.versions import Version

EVERY_ROW = sql.Clause("true")
__all__ = ["EVERY_ROW", "RUN_ROWS", "Name", "Run", "Table", "of_version"]

RUN_ROWS = 2_048
"""Rows that are made at once, at most."""


@dataclass(frozen=True, slots=True)
class Name:
    """Which data these are; the same for every reader and at any time."""

    slug: str
    dataset: UUID
    version: UUID
    number: int
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of a version: all of them, a grant's part of them, or one page."""

    name: Name
    columns: tuple[sql.Column, ...]
    """Those that go out, in their order."""
    fields: tuple[FieldSpec, ...]
    """Their descriptions."""
    source: str
    """FROM clause with ``c0`` … and ``pos``."""
    matching: sql.Clause = EVERY_ROW
    """What the rows fulfil."""
    gaps: bool = False
    """Rows of the source may be left out."""
    rows: int | None = None
    """How many there are, where it is known."""
    page: Any = None
    """An Arrow table to read instead of a file; the source is then ``page``."""
    reader: Callable[[], Reader | None] = lambda: None
    """The serving file, where it is there and holds just these columns and rows."""
    order: bytes | None = None
    """Key of the order the rows go out in (``query.ordering``); None: that of the table."""

    @property
    def json_row(self) -> str:
        """Expression of a row's JSON object as text."""
        return engine.json_row((one.name, one.place, one.type) for one in self.columns)

    def select(self, expressions: str) -> str:
        """Statement that gives the expressions of every row; its parameters are those of ``matching``."""
        return f"SELECT {expressions} FROM {self.source} WHERE {self.matching.sql}"

    def lines(self, expression: str, first: int = 0) -> Iterator[Run]:
        """The expression's text of each row from place ``first`` on, some rows at a time."""
        for texts in self._rows(f"{expression} AS line", first):
            yield Run(len(texts), Texts(texts).together)

    def batches(self, first: int = 0) -> Iterator[Any]:
        """Rows from place ``first`` on as record batches with the columns' own names and types."""
        cells = ", ".join(f"c{column.place}" for column in self.columns)
        names = [column.name for column in self.columns]
        packed = f"struct_pack({_packed(self.columns)}) AS line" if cells else "NULL AS line"
        for one in self._rows(packed, first):
            yield pa.RecordBatch.from_arrays(one.flatten(), names=names)

    def one(self, expressions: Sequence[str]) -> tuple[Any, ...]:
        """Aggregates over all rows."""
        with self._engine() as db:
            return tuple(
                db.execute(
                    self.select(", ".join(expressions)), list(self.matching.params)
                ).fetchall()[0]
            )

    def count(self) -> int:
        """How many rows there are; looks at them where that is not known."""
        return self.rows if self.rows is not None else int(self.one(["count(*)"])[0])

    def _rows(self, expression: str, first: int) -> Iterator[Any]:
        """The expression of each row from place ``first`` of what goes out on."""
        begin = first if self.order is None else ordering.block_start(first)
        with self._batches(expression, begin) as batches:
            checked = engine.checked(batches, gaps=self.gaps, first=begin)
            if self.order is None:
                yield from (batch.column(0) for batch in checked)
            else:
                yield from ordering.arranged(checked, self.order, skip=first - begin)

    @contextmanager
    def _batches(self, expression: str, first: int) -> Iterator[Iterator[Any]]:
        with self._engine() as db:
            relation = db.sql(
                f"{self.select(f'{expression}, {engine.POSITION}')} AND {engine.POSITION} >= {first}",
                params=list(self.matching.params),
            )
            with relation.to_arrow_reader(RUN_ROWS) as batches:
                yield batches

    @contextmanager
    def _engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with engine.connect(memory="256MB") as db:
            if self.page is not None:
                db.register("page", self.page)
            yield db


def of_version(
    slug: str,
    version: Version,
    names: Sequence[str],
    row_filter: tuple[Condition, ...] = (),
    order: bytes | None = None,
) -> Table:
    """The rows of a version that fulfil ``row_filter``, in these columns; ``order``: its key, if any."""
    columns = tuple(version.columns[name] for name in names)
    whole = tuple(names) == version.names and not row_filter
    return Table(
        name=Name(slug, version.dataset, version.id, version.number, version.manifest_sha256),
        columns=columns,
        fields=tuple(version.fields[column.place] for column in columns),
        source=version.source,
        matching=sql.where(row_filter, version.columns),
        gaps=bool(row_filter),
        rows=None if row_filter else version.rows,
        reader=(lambda: version.reader) if whole and order is None else (lambda: None),
        order=order,
    )


def _packed(columns: Sequence[sql.Column]) -> str:
    """The cells of a row under names that cannot collide, whatever the columns are called."""
    return ", ".join(f"f{n} := c{column.place}" for n, column in enumerate(columns))
