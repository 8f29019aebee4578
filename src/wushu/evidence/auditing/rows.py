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
from wushu.evidence.auditing.entries import is_excused, rows_of
from wushu.evidence.faults import Fault
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
    for model in recorded_models():
        table, done = model._meta.db_table, 0
        total = model._base_manager.count()
        for keys in _chunks_of_keys(model):
            progress(table, done, total)
            yield from _chunk_faults(model, keys)
            done += len(keys)
        yield from _missing_faults(model)
        progress(table, done, done)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last word of the log on a row."""

    entry: int
    """Primary key of the entry."""
    index: int | None
    act: str
    digest: str | None
    salt: bytes | None


def _last_words(table: str, keys: Sequence[str]) -> dict[str, _Last]:
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
            words[key] = _Last(entry.pk, entry.index, entry.act, digest, salt)
    return words


def _digests(entry: Entry) -> dict[tuple[str, str], str | None]:
    try:
        rows = rows_of(leaves.parse(bytes(entry.leaf)))
    except leaves.LeafError:
        rows = None
    return {(row.table, row.key): row.digest for row in rows or ()}


def _chunks_of_keys(model: type[models.Model]) -> Iterator[list[Any]]:
    """Primary keys as the database holds them, readable or not, in order."""
    table, key = _quoted(model)
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


def _chunk_faults(model: type[models.Model], keys: Sequence[Any]) -> Iterator[Fault]:
    table = model._meta.db_table
    try:
        rows = _read(model, keys)
        words = _last_words(table, list(rows))
        doubtful = [r.pk for k, r in rows.items() if _row_fault(table, k, r, words.get(k))]
    except UNREADABLE:
        doubtful = list(keys)
    for key in doubtful:
        # Unreadable, wrong, or an act came in between: looked at again, by itself.
        yield from _single_faults(model, key)


def _single_faults(model: type[models.Model], raw_key: Any) -> Iterator[Fault]:
    """The verdict on one row that holds even while others write."""
    table, key = model._meta.db_table, str(raw_key)
    try:
        field = model._meta.pk
        assert field is not None
        key = str(field.to_python(raw_key))
        fault = _verdict(model, key, raw_key)
    except UNREADABLE as error:
        fault = faults.ROW_UNREADABLE(f"{table} {key}", reason=error)
    if fault is not None:
        yield fault


def _verdict(model: type[models.Model], key: str, raw_key: Any) -> Fault | None:
    table = model._meta.db_table
    while True:
        before = _last_words(table, [key]).get(key)
        row = _read(model, [_raw(model, raw_key)]).get(key)
        if _last_words(table, [key]).get(key) == before:
            # An act and its rows commit together: no act in between, so they belong together.
            return _row_fault(table, key, row, before)


def _row_fault(table: str, key: str, row: models.Model | None, last: _Last | None) -> Fault | None:
    where = f"{table} {key}"
    if last is None:
        return None if row is None else faults.ROW_UNRECORDED(where)
    facts = {"entry": "?" if last.index is None else last.index, "act": last.act}
    if last.digest is None:
        return None if row is None else faults.ROW_REAPPEARED(where, **facts)
    if last.salt is None:
        return faults.ROW_LOST(where, **facts)
    if row is None:
        return faults.ROW_MISSING(where, **facts)
    if leaves.row_digest(last.salt, columns(row)) != last.digest:
        return faults.ROW_CHANGED(where, **facts)
    return None


@dataclass(frozen=True, slots=True)
class LostSalt:
    """What an entry said of a row and nobody can check any more, without an act that says so."""

    table: str
    key: str
    index: int
    last: bool
    """Whether it is the last word on the row."""


def lost_salts() -> Iterator[LostSalt]:
    """Every digest in the log whose salt was lost."""
    after = 0
    while True:
        query = RowSalt.objects.filter(salt=None, pk__gt=after).order_by("pk")
        marks = list(query.select_related("entry")[:CHUNK])
        if not marks:
            return
        for mark in marks:
            rows = rows_of(leaves.parse(bytes(mark.entry.leaf))) or ()
            said = [
                r for r in rows if (r.table, r.key, bool(r.digest)) == (mark.table, mark.row, True)
            ]
            if said and mark.entry.index is not None and not is_excused(mark.entry, said[0]):
                word = _last_words(mark.table, [mark.row])[mark.row]
                last = word.entry == mark.entry_id
                yield LostSalt(mark.table, mark.row, mark.entry.index, last)
        after = marks[-1].pk


def _missing_faults(model: type[models.Model]) -> Iterator[Fault]:
    """Rows that the log speaks of and that are not there."""
    table, last = model._meta.db_table, ""
    while True:
        named = RowSalt.objects.filter(table=table, row__gt=last).order_by("row")
        keys = list(named.values_list("row", flat=True).distinct()[:CHUNK])
        if not keys:
            return
        there = _existing(model, keys)
        for key in keys:
            if key not in there and _is_key(model, key):
                yield from _single_faults(model, key)
        last = keys[-1]


def _existing(model: type[models.Model], keys: Sequence[str]) -> set[str]:
    wanted = [key for key in keys if _is_key(model, key)]
    found = model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)
    return {str(key) for key in found}


def _is_key(model: type[models.Model], key: str) -> bool:
    """Whether the text can be a key of the table; what cannot is named with its entry's salts."""
    try:
        return model._meta.pk is not None and str(model._meta.pk.to_python(key)) == key
    except UNREADABLE:
        return False


def _read(model: type[models.Model], raw_keys: Sequence[Any]) -> dict[str, models.Model]:
    """Rows by key as text; raises one of `UNREADABLE` when a stored value cannot be read."""
    table, key = _quoted(model)
    marks = ", ".join(["%s"] * len(raw_keys))
    query = f"SELECT * FROM {table} WHERE {key} IN ({marks})"  # noqa: S608  (quoted names)
    return {str(row.pk): row for row in model._base_manager.raw(query, list(raw_keys))}


def _raw(model: type[models.Model], key: Any) -> Any:
    """A key as the database compares it."""
    field = model._meta.pk
    assert field is not None
    return field.get_db_prep_value(field.to_python(key), connection)


def _quoted(model: type[models.Model]) -> tuple[str, str]:
    field = model._meta.pk
    assert field is not None
    name = connection.ops.quote_name
    return name(model._meta.db_table), name(str(field.column))
