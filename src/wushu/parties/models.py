"""Tables of organisations, people, their roles, and the accounts that act for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import ClassVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from wushu.kernel.tables import TableKind
from wushu.parties import passwords
from wushu.parties.hierarchy import Subordination, Succession
from wushu.parties.oidc.models import OutsideIdentity
from wushu.parties.types import PERSONAL_ROLES, AdministrativeLevel, OrganisationKind, Role

__all__ = [
    "Account",
    "AccountManager",
    "ApiKey",
    "Membership",
    "Organisation",
    "OutsideIdentity",
    "Person",
    "SignIn",
    "Subordination",
    "Succession",
    "TotpUse",
]


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
    """A person holds a role for a time: in an organisation, or (some roles) for themselves."""

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
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
            models.UniqueConstraint(  # to a database no empty organisation equals another
                name="one_open_role_of_ones_own",
                fields=["person", "role"],
                condition=Q(valid_until__isnull=True, organisation__isnull=True),
            ),
            models.CheckConstraint(
                name="only_some_roles_without_organisation",
                condition=Q(organisation__isnull=False)
                | Q(role__in=sorted(role.value for role in PERSONAL_ROLES)),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"


class AccountManager(models.Manager["Account"]):
    """Finds accounts. It makes none: ``services.account_create`` does, and records it."""

    def get_by_natural_key(self, username: str) -> Account:
        """The account with the username, as Django's backends ask for it."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """What signs in. The password hash is Argon2id; sign-in times live in `SignIn`.

    Django's permissions are not used: services and selectors ask the person's roles.
    """

    evidence = TableKind.RECORDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    totp_secret = models.CharField(
        max_length=200, blank=True, help_text="Encrypted with the node's secret; empty: not set."
    )
    session_epoch = models.PositiveIntegerField(
        default=0, help_text="Raised to end all sessions; each carries a MAC of it."
    )
    created_at = models.DateTimeField()
    last_login = None  # a sign-in is not a change of the account; see SignIn

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """Hash the password; the caller saves and records."""
        self.password = passwords.hashed(raw_password)
        self._password = raw_password

    def check_password(self, raw_password: str | None) -> bool:
        """Compare only. Django's own would write a new hash here, past the evidence log."""
        return passwords.matches(raw_password or "", self.password).correct

    async def acheck_password(self, raw_password: str | None) -> bool:
        """``check_password`` off the event loop."""
        return await sync_to_async(self.check_password)(raw_password)

    def get_session_auth_hash(self) -> str:
        """What a session must carry: a MAC of the password's hash and the session epoch."""
        return self._session_mac()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier secrets of the node."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_mac(secret)

    def _session_mac(self, secret: str | None = None) -> str:
        content = f"{self.session_epoch} {self.password}"
        mac = salted_hmac("wushu.parties.session", content, secret=secret, algorithm="sha256")
        return mac.hexdigest()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """No: roles decide, in services and selectors."""
        return False

    def has_perms(self, perm_list: object, obj: object = None) -> bool:
        """No, as ``has_perm``, the empty list included."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """No, as ``has_perm``."""
        return False


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
    """Attempts to sign in, for lock-out and for the person's own overview.

    A row is written as failed *before* the password is looked at and changed when it was right, so
    that parallel guesses are counted before any of them is answered.
    """

    evidence = TableKind.TRANSIENT

    id = models.BigAutoField(primary_key=True)
    username_digest = models.CharField(
        max_length=64, help_text="HMAC of what was typed: it may be a password in the wrong field."
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="sign_ins"
    )
    address = models.GenericIPAddressField(null=True)
    block = models.CharField(
        max_length=49, blank=True, help_text="What counts as one address: IPv4, or IPv6 /64."
    )
    device = models.CharField(
        max_length=64,
        blank=True,
        help_text="Digest of the browser that signed in to this account before; empty: not known.",
    )
    at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(name="sign_in_by_username", fields=["username_digest", "-at"]),
            models.Index(
                name="failures_by_address", fields=["block", "-at"], condition=Q(succeeded=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.at:%Y-%m-%d %H:%M} {self.succeeded}"


class TotpUse(models.Model):
    """The newest one-time code an account has used, so that none works twice."""

    evidence = TableKind.TRANSIENT

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="totp_use"
    )
    step = models.BigIntegerField(help_text="Time step of RFC 6238: Unix time divided by 30.")

    def __str__(self) -> str:
        return f"{self.account_id} {self.step}"
