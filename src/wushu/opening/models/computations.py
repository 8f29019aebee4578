"""Computations (细则第九、二十四条): a program, what became of it, and who let its result out."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.kernel.tables import TableKind
from wushu.opening.types import ComputationState


class Computation(models.Model):
    """A program that a user had run over what a grant covers."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.UUIDField(help_text="Catalogue entry.")
    body = models.UUIDField(help_text="Whose officials decide on the result.")
    grant = models.UUIDField(help_text="Under which it was submitted.")
    case = models.UUIDField(
        null=True, help_text="Whose agreement's grant counts today; empty for a grant by hand."
    )
    organisation = models.UUIDField(null=True, help_text="The grant is for it; empty: a person.")
    purpose = models.TextField(blank=True, help_text="What the grant is for.")
    submitter = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    account = models.UUIDField(help_text="Account it is run for.")
    program = models.TextField()
    salt = models.CharField(max_length=64, help_text="In what the two digests are of.")
    program_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in ComputationState])
    version = models.UUIDField(null=True, help_text="Catalogue version it read.")
    version_number = models.PositiveIntegerField(null=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    columns = models.JSONField(default=list, help_text="Name and type of each of the result's.")
    rows = models.PositiveIntegerField(null=True)
    bytes = models.PositiveIntegerField(null=True)
    smallest_group = models.PositiveBigIntegerField(null=True)
    result_sha256 = models.CharField(max_length=64, blank=True)
    refusal = models.JSONField(null=True, help_text="Problem details, where it failed.")
    submitted_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True, help_text="Person.")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            # The last line behind the service: nothing leaves without another person's decision.
            models.CheckConstraint(
                name="released_by_somebody_else",
                condition=~Q(state=ComputationState.RELEASED.value)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("submitter")),
            ),
        ]
        indexes = [
            models.Index(name="computations_mine", fields=["submitter", "-submitted_at", "-id"]),
            models.Index(
                name="computations_waiting",
                fields=["body", "ran_at", "id"],
                condition=Q(state=ComputationState.WAITING.value),
            ),
            models.Index(
                name="computations_failed",
                fields=["body", "-ran_at", "-id"],
                condition=Q(state=ComputationState.FAILED.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.submitted_at:%Y-%m-%d %H:%M}"


class ComputationTurn(models.Model):
    """A queued computation's turn with a worker; it goes when the computation has run.

    Beside the recorded row, which says what became of it: who is at it is nobody's evidence.
    """

    evidence = TableKind.TRANSIENT

    computation = models.OneToOneField(
        Computation, on_delete=models.CASCADE, primary_key=True, related_name="turn"
    )
    is_taken = models.BooleanField(default=False, help_text="A worker is at it.")
    since = models.DateTimeField(help_text="When it was queued, or taken.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was taken.")

    class Meta:
        indexes = [models.Index(name="computation_turns_by_age", fields=["since"])]

    def __str__(self) -> str:
        return str(self.computation_id)


class ComputedContent(models.Model):
    """A result's bytes. Not recorded again: its computation's row has their SHA-256."""

    evidence = TableKind.LOG

    computation = models.OneToOneField(
        Computation, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.computation_id)
