"""Tables of uploads, loads and grants. Rows themselves live in files, never here."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from wushu.dataplane.types import GranteeKind, UploadState
from wushu.kernel.tables import TableKind


class Upload(models.Model):
    """Original bytes somebody handed in: stored first, never changed, then understood."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.UUIDField()
    name = models.CharField(max_length=255, help_text="File name as given, without any path.")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    encoding = models.CharField(
        max_length=16, blank=True, help_text="Told by the person; else found."
    )
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Load(models.Model):
    """The work on an upload: what was found, what was confirmed, how far it is."""

    evidence = TableKind.TRANSIENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="loads")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in UploadState])
    found = models.JSONField(default=dict, help_text="dataplane.types.Found as JSON.")
    confirmed = models.JSONField(default=dict, help_text="dataplane.types.Confirmed as JSON.")
    account = models.UUIDField(null=True, help_text="Account that confirmed; the load acts for it.")
    entry = models.UUIDField(null=True, help_text="Catalogue entry the load is for.")
    version = models.UUIDField(null=True, help_text="Catalogue version the load made.")
    bytes_done = models.BigIntegerField(default=0)
    rows_done = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True, help_text="Problem details of a failed load.")
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="Times that work began and has not ended: the process died of it."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        get_latest_by = "created_at"

    def __str__(self) -> str:
        return f"{self.upload_id} {self.state}"


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


class Export(models.Model):
    """Size and digest of a generated download of a version, found by making it once.

    Worth nothing beside the version: missing rows are made again, and bytes that do not fit the digest
    are not sent to their end.
    """

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    version = models.UUIDField(help_text="Catalogue version.")
    suffix = models.CharField(max_length=16, help_text="Format, as addresses end.")
    variant = models.CharField(
        max_length=32, blank=True, help_text="Parameters that change its bytes; empty: none."
    )
    recipe = models.CharField(max_length=100, help_text="Programs that made it, with versions.")
    size = models.BigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    marks = models.JSONField(default=list, help_text="Pairs of row and byte at which rows begin.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_export_per_variant", fields=["version", "suffix", "variant"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}.{self.suffix} {self.variant}".strip()


from wushu.dataplane.usage.tables import DailyKeyUse, DailyUse  # noqa: E402, F401  (Django finds tables here)
