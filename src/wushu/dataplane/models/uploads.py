"""Tables of uploads and loads. Rows themselves live in files, never here."""

from __future__ import annotations

import uuid

from django.db import models

from wushu.dataplane.types import UploadState
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
