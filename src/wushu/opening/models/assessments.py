"""Yearly assessments (考核评估): what surveys said, what bodies commented, what was published."""

from __future__ import annotations

import uuid

from django.db import models

from wushu.kernel.tables import TableKind


class Assessment(models.Model):
    """Of the bodies of a division in a year; once published its document is never changed."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    document = models.TextField(blank=True, help_text="Canonical JSON; empty until published.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the document.")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "division"]
        constraints = [
            models.UniqueConstraint(name="one_assessment_a_year", fields=["division", "year"]),
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.year}"


class SurveyResult(models.Model):
    """What a survey said of a body, typed in by the authority with where it comes from."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="surveys")
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=64)
    value = models.FloatField()
    source = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_survey_result", fields=["assessment", "body", "indicator"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"


class AssessmentComment(models.Model):
    """What a body says to its figures before they are published; published with them."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="comments")
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_comment_a_body", fields=["assessment", "body"]),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.body_id}"
