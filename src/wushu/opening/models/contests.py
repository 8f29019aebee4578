"""Contests of what is built on open data (细则第三十二条)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.kernel.tables import TableKind
from wushu.opening.models.results import Result


class Contest(models.Model):
    """Announced by an authority or a body; results are entered while it runs, then winners named."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organiser = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    begins = models.DateField()
    ends = models.DateField(help_text="Last day on which results are entered.")
    announced_at = models.DateTimeField()
    awarded_at = models.DateTimeField(null=True, help_text="When the winners were named.")

    class Meta:
        ordering = ["-begins", "-id"]
        constraints = [
            models.CheckConstraint(
                name="contests_begin_before_they_end", condition=Q(ends__gte=F("begins"))
            ),
        ]
        indexes = [models.Index(name="contests_by_day", fields=["-begins", "-id"])]

    def __str__(self) -> str:
        return self.title_zh


class ContestChange(models.Model):
    """What a contest said before its holder changed it: everybody can read it beside what holds now."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="changes")
    text_zh = models.TextField(help_text="As it was before.")
    text_en = models.TextField(blank=True, help_text="As it was before.")
    ends = models.DateField(help_text="The last day before.")
    reason = models.TextField(help_text="Why it was changed.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.at:%Y-%m-%d}"


class ContestTheme(models.Model):
    """A dataset that a contest is about."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="themes")
    dataset = models.UUIDField(help_text="Catalogue entry.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="theme_once_of_a_contest", fields=["contest", "dataset"]),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.dataset}"


class ContestEntry(models.Model):
    """A result in a contest; taking it out deletes the row."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="entries")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="contests")
    entered_at = models.DateTimeField()
    award = models.CharField(max_length=100, blank=True, help_text="Empty: none.")
    reason = models.TextField(blank=True, help_text="Why it won.")

    class Meta:
        ordering = ["entered_at", "id"]
        constraints = [
            models.UniqueConstraint(name="entered_once", fields=["contest", "result"]),
            models.CheckConstraint(
                name="awards_have_a_reason", condition=Q(award="") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.result_id}"
