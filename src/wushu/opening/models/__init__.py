"""Tables of favourites, subscriptions, notices and incidents.

What a person marks or follows is personal: it is in no log, and goes when the account is closed. What
the operator announces is public, and recorded.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from wushu.kernel.tables import TableKind
from wushu.opening.models.agreements import Agreement
from wushu.opening.models.assessments import Assessment, AssessmentComment, SurveyResult
from wushu.opening.models.case_notices import CaseNotice
from wushu.opening.models.computations import Computation, ComputationTurn, ComputedContent
from wushu.opening.models.contests import Contest, ContestChange, ContestEntry, ContestTheme
from wushu.opening.models.needs import Need, NeedCall, NeedSupport
from wushu.opening.models.plans import Plan, PlanEdition, PlanLink
from wushu.opening.models.results import Rating, Result, ResultDataset
from wushu.opening.types import (
    Channel,
    DeliveryState,
    EventKind,
    IncidentStage,
    SubscriptionState,
    TargetKind,
)

__all__ = [
    "Agreement",
    "Assessment",
    "AssessmentComment",
    "CaseNotice",
    "Computation",
    "ComputationTurn",
    "ComputedContent",
    "Contest",
    "ContestChange",
    "ContestEntry",
    "ContestTheme",
    "Delivery",
    "Event",
    "Favourite",
    "Incident",
    "IncidentUpdate",
    "Need",
    "NeedCall",
    "NeedSupport",
    "Plan",
    "PlanEdition",
    "PlanLink",
    "Question",
    "Rating",
    "Reached",
    "Result",
    "ResultDataset",
    "Subscription",
    "SurveyResult",
]


class Favourite(models.Model):
    """A dataset somebody marked."""

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("parties.Account", on_delete=models.CASCADE, related_name="+")
    dataset = models.UUIDField(db_index=True, help_text="Catalogue entry.")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="marked_once", fields=["account", "dataset"]),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.dataset}"


class Subscription(models.Model):
    """Somebody wants to be told, at an address that has agreed. Ending it deletes the row."""

    evidence = TableKind.TRANSIENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("parties.Account", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=16, choices=[(c.value, c.value) for c in Channel])
    target_kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in TargetKind])
    target = models.UUIDField(null=True, help_text="Catalogue entry or organisation.")
    search = models.JSONField(default=dict, help_text="Parameters of /datasets.")
    target_key = models.CharField(max_length=64, help_text="SHA-256 of what is followed.")
    address = models.CharField(max_length=4000, help_text="Encrypted with the node's secret.")
    address_digest = models.CharField(max_length=64, help_text="HMAC: to find the same again.")
    secret = models.CharField(
        max_length=400, blank=True, help_text="Of the signatures, encrypted; empty for mail."
    )
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in SubscriptionState])
    problem = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="Deliveries in a row that failed."
    )
    not_before = models.DateTimeField(null=True, help_text="Nothing is tried until then.")
    claimed_until = models.DateTimeField(null=True, help_text="A worker is at it until then.")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="followed_once_per_address",
                fields=["account", "channel", "target_key", "address_digest"],
            ),
            models.CheckConstraint(
                name="active_only_when_the_address_agreed",
                condition=~Q(state=SubscriptionState.ACTIVE.value) | Q(confirmed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="subscribers_of", fields=["target_kind", "target", "state", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.target_kind} {self.state}"


class Event(models.Model):
    """Something the public could see happen, taken from the log; fanned out in batches."""

    evidence = TableKind.TRANSIENT

    log_index = models.BigIntegerField(primary_key=True, help_text="Entry of the evidence log.")
    kind = models.CharField(max_length=32, choices=[(k.value, k.value) for k in EventKind])
    dataset = models.UUIDField(help_text="Catalogue entry.")
    body = models.UUIDField()
    version = models.PositiveIntegerField(null=True, help_text="Number of the data's version.")
    at = models.DateTimeField()
    fanned_to = models.UUIDField(null=True, help_text="Last subscription looked at.")
    fanned_at = models.DateTimeField(null=True, help_text="When all had been looked at.")

    class Meta:
        indexes = [
            models.Index(
                name="to_fan_out", fields=["log_index"], condition=Q(fanned_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log_index} {self.kind}"


class Reached(models.Model):
    """How far the log has been read: one row for what subscribers are told, one for cases."""

    evidence = TableKind.TRANSIENT

    id = models.PositiveSmallIntegerField(primary_key=True)
    log_index = models.BigIntegerField(help_text="The next entry to look at.")

    def __str__(self) -> str:
        return str(self.log_index)


class Delivery(models.Model):
    """One message to one subscription; with nothing to tell: the question whether it is welcome."""

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    message = models.UUIDField(
        unique=True, default=uuid.uuid4, help_text="The same at each try: receivers know it again."
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, related_name="+")
    notice = models.ForeignKey(CaseNotice, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(
        max_length=16,
        choices=[(s.value, s.value) for s in DeliveryState],
        default=DeliveryState.WAITING.value,
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="told_once", fields=["subscription", "event"]),
            models.UniqueConstraint(name="told_of_a_case_once", fields=["subscription", "notice"]),
        ]
        indexes = [
            models.Index(
                name="to_deliver",
                fields=["id"],
                condition=Q(state=DeliveryState.WAITING.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.state}"


class Question(models.Model):
    """An address was asked whether it agrees; counted, so that nobody is pestered through this node."""

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("parties.Account", on_delete=models.CASCADE, related_name="+")
    address_digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.at:%Y-%m-%d %H:%M}"


class Incident(models.Model):
    """Something that does not work as it should, announced by the operator."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    components = models.JSONField(default=list, help_text="Names of opening.types.Component.")
    begun_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-begun_at"]

    def __str__(self) -> str:
        return self.title_zh


class IncidentUpdate(models.Model):
    """One word about an incident; none is ever changed."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="updates")
    stage = models.CharField(max_length=16, choices=[(s.value, s.value) for s in IncidentStage])
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.stage}"
