"""What was built on the data, and how people rate datasets (细则第二十六、四十条)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from wushu.kernel.tables import TableKind
from wushu.opening.types import Moderation, ResultKind


class Result(models.Model):
    """Something built on open data, filed by who built it and shown once a moderator agreed."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filer = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ResultKind])
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    summary_zh = models.TextField()
    summary_en = models.TextField(blank=True)
    address = models.CharField(max_length=500, blank=True, help_text="Where it is; never fetched.")
    makers = models.CharField(max_length=200, help_text="Who made it, as they want to be named.")
    division = models.CharField(
        max_length=12, blank=True, help_text="What the divisions of its datasets begin with."
    )
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in Moderation])
    reason = models.TextField(blank=True, help_text="Why it was sent back or taken down.")
    decided_by = models.UUIDField(null=True, help_text="Person who decided last.")
    filed_at = models.DateTimeField(help_text="When it was handed in, the last time.")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-filed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="shown_results_were_decided_on",
                condition=~Q(state=Moderation.PUBLISHED.value)
                | Q(decided_by__isnull=False, published_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="results_shown", fields=["state", "-published_at", "-id"]),
            models.Index(
                name="results_shown_of_a_kind", fields=["state", "kind", "-published_at", "-id"]
            ),
            models.Index(
                name="results_waiting",
                fields=["filed_at", "id"],
                condition=Q(state=Moderation.WAITING.value),
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh


class ResultDataset(models.Model):
    """A dataset that a result uses."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="datasets")
    dataset = models.UUIDField(db_index=True, help_text="Catalogue entry.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="used_once_by_a_result", fields=["result", "dataset"]),
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.dataset}"


class Rating(models.Model):
    """How a person rates a dataset; withdrawing it deletes the row.

    A column for each aspect, so that the figures of a dataset are one query.
    """

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    dataset = models.UUIDField(help_text="Catalogue entry.")
    complete = models.PositiveSmallIntegerField()
    accurate = models.PositiveSmallIntegerField()
    timely = models.PositiveSmallIntegerField()
    usable = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    comment_state = models.CharField(
        max_length=16, blank=True, choices=[(s.value, s.value) for s in Moderation]
    )
    reason = models.TextField(blank=True, help_text="Why the comment is not shown.")
    decided_by = models.UUIDField(null=True, help_text="Person who decided on the comment.")
    division = models.CharField(max_length=12, blank=True, help_text="Of the dataset's body.")
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="rated_once_by_a_person", fields=["person", "dataset"]),
            *(
                models.CheckConstraint(
                    name=f"{aspect}_is_rated_1_to_5", condition=Q(**{f"{aspect}__range": (1, 5)})
                )
                for aspect in ("complete", "accurate", "timely", "usable")
            ),
            models.CheckConstraint(
                name="comments_without_text_have_no_state",
                condition=Q(comment="", comment_state="") | ~Q(comment="") & ~Q(comment_state=""),
            ),
        ]
        indexes = [
            models.Index(name="ratings_of_a_dataset", fields=["dataset", "given_at", "id"]),
            models.Index(
                name="comments_waiting",
                fields=["changed_at", "id"],
                condition=Q(comment_state=Moderation.WAITING.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.complete} {self.accurate} {self.timely} {self.usable}"
