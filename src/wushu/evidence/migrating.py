"""Rows of a recorded table before and after a migration changes its columns.

Written against the models of the migration's own moment, since the log's tables too may be about to
change. ``kernel.migrating`` is how migrations of other apps come here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone

from wushu.evidence.recording import CHUNK, columns
from wushu.evidence.rules import leaves
from wushu.evidence.rules.leaves import LeafError, RowDigest
from wushu.parties.types import NODE

SCHEMA_MIGRATED = "config.schema.migrated"


class Rerecording:
    """``kernel.migrating.Rerecorder`` of this log."""

    def unsound(self, apps: Any, model: Any) -> set[str]:
        """Keys of the rows that are not what the log last said of them, or that it never named."""
        found: set[str] = set()
        for rows in _chunks(model):
            said = _last_said(apps, model._meta.db_table, [str(row.pk) for row in rows])
            found |= {str(row.pk) for row in rows if not _is_as_said(row, said)}
        return found

    def rerecord(self, apps: Any, model: Any, *, migration: str, leave_out: set[str]) -> None:
        """Record every row but those left out, some hundred in an act; no row, no act."""
        for rows in _chunks(model):
            kept = [row for row in rows if str(row.pk) not in leave_out]
            if kept:
                _record(apps, model._meta.db_table, kept, migration, len(leave_out))


def _is_as_said(row: Any, said: Mapping[str, tuple[bytes | None, str | None]]) -> bool:
    salt, digest = said.get(str(row.pk), (None, None))
    return salt is not None and leaves.row_digest(salt, columns(row)) == digest


def _chunks(model: Any) -> Iterator[list[Any]]:
    """All rows in the order of their keys, locked until the transaction ends."""
    rows = model._base_manager.order_by("pk").select_for_update()
    chunk = list(rows[:CHUNK])
    while chunk:
        yield chunk
        chunk = list(rows.filter(pk__gt=chunk[-1].pk)[:CHUNK])


def _record(apps: Any, table: str, rows: Sequence[Any], migration: str, left_out: int) -> None:
    entries, details, marks = (
        apps.get_model("evidence", name) for name in ("Entry", "Detail", "RowSalt")
    )
    salted = [(row, secrets.token_bytes(leaves.SALT_BYTES)) for row in rows]
    subject, at = f"urn:wushu:table:{table}", timezone.now()
    leaf, parts = leaves.build(
        act=SCHEMA_MIGRATED,
        actor=NODE.urn,
        subject=subject,
        at=at,
        data={"migration": migration, "table": table, "rows": len(rows), "left_out": left_out},
        rows=[
            RowDigest(table, str(row.pk), leaves.row_digest(salt, columns(row)),
                      leaves.salt_check(salt))
            for row, salt in salted
        ],
    )  # fmt: skip
    for digest, body in parts.items():
        details.objects.get_or_create(sha256=digest, defaults={"body": body})
    entry = entries.objects.create(
        act=SCHEMA_MIGRATED, actor=NODE.urn, subject=subject, recorded_at=at, leaf=leaf
    )
    marks.objects.bulk_create(
        [marks(entry=entry, table=table, row=str(row.pk), salt=salt) for row, salt in salted]
    )


def _last_said(
    apps: Any, table: str, keys: Sequence[str]
) -> dict[str, tuple[bytes | None, str | None]]:
    """Salt and digest of the last entry that names each row."""
    marks = (
        apps.get_model("evidence", "RowSalt")
        .objects.filter(table=table, row__in=keys)
        .order_by(F("entry__index").asc(nulls_last=True), "entry_id")
        .values_list("row", "entry_id", "salt")
    )
    last = {row: (entry, salt) for row, entry, salt in marks}
    wanted = {entry for entry, _ in last.values()}
    found = apps.get_model("evidence", "Entry").objects.filter(pk__in=wanted)
    digests = {
        pk: _digests(apps, bytes(leaf), table) for pk, leaf in found.values_list("pk", "leaf")
    }
    return {
        row: (None if salt is None else bytes(salt), digests.get(entry, {}).get(row))
        for row, (entry, salt) in last.items()
    }


def _digests(apps: Any, leaf: bytes, table: str) -> Mapping[str, str | None]:
    """What an entry says of the table's rows; nothing where it cannot be read."""
    try:
        read = leaves.parse(leaf)
        rows = read.rows
        if rows is None:
            details = apps.get_model("evidence", "Detail").objects
            found = details.filter(sha256=read.rows_sha256).first()
            rows = leaves.parse_rows(bytes(found.body)) if found is not None else ()
    except LeafError:
        return {}  # the audit names the entry; its rows are left out here
    return {row.key: row.digest for row in rows if row.table == table}
