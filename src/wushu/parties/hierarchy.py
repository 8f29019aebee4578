"""Which organisation is under which: a table beside the organisations, which the first release fixed."""

from __future__ import annotations

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
