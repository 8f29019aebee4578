"""The call for needs (需求征集): what the public would have opened, who supports it, what became of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.kernel.tables import TableKind
from wushu.opening.types import NeedState


class NeedCall(models.Model):
    """An authority asks the public from day to day which data it needs."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    text = models.TextField()
    begins = models.DateField()
    ends = models.DateField(db_index=True, help_text="The last day.")

    class Meta:
        ordering = ["-begins", "pk"]
        constraints = [
            models.CheckConstraint(name="a_call_ends_after_it_begins",
                                   condition=Q(ends__gte=F("begins"))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Need(models.Model):
    """Data that somebody needs; public once the authority looked at it, and never with their name."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(NeedCall, on_delete=models.PROTECT, related_name="needs")
    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    data = models.TextField(help_text="Which data are needed.")
    purpose = models.TextField(help_text="What for.")
    body = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="Who is believed to hold them, then to whom it was handed over.",
    )  # fmt: skip
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in NeedState])
    submitted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True, help_text="Why it was not published; for who wrote it.")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    dataset = models.UUIDField(null=True, help_text="Catalogue entry that meets it.")
    plan = models.ForeignKey(
        "opening.Plan", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="Plan with the item that is to meet it.",
    )  # fmt: skip
    plan_item = models.UUIDField(null=True)
    case = models.CharField(max_length=40, blank=True, help_text="Number of the case it became.")

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(name="needs_published", fields=["-published_at", "-id"]),
            models.Index(name="needs_by_state", fields=["state", "submitted_at"]),
        ]

    def __str__(self) -> str:
        return self.title


class NeedSupport(models.Model):
    """Somebody else needs the same. Whose it is is nobody's business: only how many there are."""

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="supports")
    account = models.ForeignKey("parties.Account", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="supported_once", fields=["need", "account"]),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}"
