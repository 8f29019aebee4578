"""Rows of the recorded tables against their last digest in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F

from wushu.evidence import faults
from wushu.evidence.auditing.entries import Spans, recovered_spans, rows_of
from wushu.evidence.faults import Fault, FaultKind
from wushu.evidence.models import Entry, RowSalt
from wushu.evidence.recording import CHUNK, columns
from wushu.evidence.rules import leaves
from wushu.kernel.tables import TableKind

UNREADABLE = (ValueError, TypeError, ArithmeticError, ValidationError)
"""What a stored value that is none of its column's raises when it is read."""


def recorded_models() -> list[type[models.Model]]:
    """Every table whose rows must be in the log."""
    return [m for m in apps.get_models() if getattr(m, "evidence", None) is TableKind.RECORDED]


def table_faults(progress: Callable[[str, int, int], None]) -> Iterator[Fault]:
    """Faults of every recorded table: rows changed, missing, come back, or never recorded."""
    spans = recovered_spans()
    for model in recorded_models():
        yield from TableAudit(model, spans).faults(progress)


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last thing the log says of a row."""

    entry: int
    """Primary key of the entry."""
    index: int | None
    act: str
    digest: str | None
    salt: bytes | None


def last_words(table: str, keys: Sequence[str]) -> dict[str, LastWord]:
    """The last word on each of some rows; a row that no entry names is left out."""
    marks: dict[str, RowSalt] = {}
    found = RowSalt.objects.filter(table=table, row__in=keys).order_by(
        F("entry__index").asc(nulls_last=True), "entry_id"
    )
    for mark in found:
        marks[mark.row] = mark
    entries = Entry.objects.in_bulk({mark.entry_id for mark in marks.values()})
    digests: dict[int, dict[tuple[str, str], str | None]] = {}
    words = {}
    for key, mark in marks.items():
        entry = entries[mark.entry_id]
        if entry.pk not in digests:
            digests[entry.pk] = _digests(entry)
        if (table, key) in digests[entry.pk]:
            salt = None if mark.salt is None else bytes(mark.salt)
            digest = digests[entry.pk][table, key]
            words[key] = LastWord(entry.pk, entry.index, entry.act, digest, salt)
    return words


def _digests(entry: Entry) -> dict[tuple[str, str], str | None]:
    try:
        rows = rows_of(leaves.parse(bytes(entry.leaf)))
    except leaves.LeafError:
        rows = None  # the entry itself is named by the audit of entries
    return {(row.table, row.key): row.digest for row in rows or ()}


class TableAudit:
    """One recorded table."""

    def __init__(self, model: type[models.Model], recovered: Spans) -> None:
        self.model = model
        self.table = model._meta.db_table
        self.recovered = recovered
        assert model._meta.pk is not None
        self.pk: models.Field[Any, Any] = model._meta.pk
        name = connection.ops.quote_name
        self.quoted = (name(self.table), name(str(self.pk.column)))

    def faults(self, progress: Callable[[str, int, int], None]) -> Iterator[Fault]:
        """Faults of all its rows, and of those that are not there."""
        done, total = 0, self.model._base_manager.count()
        for keys in self._chunks_of_keys():
            progress(self.table, done, total)
            yield from self._chunk_faults(keys)
            done += len(keys)
        yield from self._missing_faults()
        progress(self.table, done, done)

    def fault_of(self, key: str) -> Fault | None:
        """The verdict on one row, which holds even while others write."""
        while True:
            before = last_words(self.table, [key]).get(key)
            row = self._read([self._raw(key)]).get(key)
            if last_words(self.table, [key]).get(key) == before:
                # An act and its rows commit together: no act in between, so they belong together.
                return self._judge(key, row, before)

    def _judge(self, key: str, row: models.Model | None, last: LastWord | None) -> Fault | None:
        where = f"{self.table} {key}"
        if last is None:
            return None if row is None else faults.ROW_UNRECORDED(where)
        kind: FaultKind | None = None
        if last.digest is None and row is None:
            pass  # deleted, as the log says
        elif last.salt is None and last.index is not None and self.recovered.contain(last.index):
            kind = faults.ROW_LOST
        elif last.digest is None:
            kind = faults.ROW_REAPPEARED
        elif row is None:
            kind = faults.ROW_MISSING
        elif last.salt is None:
            kind = faults.ROW_UNPROVABLE
        elif leaves.row_digest(last.salt, columns(row)) != last.digest:
            kind = faults.ROW_CHANGED
        index = "?" if last.index is None else last.index
        return kind(where, entry=index, act=last.act) if kind else None

    def _chunks_of_keys(self) -> Iterator[list[Any]]:
        """Primary keys as the database holds them, readable or not, in order."""
        table, key = self.quoted
        last: list[Any] = []
        while True:
            where = f"WHERE {key} > %s" if last else ""
            query = f"SELECT {key} FROM {table} {where} ORDER BY {key} LIMIT {CHUNK}"  # noqa: S608  (quoted names)
            with connection.cursor() as cursor:
                cursor.execute(query, last)
                keys = [row[0] for row in cursor.fetchall()]
            if not keys:
                return
            yield keys
            last = keys[-1:]

    def _chunk_faults(self, keys: Sequence[Any]) -> Iterator[Fault]:
        try:
            rows = self._read(keys)
            words = last_words(self.table, list(rows))
            doubtful = [r.pk for k, r in rows.items() if self._judge(k, r, words.get(k))]
        except UNREADABLE:
            doubtful = list(keys)
        for key in doubtful:
            # Unreadable, wrong, or an act came in between: looked at again, by itself.
            yield from self._single_faults(key)

    def _single_faults(self, raw_key: Any) -> Iterator[Fault]:
        key = str(raw_key)
        try:
            key = str(self.pk.to_python(raw_key))
            fault = self.fault_of(key)
        except UNREADABLE as error:
            fault = faults.ROW_UNREADABLE(f"{self.table} {key}", reason=error)
        if fault is not None:
            yield fault

    def _missing_faults(self) -> Iterator[Fault]:
        """Rows that the log speaks of and that are not there."""
        last = ""
        while True:
            named = RowSalt.objects.filter(table=self.table, row__gt=last).order_by("row")
            keys = list(named.values_list("row", flat=True).distinct()[:CHUNK])
            if not keys:
                return
            wanted = [key for key in keys if self._is_key(key)]
            found = self.model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)
            there = {str(key) for key in found}
            for key in wanted:
                if key not in there:
                    yield from self._single_faults(key)
            last = keys[-1]

    def _is_key(self, key: str) -> bool:
        """Whether the text can be a key; what cannot is named with its entry's salts."""
        try:
            return str(self.pk.to_python(key)) == key
        except UNREADABLE:
            return False

    def _read(self, raw_keys: Sequence[Any]) -> dict[str, models.Model]:
        """Rows by key as text; raises one of `UNREADABLE` when a value cannot be read."""
        table, key = self.quoted
        marks = ", ".join(["%s"] * len(raw_keys))
        query = f"SELECT * FROM {table} WHERE {key} IN ({marks})"  # noqa: S608  (quoted names)
        return {str(row.pk): row for row in self.model._base_manager.raw(query, list(raw_keys))}

    def _raw(self, key: Any) -> Any:
        """A key as the database compares it."""
        return self.pk.get_db_prep_value(self.pk.to_python(key), connection)


@dataclass(frozen=True, slots=True)
class LostRow:
    """A row whose last act was lost with a restored backup."""

    model: type[models.Model]
    key: str
    fault: Fault


def lost_rows() -> Iterator[LostRow]:
    """Rows whose last act was lost with a restored backup, each once."""
    spans = recovered_spans()
    tables = {m._meta.db_table: TableAudit(m, spans) for m in recorded_models()}
    seen: set[tuple[str, str]] = set()
    for first, last in spans.spans:
        marks = RowSalt.objects.filter(entry__index__range=(first, last), salt=None)
        for table, key in marks.values_list("table", "row").iterator(CHUNK):
            if (table, key) in seen or table not in tables:
                continue
            seen.add((table, key))
            fault = tables[table].fault_of(key)
            if fault is not None and fault.kind == faults.ROW_LOST.name:
                yield LostRow(tables[table].model, key, fault)
