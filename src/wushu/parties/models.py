"""Tables of organisations, people, their roles, and the accounts that act for them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q

from wushu.kernel.tables import TableKind
from wushu.parties.types import AdministrativeLevel, OrganisationKind, Role


class Organisation(models.Model):
    """A department, an enterprise, or a third-party agency."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in OrganisationKind])
    code = models.CharField(
        max_length=18, unique=True, help_text="Unified social credit code, GB 32100-2015."
    )
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    division = models.CharField(
        max_length=12, blank=True, help_text="Division code, GB/T 2260: 6, 9 or 12 digits."
    )
    level = models.CharField(
        max_length=12, blank=True, choices=[(v.value, v.value) for v in AdministrativeLevel]
    )
    contact_name = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_email = models.EmailField(blank=True)
    homepage = models.URLField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="department_has_division_and_level",
                condition=~Q(kind=OrganisationKind.DEPARTMENT.value)
                | (~Q(division="") & ~Q(level="")),
            )
        ]

    def __str__(self) -> str:
        return self.name_zh


class Person(models.Model):
    """A natural person known to the node by name only; identity papers stay elsewhere."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person holds a role in an organisation for a time."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=32, choices=[(r.value, r.value) for r in Role])
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_membership_per_role",
                fields=["person", "organisation", "role"],
                condition=Q(valid_until__isnull=True),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"


class Account(AbstractBaseUser):
    """What signs in. The password hash is Argon2id; sign-in times live in `SignIn`."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    totp_secret = models.CharField(
        max_length=200, blank=True, help_text="Encrypted with the node's secret; empty: not set."
    )
    created_at = models.DateTimeField()
    last_login = None  # a sign-in is not a change of the account; see SignIn

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username


class ApiKey(models.Model):
    """A key for programs: only its hash is kept, it says what it may do, it can be revoked."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True, help_text="Shown, to tell keys apart.")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, help_text="Names of parties.types.Scope.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.prefix


class SignIn(models.Model):
    """Attempts to sign in, for lock-out and for the person's own overview."""

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=64, db_index=True)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_index=True)
    succeeded = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.username} {self.at:%Y-%m-%d %H:%M} {self.succeeded}"
