"""Tables of the append-only log. Tiles and the published checkpoint are files, not rows."""

from __future__ import annotations

import uuid

from django.db import models

from wushu.kernel.tables import TableKind


class Node(models.Model):
    """What was fixed when this node was initialised. One row, never changed."""

    evidence = TableKind.LOG

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    node_uuid = models.UUIDField(unique=True)
    origin = models.CharField(max_length=255, help_text="Checkpoint origin, C2SP tlog-checkpoint.")
    verifier_key = models.CharField(max_length=512, help_text="C2SP signed-note verifier key.")
    oid_arc = models.CharField(max_length=255, help_text="Dotted OID, X.660.")
    identifier_base = models.URLField(max_length=255)
    region_zh = models.CharField(max_length=100)
    region_en = models.CharField(max_length=100, blank=True)
    division = models.CharField(max_length=12)
    initialised_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="only_one_node", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.origin


class Entry(models.Model):
    """An act. ``index`` is empty until the sequencer places it in the tree."""

    evidence = TableKind.LOG

    id = models.BigAutoField(primary_key=True)
    index = models.BigIntegerField(null=True, unique=True)
    act = models.CharField(max_length=64, db_index=True)
    actor = models.CharField(max_length=200, db_index=True)
    subject = models.CharField(max_length=200, db_index=True)
    recorded_at = models.DateTimeField()
    leaf = models.BinaryField(help_text="Canonical JSON, the leaf data; at most 65,535 bytes.")

    class Meta:
        indexes = [
            models.Index(name="unsequenced", fields=["id"], condition=models.Q(index__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"


class Detail(models.Model):
    """Content too large for an entry; the entry carries its hash."""

    evidence = TableKind.LOG

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256


class RowSalt(models.Model):
    """The salt of one row's digest in one entry. Destroying it makes the digest meaningless.

    Also how an auditor finds the entries that speak of a row.
    """

    evidence = TableKind.LOG

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="row_salts")
    table = models.CharField(max_length=64)
    row = models.CharField(max_length=64, help_text="Primary key as text.")
    salt = models.BinaryField(
        null=True, help_text="32 random bytes; empty: destroyed, lost, or the row was deleted."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_salt_per_row_and_entry", fields=["table", "row", "entry"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class Waiver(models.Model):
    """Why something cannot be proved any more. The log names the decision, never these words."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.CharField(
        max_length=100, help_text="URN, document number or case number of the decision."
    )
    reason = models.TextField(help_text="In words; may tell of persons, so that it stays here.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.decision


class Checkpoint(models.Model):
    """Every checkpoint this node ever signed. Its time is not kept: nothing could prove it."""

    evidence = TableKind.LOG

    size = models.BigIntegerField(primary_key=True)
    previous = models.BigIntegerField(
        unique=True, help_text="Size of the checkpoint before this one; 0: none."
    )
    root = models.CharField(max_length=44, help_text="Root hash, base64.")
    note = models.TextField(help_text="The signed note as published.")

    def __str__(self) -> str:
        return str(self.size)
