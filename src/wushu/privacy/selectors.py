"""Search a table stream for personal information. Keeps nothing and knows no dataset.

Columns are judged batch by batch: distinct values once, after a prefilter on the whole column, so
that a sample of 100,000 rows takes about a second. The caller chooses the sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from wushu.privacy import labels, masking, rules
from wushu.privacy.types import ColumnFindings, Confidence, Finding, Kind, TableFindings

KINDS = labels.KINDS
CONFIDENCES = labels.CONFIDENCES
"""What pages call these values, translated when shown."""

mask_expression = masking.expression
mask_shown_type = masking.shown_type
mask_tells_apart = masking.tells_apart

EXAMPLES = 3
_BLOCK = 65_536


def scan(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema | Sequence[str] | None = None
) -> TableFindings:
    """What personal information the batches seem to hold, per column.

    ``batches`` share one set of columns; ``schema`` gives the headers in the same order where the
    batches' own names are not what the source calls them. Text and whole numbers are looked at,
    other types hold none of the kinds. Raises ``ValueError`` when headers and columns differ in
    number.
    """
    headers = list(schema.names if isinstance(schema, pa.Schema) else schema or ())
    columns: list[_Column] = []
    rows = 0
    for batch in batches:
        if not columns:
            columns = [_Column(name) for name in headers or batch.schema.names]
        if len(columns) != batch.num_columns:
            raise ValueError(f"{len(columns)} headers for {batch.num_columns} columns")
        rows += batch.num_rows
        for column, values in zip(columns, batch.columns, strict=True):
            column.add(values)
    columns = columns or [_Column(name) for name in headers]
    return TableFindings(rows, tuple(column.findings() for column in columns))


def scan_column(name: str, values: Iterable[str | None]) -> ColumnFindings:
    """The same for one column of texts."""
    column = _Column(name)
    block: list[str | None] = []
    for value in values:
        block.append(value)
        if len(block) == _BLOCK:
            column.add(pa.array(block, pa.string()))
            block = []
    column.add(pa.array(block, pa.string()))
    return column.findings()


@dataclass(slots=True)
class _Tally:
    """Values counted for one kind."""

    shaped: int = 0
    matches: int = 0
    embedded: int = 0
    examples: dict[str, None] = field(default_factory=dict)


class _Column:
    """Counts of one column over all batches."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.values = 0
        self.announced = rules.announced(name)
        self.tallies: dict[Kind, _Tally] = {}
        self._names = rules.may_hold_names(name)

    def add(self, values: pa.Array) -> None:
        """Count one batch's values."""
        texts = _as_texts(values)
        if texts is None:
            self.values += len(values) - values.null_count
            return
        counts = pc.value_counts(texts)
        distinct, times = counts.field("values"), counts.field("counts")
        filled = pc.not_equal(distinct, "")
        self.values += pc.sum(pc.if_else(filled, times, 0)).as_py() or 0
        wanted = pc.match_substring_regex(distinct, rules.PREFILTER)
        if self._names:
            wanted = pc.or_(wanted, pc.less_equal(pc.utf8_length(distinct), 4))
        for text, count in zip(
            distinct.filter(wanted).to_pylist(), times.filter(wanted).to_pylist(), strict=True
        ):
            self._judge(text, count)

    def _judge(self, text: str, count: int) -> None:
        """One distinct value: each kind counts once a value, however often it is in there."""
        found = rules.hits(text)
        if self._names and rules.is_person_name(text):
            found.append(rules.Hit(Kind.PERSON_NAME, text, True))
        if len(found) > 1:
            found.sort(key=lambda hit: hit.holds)
            found = list({hit.kind: hit for hit in found}.values())
        for hit in found:
            self._count(hit, count, embedded=len(hit.text) < len(text))

    def _count(self, hit: rules.Hit, count: int, *, embedded: bool) -> None:
        tally = self.tallies.get(hit.kind)
        if tally is None:
            tally = self.tallies[hit.kind] = _Tally()
        tally.shaped += count
        if hit.holds:
            tally.matches += count
            if embedded:
                tally.embedded += count
            if len(tally.examples) < EXAMPLES:
                tally.examples[rules.masked(hit.kind, hit.text)] = None

    def findings(self) -> ColumnFindings:
        """The verdict, the surest finding first."""
        strays = rules.strays(
            {kind: tally.matches for kind, tally in self.tallies.items()}, self.values
        )
        found = [
            self._finding(kind, tally, stray=kind in strays)
            for kind, tally in self.tallies.items()
            if tally.matches
        ]
        found.sort(key=lambda f: (-f.confidence, -f.matches, f.kind))
        return ColumnFindings(self.name, self.values, tuple(found))

    def _finding(self, kind: Kind, tally: _Tally, *, stray: bool) -> Finding:
        header = kind in self.announced
        return Finding(
            kind=kind,
            matches=tally.matches,
            shaped=tally.shaped,
            share=tally.matches / self.values,
            embedded=tally.embedded,
            header=header,
            confidence=Confidence.LOW
            if stray
            else rules.confidence(
                kind,
                matches=tally.matches,
                shaped=tally.shaped,
                values=self.values,
                header=header,
            ),
            examples=tuple(tally.examples),
        )


def _as_texts(values: pa.Array) -> pa.Array | None:
    """Trimmed texts without nulls; None for types that cannot hold any kind."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_integer(values.type):
        return values.cast(pa.string()).drop_null()
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return pc.utf8_trim_whitespace(values.drop_null())
    if pa.types.is_string_view(values.type):
        return pc.utf8_trim_whitespace(values.cast(pa.string()).drop_null())
    return None
