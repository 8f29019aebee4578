"""The table of corrections: a wrong act stays, and a statement beside it says what was wrong."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.kernel.tables import TableKind


class Correction(models.Model):
    """An earlier act on an entry was wrong. Nothing is edited and nothing removed."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey("catalog.Entry", on_delete=models.PROTECT, related_name="corrections")
    index = models.BigIntegerField(help_text="Place in the log of the act that was wrong.")
    act = models.CharField(max_length=64)
    reason = models.TextField(help_text="What was wrong; public once the entry is.")
    right = models.TextField(blank=True, help_text="What should have been said.")
    proposed_by = models.CharField(max_length=200, help_text="URN of the account.")
    proposed_person = models.UUIDField(null=True)
    proposed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=200, blank=True, help_text="URN of the account.")
    confirmed_person = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    needs_second = models.BooleanField(help_text="Whether the act itself needed two people.")

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            # The last line of the two-person rule: holds even against a write past the services.
            models.CheckConstraint(
                name="confirmed_by_a_second_person",
                condition=Q(needs_second=False)
                | Q(confirmed_at__isnull=True)
                | (
                    ~Q(confirmed_by=F("proposed_by"))
                    & Q(confirmed_person__isnull=False)
                    & Q(proposed_person__isnull=False)
                    & ~Q(confirmed_person=F("proposed_person"))
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} #{self.index}"
