"""What people are told of their cases, and of programs they handed in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wushu.kernel.tables import TableKind


class CaseNotice(models.Model):
    """One line of a case's timeline is news for one person: for who filed, or whoever's turn it is.

    So is what became of a program, for who handed it in.
    It keeps the words that were told, as a mail does; the case itself says what holds.
    """

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("parties.Person", on_delete=models.CASCADE, related_name="+")
    case = models.UUIDField(help_text="Or computation.")
    line = models.PositiveIntegerField(help_text="Of the case's timeline; 0: of a computation.")
    kind = models.CharField(
        max_length=16, help_text="Of the line: a name of HappenedKind, or of ComputationState."
    )
    number = models.CharField(max_length=40, help_text="Of the case; empty: a computation.")
    title = models.CharField(max_length=200)
    words_zh = models.CharField(max_length=400)
    words_en = models.CharField(max_length=400)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(name="a_line_is_news_once", fields=["person", "case", "line"]),
        ]
        indexes = [
            models.Index(name="news_of_a_person", fields=["person", "-at", "-id"]),
            models.Index(name="news_not_read", fields=["person"], condition=Q(read_at=None)),
            models.Index(name="news_by_time", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.line}"
