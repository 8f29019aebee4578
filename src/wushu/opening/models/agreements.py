"""Use agreements (细则第二十二条): drawn once, signed by both, kept as they were signed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from wushu.kernel.tables import TableKind


class Agreement(models.Model):
    """What a body and a user agreed on for a case; another one of the same case gets the next number."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.UUIDField(db_index=True)
    number = models.PositiveIntegerField()
    dataset = models.UUIDField(help_text="Catalogue entry.")
    document = models.TextField(help_text="Canonical JSON: the clauses and the ODRL agreement.")
    sha256 = models.CharField(max_length=64, help_text="Of the document: what both sign.")
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=200, help_text="URN.")
    user_signed_at = models.DateTimeField(null=True)
    user_signed_by = models.CharField(max_length=200, blank=True, help_text="URN.")
    body_signed_at = models.DateTimeField(null=True)
    body_signed_by = models.CharField(max_length=200, blank=True, help_text="URN.")
    ends_at = models.DateTimeField(db_index=True, help_text="From then on nothing may be read.")
    ended_at = models.DateTimeField(null=True, help_text="When its case came to an end.")
    grant = models.UUIDField(null=True, help_text="The grant it led to; the newest.")

    class Meta:
        ordering = ["case", "-number"]
        constraints = [
            models.UniqueConstraint(name="one_number_per_agreement", fields=["case", "number"]),
            # The last line behind the procedure: nothing is granted on half an agreement.
            models.CheckConstraint(
                name="granted_only_when_both_signed",
                condition=Q(grant__isnull=True)
                | Q(user_signed_at__isnull=False, body_signed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"
