"""Which organisation is under which, and who took over from whom.

Tables beside those of the first release, whose fields stay as they were recorded.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from wushu.kernel.tables import TableKind


class Subordination(models.Model):
    """An organisation is under another one (隶属); who is under nobody has no row."""

    evidence = TableKind.RECORDED

    organisation = models.OneToOneField(
        "parties.Organisation",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="subordination",
    )
    above = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, related_name="subordinates"
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nobody_is_under_itself", condition=~Q(organisation=F("above"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} under {self.above_id}"


class Succession(models.Model):
    """A colleague took over what somebody was working on in an organisation."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField(help_text="When the roles end and the work is the successor's.")
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nobody_succeeds_themselves", condition=~Q(person=F("successor"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.successor_id} in {self.organisation_id}"
