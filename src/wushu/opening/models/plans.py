"""Yearly opening plans (年度开放计划): what a body will open, as it was accepted and amended."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from wushu.kernel.tables import TableKind
from wushu.opening.types import PlanState


class Plan(models.Model):
    """A body's plan of a year; what it says stands in its editions."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    in_force = models.PositiveIntegerField(null=True, help_text="Number of the accepted edition.")

    class Meta:
        ordering = ["-year", "body"]
        constraints = [
            models.UniqueConstraint(name="one_plan_a_year", fields=["body", "year"]),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}"


class PlanEdition(models.Model):
    """One state of a plan. An accepted one is never changed: an amendment is the next edition."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in PlanState])
    content = models.TextField(help_text="Canonical JSON.")
    sha256 = models.CharField(max_length=64, help_text="Of the content.")
    revised = models.PositiveIntegerField(help_text="How often it was saved.")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=200, blank=True, help_text="URN.")
    decided_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True, help_text="Of the authority, for what it returned.")

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(name="one_number_per_plan", fields=["plan", "number"]),
            models.UniqueConstraint(
                name="one_open_edition_per_plan",
                fields=["plan"],
                condition=~Q(state=PlanState.ACCEPTED.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class PlanLink(models.Model):
    """Which dataset of the body a planned item became."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="links")
    item = models.UUIDField(help_text="Key of the item in the plan's editions.")
    dataset = models.UUIDField(help_text="Catalogue entry.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_dataset_per_item", fields=["plan", "item"]),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.item}"
