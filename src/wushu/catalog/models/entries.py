"""Entries, their versions, revisions and reviews. A revision's content is fixed once it is submitted."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import Q

from wushu.catalog.types import Attribute, EntryState, ReviewDecision, RevisionState
from wushu.kernel.tables import TableKind


class Entry(models.Model):
    """One dataset of the catalogue: its lasting identity and where it stands."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    body = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in EntryState])
    listed_revision = models.OneToOneField(
        "Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="listed_for"
    )
    created_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(
        db_index=True, help_text="Last change the public could see; strictly increasing."
    )
    closed_reason = models.TextField(
        blank=True, help_text="Why it was last sealed, restored or withdrawn."
    )
    closed_basis = models.TextField(blank=True, help_text="The legal basis of that act.")
    closed_by = models.UUIDField(
        null=True, blank=True, help_text="Person of that act: who seals does not restore."
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="listed_entry_has_a_listed_revision",
                condition=~Q(state=EntryState.LISTED.value) | Q(listed_revision__isnull=False),
            ),
            models.CheckConstraint(
                name="known_to_the_public_only_once_listed",
                condition=Q(listed_at__isnull=True, listed_revision__isnull=True)
                | Q(listed_at__isnull=False, listed_revision__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="entries_by_body", fields=["body", "state"]),
            # Not by state first: SQLite would then read all that are listed to find a few by id.
            models.Index(name="entries_in_order", fields=["-changed_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.slug


class Version(models.Model):
    """A version of the data: an immutable manifest the data plane wrote."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    manifest_sha256 = models.CharField(max_length=64)
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64)
    source_bytes = models.BigIntegerField()
    rows_declared = models.BigIntegerField()
    rows_loaded = models.BigIntegerField()
    rows_rejected = models.BigIntegerField()
    parquet_bytes = models.BigIntegerField()
    parquet_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "-number"]
        constraints = [
            models.UniqueConstraint(name="one_number_per_entry", fields=["entry", "number"]),
            models.CheckConstraint(
                name="declared_is_loaded_plus_rejected",
                condition=Q(rows_declared=models.F("rows_loaded") + models.F("rows_rejected")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number}"


def new_salt() -> str:
    """256 random bits, 64 hexadecimal digits."""
    return secrets.token_hex(32)


class Revision(models.Model):
    """What the catalogue says of a dataset: one proposal, reviewed as a whole."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in RevisionState])
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    description_zh = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    keywords = models.JSONField(default=list)
    theme = models.CharField(max_length=16, help_text="Code of the EU data theme vocabulary.")
    attribute = models.CharField(max_length=16, choices=[(a.value, a.value) for a in Attribute])
    attribute_reason = models.TextField(help_text="Why this opening attribute (art. 7).")
    attribute_basis = models.TextField(blank=True, help_text="Legal basis where not unconditional.")
    conditions = models.TextField(blank=True, help_text="Audience, purpose, scope, requirements.")
    update_cycle = models.CharField(max_length=16, help_text="Code of the EU frequency vocabulary.")
    spatial = models.CharField(max_length=12, help_text="Division code, GB/T 2260.")
    temporal_start = models.DateField(null=True, blank=True)
    temporal_end = models.DateField(null=True, blank=True)
    licence = models.CharField(max_length=255, help_text="Licence URI, or empty when unknown.")
    licence_note = models.TextField(blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    source_note = models.TextField(blank=True, help_text="Where the data truly come from.")
    synthetic = models.BooleanField(default=False, help_text="Invented data, labelled so.")
    contact_name = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list, help_text="catalog.types.FieldSpec, in column order.")
    change_note = models.TextField(blank=True)
    created_by = models.CharField(max_length=200, help_text="URN of the account.")
    created_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    case = models.UUIDField(
        null=True, blank=True, help_text="Whose step submitted it; its steps list or return it."
    )
    authors = models.JSONField(
        default=list, help_text="Ids of the people who wrote or submitted it: none may review it."
    )
    content_salt = models.CharField(
        max_length=64, default=new_salt, help_text="Of the content's digest in the log."
    )
    listed_by = models.CharField(max_length=200, blank=True, help_text="URN of the reviewer.")
    listed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["entry", "-number"]
        indexes = [
            models.Index(
                name="revisions_in_review",
                fields=["submitted_at", "id"],
                condition=Q(state=RevisionState.IN_REVIEW.value),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_revision_number_per_entry", fields=["entry", "number"]
            ),
            models.UniqueConstraint(
                name="one_open_revision_per_entry",
                fields=["entry"],
                condition=Q(state__in=[RevisionState.DRAFT.value, RevisionState.IN_REVIEW.value]),
            ),
            # The last line of the two-person gate: holds even against a write past the services.
            models.CheckConstraint(
                name="listed_by_a_second_account",
                condition=~Q(state__in=[RevisionState.LISTED.value, RevisionState.SUPERSEDED.value])
                | (
                    ~Q(listed_by="")
                    & ~Q(listed_by=models.F("created_by"))
                    & ~Q(listed_by=models.F("submitted_by"))
                    & ~Q(submitted_by="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} r{self.number}"


class Review(models.Model):
    """The recorded decision of a second person who holds the authority's role."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=16, choices=[(d.value, d.value) for d in ReviewDecision])
    reasons = models.TextField(blank=True)
    reviewer = models.CharField(max_length=200, help_text="URN of the account.")
    reviewer_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.revision_id} {self.decision}"
