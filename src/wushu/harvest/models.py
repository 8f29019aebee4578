"""Tables of the harvest."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.harvest.types import RecordState, RunState, SourceKind, SourceState
from wushu.kernel.tables import TableKind


class Source(models.Model):
    """A catalogue of others: proposed by one person, activated by a second."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in SourceKind])
    url = models.CharField(max_length=2048)
    prefix = models.CharField(max_length=100, blank=True, help_text="OAI-PMH: metadataPrefix.")
    set = models.CharField(max_length=200, blank=True, help_text="OAI-PMH: setSpec.")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    every_hours = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in SourceState])
    reason = models.TextField(help_text="Why it is harvested; public.")
    proposed_by = models.CharField(max_length=200, help_text="URN of the account.")
    proposed_person = models.UUIDField(null=True)
    proposed_at = models.DateTimeField()
    activated_by = models.CharField(max_length=200, blank=True)
    activated_person = models.UUIDField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=200, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            # The last line of the two-person gate: holds even against a write past the services.
            models.CheckConstraint(
                name="harvested_only_after_a_second_person",
                condition=~Q(state=SourceState.ACTIVE.value)
                | (
                    ~Q(activated_by="")
                    & ~Q(activated_by=F("proposed_by"))
                    & Q(activated_person__isnull=False)
                    & ~Q(activated_person=F("proposed_person"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """What a source says of one dataset, as it was last read."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    identifier = models.CharField(max_length=500, help_text="The source's own.")
    former_identifiers = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in RecordState])
    description = models.JSONField(help_text="harvest.types.Description.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the description.")
    words = models.TextField(help_text="Normalised, for the search.")
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["source", "identifier"]
        constraints = [
            models.UniqueConstraint(
                name="one_record_per_identifier", fields=["source", "identifier"]
            ),
            models.CheckConstraint(
                name="gone_since_a_moment",
                condition=Q(state=RecordState.PRESENT.value, gone_at__isnull=True)
                | Q(state=RecordState.GONE.value, gone_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="records_by_change", fields=["state", "-changed_at", "-id"])]

    def __str__(self) -> str:
        return self.identifier


class Run(models.Model):
    """One reading of a source, for who looks after it. The acts it led to are in the log."""

    evidence = TableKind.TRANSIENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in RunState])
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    alive_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    accept_shrink = models.BooleanField(default=False)
    since = models.CharField(
        max_length=10, blank=True, help_text="Only what changed since this day was read."
    )
    until = models.CharField(
        max_length=10, blank=True, help_text="The source's day then, if it forgets no deletion."
    )
    counts = models.JSONField(default=dict)
    skipped = models.JSONField(default=list)
    refusal = models.CharField(max_length=60, blank=True)
    refusal_zh = models.TextField(blank=True)
    refusal_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_run_of_a_source_at_a_time",
                fields=["source"],
                condition=Q(state=RunState.RUNNING.value),
            ),
            models.UniqueConstraint(
                name="one_run_of_a_source_waits",
                fields=["source"],
                condition=Q(state=RunState.WAITING.value),
            ),
        ]
        indexes = [models.Index(name="runs_by_source", fields=["source", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.source_id} {self.state}"
