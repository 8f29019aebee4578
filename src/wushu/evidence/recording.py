"""Acts into the outbox: one entry, the digests of the rows it wrote, their salts."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

from wushu.evidence.models import Detail, Entry, RowSalt
from wushu.evidence.rules import leaves
from wushu.evidence.rules.leaves import RowDigest
from wushu.evidence.types import EntryNote
from wushu.kernel.acts import Acting
from wushu.kernel.failpoints import failpoint
from wushu.kernel.tables import TableKind

CHUNK = 500
"""Rows re-read in one query: below SQLite's limit of variables."""


def record(
    act: str,
    *,
    actor: Acting | str,
    subject: str,
    data: Mapping[str, Any],
    rows: Iterable[models.Model],
    deleted: Iterable[models.Model] = (),
) -> EntryNote:
    """Append an act in the caller's transaction; the sequencer places it in the tree later.

    ``rows`` are the instances the act wrote (saved before the call: they are read again from the
    database, so that the digest is of what is stored), ``deleted`` those it is about to remove
    (Django forgets the key of a removed instance). ``data`` is public for ever: no personal data; the
    way by which the actor came is added to it as ``channel``. ``RuntimeError`` outside a transaction,
    ``ValueError`` for a row that is not there or a table that is not recorded.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("evidence is recorded inside the transaction of its act")
    at = timezone.now()
    written = read_rows(_keys(rows))
    salts = [(table, key, secrets.token_bytes(leaves.SALT_BYTES)) for table, key, _ in written]
    digests = [
        RowDigest(table, key, leaves.row_digest(salt, row), leaves.salt_check(salt))
        for (table, key, row), (_, _, salt) in zip(written, salts, strict=True)
    ]
    gone = [
        (model._meta.db_table, str(key)) for model, keys in _keys(deleted).items() for key in keys
    ]
    digests += [RowDigest(table, key, None, None) for table, key in gone]
    name = actor if isinstance(actor, str) else actor.urn
    leaf, details = leaves.build(
        act=act, actor=name, subject=subject, at=at, data=_with_channel(data, actor), rows=digests
    )
    for digest, body in details.items():
        Detail.objects.get_or_create(sha256=digest, defaults={"body": body})
    entry = Entry.objects.create(act=act, actor=name, subject=subject, recorded_at=at, leaf=leaf)
    marks = [RowSalt(entry=entry, table=t, row=k, salt=s) for t, k, s in salts]
    marks += [RowSalt(entry=entry, table=t, row=k, salt=None) for t, k in gone]
    if marks:
        RowSalt.objects.bulk_create(marks)
    failpoint("evidence.recorded")
    return EntryNote(index=None, act=act, actor=name, at=at)


def _with_channel(data: Mapping[str, Any], actor: Acting | str) -> Mapping[str, Any]:
    """Who has a shell on the node's host can act as anybody, so every act says how its actor came."""
    if isinstance(actor, str) or actor.channel is None:
        return data
    return {**data, "channel": actor.channel}


def read_rows(
    keys: Mapping[type[models.Model], Sequence[Any]],
) -> list[tuple[str, str, dict[str, Any]]]:
    """The stored rows as ``(table, key as text, column → value)``; ``ValueError`` if one is gone.

    Locked until the transaction ends, so that of two acts on one row the later entry has the later
    content.
    """
    found = []
    for model, wanted in keys.items():
        if getattr(model, "evidence", None) is not TableKind.RECORDED:
            raise ValueError(f"{model.__name__} is not a recorded table")
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            # SQLite has no row locks and needs none: its writers take turns.
            stored = list(
                model._base_manager.filter(pk__in=chunk)
                .order_by("pk")
                .select_for_update(no_key=True)
            )
            if len(stored) != len(chunk):
                raise ValueError(f"a row of {model.__name__} to be recorded is not stored")
            found += [(model._meta.db_table, str(row.pk), columns(row)) for row in stored]
    return found


def columns(row: models.Model) -> dict[str, Any]:
    """A row as its digest sees it: every column with the value the database gave."""
    return {str(f.column): f.value_from_object(row) for f in row._meta.concrete_fields}


def _keys(rows: Iterable[models.Model]) -> dict[type[models.Model], list[Any]]:
    """Primary keys by table, each once."""
    keys: dict[type[models.Model], dict[Any, None]] = defaultdict(dict)
    for row in rows:
        if row.pk is None:
            raise ValueError(
                f"a {type(row).__name__} without a key: record after saving, before deleting"
            )
        model = row._meta.concrete_model or type(row)
        keys[model][row.pk] = None
    return {model: list(found) for model, found in keys.items()}
