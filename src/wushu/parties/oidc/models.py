"""Which subject of which provider is which account."""

from __future__ import annotations

import uuid

from django.db import models

from wushu.kernel.tables import TableKind


class OutsideIdentity(models.Model):
    """A provider's subject that signs in to an account. Removed, the link is gone; the log keeps both."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        "parties.Account", on_delete=models.PROTECT, related_name="outside_identities"
    )
    issuer = models.CharField(
        max_length=255, help_text="The provider, as its tokens name it (iss)."
    )
    subject = models.CharField(
        max_length=255, help_text="The person there (sub): never given to anybody else."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_account_per_subject", fields=["issuer", "subject"]),
            models.UniqueConstraint(name="one_subject_per_account", fields=["account", "issuer"]),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} at {self.issuer}"
