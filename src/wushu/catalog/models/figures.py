"""Figures about entries that are worked out, or told by the apps that count: lists are ordered by them."""

from __future__ import annotations

from django.db import models

from wushu.kernel.tables import TableKind


class Assessed(models.Model):
    """What the description of one listed entry was worth."""

    evidence = TableKind.TRANSIENT

    entry = models.OneToOneField(
        "catalog.Entry", on_delete=models.CASCADE, primary_key=True, related_name="assessed"
    )
    points = models.PositiveSmallIntegerField(help_text="Of catalog.dcat.MOST.")
    seen = models.DateTimeField(help_text="The entry's last public change that was read.")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.entry_id} {self.points}"


class Popularity(models.Model):
    """One entry somebody used lately. An entry that is not here was not used."""

    evidence = TableKind.TRANSIENT

    entry = models.OneToOneField(
        "catalog.Entry", on_delete=models.CASCADE, primary_key=True, related_name="popularity"
    )
    place = models.PositiveIntegerField(unique=True, help_text="1: the most used.")

    def __str__(self) -> str:
        return f"{self.place} {self.entry_id}"


class Demand(models.Model):
    """One entry that many marked or follow. An entry that is not here is wanted by few."""

    evidence = TableKind.TRANSIENT

    entry = models.OneToOneField(
        "catalog.Entry", on_delete=models.CASCADE, primary_key=True, related_name="demand"
    )
    place = models.PositiveIntegerField(unique=True, help_text="1: the most wanted.")

    def __str__(self) -> str:
        return f"{self.place} {self.entry_id}"
