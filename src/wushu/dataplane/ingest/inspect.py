"""What an upload holds: encoding, dialect, columns with proposed types, tried on every row."""
# ruff: noqa: S608  (queries are put together from places and quoted literals, see quoting)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane import quoting
from wushu.dataplane.ingest import convert, decode, dialect, engine, source, table
from wushu.dataplane.ingest.infer import propose
from wushu.dataplane.ingest.refusals import NO_DATA_ROWS, ROWS_NOT_ACCOUNTED, TOO_MANY_COLUMNS
from wushu.dataplane.ingest.trying import Column, batched
from wushu.dataplane.types import (
    CellExample,
    ColumnFound,
    Dialect,
    Found,
    Newline,
    PersonalInformation,
)
from wushu.privacy.selectors import scan as scan_for_personal_information

COLUMNS_PER_PASS = 100
SAMPLE_SHOWN = 20
SAMPLES_PER_COLUMN = 5
EXAMPLES_PER_COLUMN = 3
PRIVACY_ROWS = 5_000
"""Tables up to this size are searched whole for personal information, larger ones by the sample."""
_EXAMPLE_ROWS = 60
_SHOWN_WIDTH = 300
_WORDS_FOR_NULL = frozenset(
    ("NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "NaN", "nan", "\\N")
)
"""Null literals that a text column shares when the table's typed columns use them."""


def inspect(
    original: Path,
    name: str,
    work: Path,
    *,
    encoding: str = "",
    told: Dialect | None = None,
    max_columns: int,
) -> Found:
    """Look into a stored original; ``work`` is a folder for what must be written on the way.

    Refusals: those of ``decode.detect``, ``too-many-columns``, ``no-data-rows``,
    ``quote-not-closed``, ``disk-full``.
    """
    decoding = decode.detect(original, name, encoding)
    with engine.disk_full_refused():
        text = source.text_of(original, decoding, work, name)
    sniffed = dialect.sniff(text.beginning(), source.newline(text), told)
    if not sniffed.columns:
        raise NO_DATA_ROWS(name=name)
    if sniffed.columns > max_columns:
        raise TOO_MANY_COLUMNS(columns=sniffed.columns, limit=max_columns)
    with engine.connect(work / "spill", columns=sniffed.columns) as connection:
        examined = _Examination(connection, text, sniffed, work)
        rows = examined.run()
        if not rows:
            raise NO_DATA_ROWS(name=name)
        columns = examined.described()
        personal = examined.personal()
    return Found(
        bytes=original.stat().st_size,
        encoding=decoding.encoding,
        evidence=decoding.evidence,
        candidates=decoding.candidates,
        dialect=sniffed.dialect,
        preamble=sniffed.preamble,
        rows=rows,
        in_place=not examined.table.rewritten,
        first_line=sniffed.data_line,
        ragged=examined.ragged,
        ragged_examples=examined.table.examples,
        columns=columns,
        sample=tuple(
            tuple(cell[:_SHOWN_WIDTH] for cell in row) for row in examined.sample[:SAMPLE_SHOWN]
        ),
        personal=personal,
        warnings=tuple(_warnings(sniffed, columns, examined.ragged, personal)),
    )


class _Examination:
    """Proposals tried on a whole table."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        text: source.TextFile,
        sniffed: dialect.Sniffed,
        work: Path,
    ) -> None:
        self._connection = connection
        self._text = text
        self._sniffed = sniffed
        self._work = work
        self.columns: list[Column] = []
        self.sample: list[list[str]] = []
        self.rows = 0
        self.ragged = 0
        self.table: table.Table

    def run(self) -> int:
        """Count the rows and try the proposals; in place if that accounts for every byte."""
        rows = self._try_in_place()
        self.rows = self._carefully() if rows is None else rows
        return self.rows

    def _carefully(self) -> int:
        self.table = table.rewritten(
            self._text, self._sniffed.dialect, self._sniffed.columns, self._work
        )
        counts = self.table.counts
        assert counts is not None
        self.ragged = counts.rejected
        self._forget_faults()
        self._propose(counts.sample)
        rows = self._measure()
        if rows != counts.good or self._faults():
            raise ROWS_NOT_ACCOUNTED(
                declared=counts.declared, loaded=rows, rejected=counts.rejected
            )
        self._fall_back()
        return counts.declared

    def _try_in_place(self) -> int | None:
        """Rows, or None when a line is not always a row."""
        how = self._sniffed.dialect
        if how.newline not in (Newline.LF, Newline.CRLF):
            return None
        offset = source.offset_of_line(self._text, self._sniffed.data_line)
        self.table = table.in_place(self._text, how, self._sniffed.columns, self._sniffed.data_line)
        if offset == self._text.size:
            return 0
        self._propose(table.sample(self._text, offset, how, self._sniffed.columns))
        # The engine needs no interpreter while it measures: the bytes are counted meanwhile.
        with ThreadPoolExecutor(1) as pool:
            counting = pool.submit(source.scan, self._text, offset, how.newline, how.quote)
            try:
                rows, text_bytes = self._measure(), self._text_bytes
            except duckdb.Error:  # the careful way will say what is wrong, and where
                return None
            counted = counting.result()
        if counted.breaks_in_quotes:
            return None
        delimiters = rows * (self._sniffed.columns - 1) * len(how.delimiter.encode())
        accounted = text_bytes + delimiters + counted.line_end_bytes + counted.quotes
        if rows != counted.lines or accounted != counted.bytes or self._faults():
            return None
        self._fall_back()
        return rows

    def _propose(self, sample: list[list[str]]) -> None:
        self.sample = sample
        headers = self._sniffed.header or tuple(
            f"column_{place + 1}" for place in range(self._sniffed.columns)
        )
        self.columns = []
        for place, header in enumerate(headers):
            cells = [row[place] for row in sample]
            shown = dict.fromkeys(text[:_SHOWN_WIDTH] for text in cells if text.strip())
            seen = {text.strip(convert.BLANKS) for text in cells} & set(dialect.NULL_LITERALS)
            self.columns.append(
                Column(
                    place,
                    header,
                    propose(header, cells),
                    samples=tuple(shown)[:SAMPLES_PER_COLUMN],
                    literals=("", *sorted(seen - {""})),
                )
            )

    def _measure(self) -> int:
        """Try each column's first proposal on all rows; returns the number of rows."""
        rows = 0
        self._text_bytes = 0
        for chosen in batched(self.columns, COLUMNS_PER_PASS):
            rows = self._measure_some(chosen, account=True)
        return rows

    def _measure_some(self, columns: Sequence[Column], *, account: bool = False) -> int:
        quote = self._sniffed.dialect.quote
        asked = ["count(*)"]
        for column in columns:
            asked += column.measures()
            if account:
                asked += _bytes(column.cell, quote)
        tried = convert.converted(
            self.table.relation,
            [column.conversion for column in columns],
            keep=[column.cell for column in columns],
        )
        row = self._query(f"SELECT {', '.join(asked)} FROM {tried}")[0]
        rows, answers = int(row[0]), iter(row[1:])
        for column in columns:
            column.take(rows, answers)
            if account:
                self._text_bytes += (next(answers) or 0) - (next(answers) or 0)
        return rows

    def _fall_back(self) -> None:
        """Try again where the whole column does not bear out what the sample showed."""
        while failed := [column for column in self.columns if column.next_try()]:
            for chosen in batched(failed, COLUMNS_PER_PASS):
                self._measure_some(chosen)

    def described(self) -> tuple[ColumnFound, ...]:
        """The columns as the person sees them."""
        fields = self._fields()
        examples = self._examples(fields)
        return tuple(
            ColumnFound(
                position=column.position,
                header=column.header if self._sniffed.header else "",
                proposal=field,
                why=column.proposal.why.value,
                semantic=column.proposal.semantic,
                filled=self._rows_of(column) - self._empty(column, field),
                empty=self._empty(column, field),
                null_literals=tuple(sorted(column.nulls.items(), key=lambda i: -i[1])),
                rejected=column.rejected,
                rejected_examples=tuple(examples.get(column.position, ())),
                samples=column.samples,
            )
            for column, field in zip(self.columns, fields, strict=True)
        )

    def _rows_of(self, column: Column) -> int:
        return column.filled + sum(column.nulls.values())

    @staticmethod
    def _empty(column: Column, field: FieldSpec) -> int:
        return sum(column.nulls.get(literal, 0) for literal in field.null_values)

    def _fields(self) -> list[FieldSpec]:
        """Proposals with the null literals that occur."""
        used = {
            literal
            for column in self.columns
            if column.proposal.type is not FieldType.TEXT
            for literal in column.nulls
        }
        fields = []
        for column in self.columns:
            is_text = column.proposal.type is FieldType.TEXT
            allowed = used & _WORDS_FOR_NULL if is_text else set(dialect.NULL_LITERALS)
            occurring = [text for text in column.nulls if text and text in allowed]
            fields.append(column.spec(("", *sorted(occurring))))
        return fields

    def _examples(self, fields: Sequence[FieldSpec]) -> dict[int, list[CellExample]]:
        """A few cells that the proposals would reject, with their lines."""
        failing = [
            (column, field)
            for column, field in zip(self.columns, fields, strict=True)
            if column.rejected
        ]
        if not failing:
            return {}
        tried = [convert.Conversion(c.position, field, c.cell) for c, field in failing]
        faults = [one.is_fault for one in tried]
        first = self.table.first_line - 1
        line = "_line" if self.table.rewritten else f"row_number() OVER () + {first}"
        cut = [f"left({column.cell}, {_SHOWN_WIDTH})" for column, _ in failing]
        shown = ["_at", *(column.cell for column, _ in failing)]
        lines = f"(SELECT {line} AS {', '.join(shown)} FROM {self.table.relation})"
        found = self._query(
            f"SELECT {', '.join(['_at', *cut, *faults])} "
            f"FROM {convert.converted(lines, tried, keep=shown)} "
            f"WHERE {' OR '.join(faults)} LIMIT {_EXAMPLE_ROWS}"
        )
        examples: dict[int, list[CellExample]] = {}
        for row in found:
            for place, (column, _) in enumerate(failing):
                taken = examples.setdefault(column.position, [])
                if row[1 + len(failing) + place] and len(taken) < EXAMPLES_PER_COLUMN:
                    taken.append(CellExample(row[0], row[1 + place]))
        return examples

    def personal(self) -> tuple[PersonalInformation, ...]:
        """What the recognisers of personal information say of the sample."""
        headers = [column.header for column in self.columns]
        found = scan_for_personal_information(self._privacy_batches(), headers)
        return tuple(
            PersonalInformation(
                column=column.name,
                kind=finding.kind.value,
                matches=finding.matches,
                checked=column.values,
                examples=finding.examples,
            )
            for column in found.personal
            for finding in column.personal
        )

    def _privacy_batches(self) -> Iterator[pa.RecordBatch]:
        """All rows of a small table, else the sample, which is spread over the whole."""
        names = [column.cell for column in self.columns]
        if self.rows <= PRIVACY_ROWS:
            asked = f"SELECT {', '.join(names)} FROM {self.table.relation}"
            yield from self._connection.sql(asked).to_arrow_reader(2048)
            return
        arrays = [pa.array([row[n] for row in self.sample], pa.string()) for n in range(len(names))]
        yield pa.record_batch(arrays, names=names)

    def _faults(self) -> int:
        return int(self._query("SELECT count(*) FROM reject_errors")[0][0])

    def _forget_faults(self) -> None:
        self._query("DROP TABLE IF EXISTS reject_errors")
        self._query("DROP TABLE IF EXISTS reject_scans")

    def _query(self, sql: str) -> list[tuple[Any, ...]]:
        return engine.run(self._connection, sql)


def _bytes(cell: str, quote: str) -> tuple[str, str]:
    """Aggregates: bytes of the cells, and how many of them are quotes."""
    if not quote:
        return f"sum(strlen({cell}))", "0"
    mark = quoting.literal(quote)
    return f"sum(strlen({cell}))", (
        f"sum(CASE WHEN contains({cell}, {mark}) "
        f"THEN strlen({cell}) - strlen(replace({cell}, {mark}, '')) END)"
    )


def _warnings(
    sniffed: dialect.Sniffed,
    columns: Sequence[ColumnFound],
    ragged: int,
    personal: Sequence[PersonalInformation],
) -> Iterator[str]:
    """Names of what deserves a look."""
    names = [column.proposal.name for column in columns]
    if not sniffed.dialect.header:
        yield "headers-invented"
    if any(not name for name in names):
        yield "empty-header"
    if len({name.casefold() for name in names if name}) < sum(1 for name in names if name):
        yield "duplicate-header"
    if sniffed.preamble:
        yield "preamble"
    if ragged:
        yield "ragged-rows"
    if any("\ufffd" in text for column in columns for text in column.samples):
        yield "replacement-characters"
    if personal:
        yield "personal-information"


def with_types(found: Found, fields: Sequence[FieldSpec]) -> Found:
    """``found`` with other proposals: the types a dataset's columns already have."""
    known = {field.name: field for field in fields}
    return replace(
        found,
        columns=tuple(
            replace(column, proposal=known.get(column.proposal.name, column.proposal))
            for column in found.columns
        ),
    )
