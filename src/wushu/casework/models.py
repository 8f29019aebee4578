"""Tables of regulations, adoptions and cases. What happened is written once and never changed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.casework.types import HappenedKind
from wushu.kernel.tables import TableKind


class RegulationVersion(models.Model):
    """A regulation as it was published. The database refuses to change it (migration 0002)."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=100, help_text="Name of its folder under regulations/.")
    number = models.PositiveIntegerField(
        help_text="From 1: the first that was published, and so on."
    )
    sha256 = models.CharField(max_length=64, unique=True)
    document = models.TextField(help_text="Canonical JSON (RFC 8785).")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, help_text="URN.")

    class Meta:
        ordering = ["key", "number"]
        constraints = [
            models.UniqueConstraint(name="one_number_per_regulation", fields=["key", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.number}"


class CalendarNotice(models.Model):
    """A notice on the days of a year that came after the program. The database refuses to change it."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.TextField(help_text="文号, as printed.")
    sha256 = models.CharField(max_length=64, unique=True)
    document = models.TextField(help_text="The file (TOML).")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, help_text="URN.")

    class Meta:
        ordering = ["published_at", "id"]

    def __str__(self) -> str:
        return self.number


class Adoption(models.Model):
    """A jurisdiction applies a version, from a day to a day."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        RegulationVersion, on_delete=models.PROTECT, related_name="adoptions"
    )
    division = models.CharField(max_length=12, db_index=True, help_text="Division code, GB/T 2260.")
    begins = models.DateField()
    ends = models.DateField(null=True, help_text="The last day.")
    decision = models.TextField(help_text="By what decision.")
    decided_by = models.CharField(max_length=200, help_text="URN.")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["division", "-begins"]
        constraints = [
            models.CheckConstraint(
                name="adoption_ends_after_it_begins",
                condition=Q(ends__isnull=True) | Q(ends__gte=F("begins")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.begins}"


class Case(models.Model):
    """Somebody filed something; where it stands."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(RegulationVersion, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=64)
    subject = models.UUIDField(db_index=True, help_text="What it is about, by its kind.")
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    filer = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    filer_organisation = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    counter = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="Who filed it at the counter for the filer, who came in person.",
    )  # fmt: skip
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    assignee = models.UUIDField(null=True, help_text="Person who works on it.")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [
            models.Index(name="cases_filed", fields=["filer", "-opened_at"]),
            models.Index(
                name="cases_of_a_counter",
                fields=["counter", "-opened_at"],
                condition=Q(counter__isnull=False),
            ),
            models.Index(name="cases_by_opening", fields=["-opened_at", "-id"]),
            models.Index(name="cases_of_a_procedure", fields=["procedure", "-opened_at", "-id"]),
            models.Index(name="cases_of_a_body", fields=["body", "-opened_at", "-id"]),
            models.Index(
                name="cases_closed", fields=["-closed_at"], condition=Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseEvent(models.Model):
    """One line of a case's timeline. The database refuses to change it (migration 0002)."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in HappenedKind])
    at = models.DateTimeField()
    actor = models.CharField(max_length=200, help_text="URN.")
    actor_name = models.CharField(max_length=100)
    person = models.UUIDField(null=True)
    seat = models.CharField(max_length=64)
    step = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=64, help_text="Where the case stood afterwards.")
    values = models.JSONField(default=dict)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(name="one_number_per_case", fields=["case", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class CasePaper(models.Model):
    """A paper that came with a step, looked at by the malware scanner before it was taken."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class PaperContent(models.Model):
    """A paper's bytes. Not recorded again: its paper's row has their SHA-256."""

    evidence = TableKind.LOG

    paper = models.OneToOneField(
        CasePaper, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.paper_id)


class CaseAnswer(models.Model):
    """When a case got its first answer: a copy of what its history says, for figures."""

    evidence = TableKind.TRANSIENT

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="answer"
    )
    procedure = models.CharField(max_length=64)
    version = models.UUIDField(help_text="Of the regulation.")
    body = models.UUIDField()
    answered = models.DateField()
    working_days = models.PositiveIntegerField(help_text="From receipt.")
    in_time = models.BooleanField(help_text="Whether every limit was kept.")
    calendar = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(
                name="answers_by_day",
                fields=["answered", "procedure", "working_days", "in_time"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.working_days}"


class CaseTurn(models.Model):
    """Whose turn it is in an open case, and until when: a copy of what its history says, for lists."""

    evidence = TableKind.TRANSIENT

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="turn"
    )
    seat = models.CharField(max_length=64, blank=True)
    body = models.UUIDField()
    division = models.CharField(max_length=12)
    filer_organisation = models.UUIDField(null=True)
    clock = models.CharField(max_length=64, blank=True)
    due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    tell_on = models.DateField(
        null=True, help_text="The day on which the next is told of what the due day brings with it."
    )
    calendar = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(name="turns_of_a_body", fields=["body", "seat", "due"]),
            models.Index(name="turns_of_a_division", fields=["division", "seat", "due"]),
            models.Index(
                name="turns_of_a_filer",
                fields=["filer_organisation", "seat", "due"],
                condition=Q(filer_organisation__isnull=False),
            ),
            models.Index(
                name="turns_to_tell", fields=["tell_on"], condition=Q(tell_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seat}"
