"""Tables that are made again or thrown away: facts of exports, counts of use. Nothing here says who read."""

from __future__ import annotations

from django.db import models

from wushu.dataplane.usage.types import Client
from wushu.kernel.tables import TableKind


class Export(models.Model):
    """Size and digest of a generated download of a version, found by making it once.

    Worth nothing beside the version: missing rows are made again, and bytes that do not fit the digest
    are not sent to their end.
    """

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    version = models.UUIDField(help_text="Catalogue version.")
    suffix = models.CharField(max_length=16, help_text="Format, as addresses end.")
    variant = models.CharField(
        max_length=32, blank=True, help_text="Parameters that change its bytes; empty: none."
    )
    recipe = models.CharField(max_length=100, help_text="Programs that made it, with versions.")
    size = models.BigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    marks = models.JSONField(default=list, help_text="Pairs of row and byte at which rows begin.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_export_per_variant", fields=["version", "suffix", "variant"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}.{self.suffix} {self.variant}".strip()


class DailyUse(models.Model):
    """Answers about one dataset on one day, of one kind, to one kind of client."""

    evidence = TableKind.TRANSIENT

    day = models.DateField()
    dataset = models.UUIDField(help_text="Catalogue entry.")
    use = models.CharField(max_length=16, help_text="page, rows, or a download's format.")
    client = models.CharField(max_length=16, choices=[(c.value, c.value) for c in Client])
    requests = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="Bytes.")

    class Meta:
        indexes = [models.Index(name="use_of_dataset", fields=["dataset", "day"])]
        constraints = [
            models.UniqueConstraint(
                name="one_count_of_a_day", fields=["day", "dataset", "use", "client"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.dataset} {self.use} {self.client}"


class DailyKeyUse(models.Model):
    """What one API key asked for on one day: for its owner, and thrown away soon."""

    evidence = TableKind.TRANSIENT

    day = models.DateField()
    key = models.CharField(max_length=64, help_text="SHA-256 of the key.")
    requests = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="Bytes.")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_count_of_a_key", fields=["day", "key"])]

    def __str__(self) -> str:
        return f"{self.day} {self.key[:8]}"
