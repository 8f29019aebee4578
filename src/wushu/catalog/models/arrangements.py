"""Tables beside the entries: what belongs together, who answers for what, where data come from.

None of them holds what a revision says of a dataset: that alone passes the gate of a revision.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.catalog.types import FieldType, GroupingKind, SeriesState
from wushu.kernel.tables import TableKind


class Series(models.Model):
    """Entries of one body that belong together over time (``dcat:DatasetSeries``).

    Its words are fixed once it is listed, and listed by a second person.
    """

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in SeriesState])
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    description_zh = models.TextField()
    description_en = models.TextField(blank=True)
    proposed_by = models.CharField(max_length=200, help_text="URN of the account.")
    authors = models.JSONField(
        default=list, help_text="Ids of the people who wrote it: none may list it."
    )
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True, help_text="URN of the account.")
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = models.TextField(blank=True, help_text="Why it was returned or closed.")
    listed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "series"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="series_listed_by_a_second_account",
                condition=~Q(state=SeriesState.LISTED.value)
                | (~Q(decided_by="") & ~Q(decided_by=F("proposed_by"))),
            )
        ]

    def __str__(self) -> str:
        return self.slug


class SeriesMember(models.Model):
    """An entry of a series, and the time it stands for."""

    evidence = TableKind.RECORDED

    entry = models.OneToOneField(
        "catalog.Entry", on_delete=models.PROTECT, primary_key=True, related_name="in_series"
    )
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="members")
    period = models.CharField(max_length=10, help_text="2024, 2024-H1, 2024-Q3, 2024-05.")
    added_by = models.CharField(max_length=200, help_text="URN of the account.")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["series", "period"]
        constraints = [
            models.UniqueConstraint(name="one_entry_per_period", fields=["series", "period"])
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period}"


class Grouping(models.Model):
    """A base or theme database (基础库、主题库) that the data authority keeps."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in GroupingKind])
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100, blank=True)
    description_zh = models.TextField()
    description_en = models.TextField(blank=True)
    kept_for = models.CharField(max_length=12, help_text="Division whose authority keeps it.")
    created_by = models.CharField(max_length=200, help_text="URN of the account.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "slug"]

    def __str__(self) -> str:
        return self.slug


class GroupingMember(models.Model):
    """An entry of a grouping."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grouping = models.ForeignKey(Grouping, on_delete=models.PROTECT, related_name="members")
    entry = models.ForeignKey(
        "catalog.Entry", on_delete=models.PROTECT, related_name="in_groupings"
    )
    added_by = models.CharField(max_length=200, help_text="URN of the account.")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="once_in_a_grouping", fields=["grouping", "entry"])
        ]

    def __str__(self) -> str:
        return f"{self.grouping_id} {self.entry_id}"


class Duty(models.Model):
    """Who within the body answers for an entry, and which system keeps its data (责任清单).

    For officials: nobody has reviewed it, so the public does not see it.
    """

    evidence = TableKind.RECORDED

    entry = models.OneToOneField(
        "catalog.Entry", on_delete=models.PROTECT, primary_key=True, related_name="duty"
    )
    unit = models.CharField(max_length=100, blank=True, help_text="Unit within the body (处室).")
    source_system = models.CharField(max_length=200, blank=True, help_text="System of origin.")
    set_by = models.CharField(max_length=200, help_text="URN of the account.")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return f"{self.entry_id} {self.unit}"


class ItemSource(models.Model):
    """The authority's decision that one body is the source of a data item (一数一源)."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.CharField(max_length=200, help_text="The column's name, normalised.")
    type = models.CharField(max_length=16, choices=[(t.value, t.value) for t in FieldType])
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=12, help_text="Within which it holds, GB/T 2260.")
    reason = models.TextField()
    decided_by = models.CharField(max_length=200, help_text="URN of the account.")
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When another one followed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_source_per_item",
                fields=["item", "type", "division"],
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.body_id}"


class Derivation(models.Model):
    """An entry was made from another one (``prov:wasDerivedFrom``)."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(
        "catalog.Entry", on_delete=models.PROTECT, related_name="derived_from"
    )
    source = models.ForeignKey("catalog.Entry", on_delete=models.PROTECT, related_name="led_to")
    added_by = models.CharField(max_length=200, help_text="URN of the account.")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="derived_once", fields=["entry", "source"]),
            models.CheckConstraint(name="derived_from_another", condition=~Q(entry=F("source"))),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} from {self.source_id}"
