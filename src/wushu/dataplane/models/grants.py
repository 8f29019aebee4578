"""Tables of grants and of what was read by them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from wushu.dataplane.types import Delivery, GranteeKind, Watermark
from wushu.kernel.tables import TableKind


class Grant(models.Model):
    """Who may read which columns and rows of a dataset, for what, until when."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.UUIDField(db_index=True, help_text="Catalogue entry.")
    grantee_kind = models.CharField(
        max_length=16, choices=[(k.value, k.value) for k in GranteeKind]
    )
    grantee = models.UUIDField(null=True, help_text="Organisation or person; empty: the public.")
    columns = models.JSONField(null=True, help_text="Column names; null: all.")
    row_filter = models.JSONField(default=list, help_text="Conditions that all must hold.")
    purpose = models.TextField(blank=True)
    basis = models.CharField(max_length=200, help_text="URN of the decision that allows it.")
    watermark = models.CharField(
        max_length=16, blank=True, default="", choices=[(w.value, w.value) for w in Watermark],
        help_text="How downloads under it are marked for their reader; empty: not.",
    )  # fmt: skip
    delivery = models.CharField(
        max_length=16, blank=True, default="", choices=[(d.value, d.value) for d in Delivery],
        help_text="Empty: rows; computed: results of programs alone.",
    )  # fmt: skip
    masks = models.JSONField(default=list, help_text="Columns that are shown masked, and how.")
    rows_a_day = models.PositiveBigIntegerField(
        null=True, help_text="Rows that may be read in one day of Asia/Shanghai; null: any number."
    )
    requests_a_day = models.PositiveBigIntegerField(
        null=True, help_text="Reads of one day of Asia/Shanghai; null: any number."
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="grant_lookup", fields=["dataset", "grantee_kind", "grantee"])]
        constraints = [
            models.CheckConstraint(
                name="public_grant_has_no_grantee",
                condition=Q(grantee_kind=GranteeKind.PUBLIC.value, grantee__isnull=True)
                | (~Q(grantee_kind=GranteeKind.PUBLIC.value) & Q(grantee__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.grantee_kind}"


class GrantUse(models.Model):
    """What was read under a grant with a quota on one day: counted with the receipts."""

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="uses")
    day = models.DateField(help_text="Of Asia/Shanghai.")
    rows = models.BigIntegerField(default=0)
    requests = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_use_per_grant_and_day", fields=["grant", "day"])
        ]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.day}"


class Trace(models.Model):
    """A file that was compared with the marks of a version: private; the log has its digest."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.UUIDField(db_index=True, help_text="Catalogue entry.")
    version = models.UUIDField(help_text="Catalogue version it was compared with.")
    sha256 = models.CharField(max_length=64, help_text="Of the file.")
    found = models.JSONField(help_text="dataplane.watermarks.types.Traced as JSON.")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dataset} {self.sha256[:8]}"


class Receipt(models.Model):
    """A durable note of one read of data that are not public: private, written before a byte."""

    evidence = TableKind.LOG

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="receipts")
    actor = models.CharField(max_length=200)
    surface = models.CharField(max_length=32)
    version = models.UUIDField()
    columns = models.JSONField()
    query = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)
    batch = models.BigIntegerField(null=True, db_index=True, help_text="Log entry with its root.")

    def __str__(self) -> str:
        return f"{self.grant_id} {self.at:%Y-%m-%d %H:%M}"
