"""Pure decisions: who manages whom, which role fits where, when a sign-in is locked, one-time codes.

No Django, no clock, no database. Durations and limits of the sign-in are arguments.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from wushu.kernel.errors import Refusal
from wushu.kernel.identifiers import parse_credit_code, parse_division
from wushu.parties import words
from wushu.parties.types import (
    API_KEY_SCOPES,
    DIVISION_MISSING,
    KEY_CANNOT_MANAGE,
    LEVEL_MISMATCH,
    NODE,
    NODE_ONLY,
    NOT_GOVERNING,
    NOT_OWN_ACCOUNT,
    PERIOD_WRONG,
    PERSONAL_ROLES,
    ROLE_ABOVE_OPERATOR,
    ROLE_FOR_ONESELF,
    ROLE_NEEDS_ORGANISATION,
    ROLE_NOT_FOR_ORGANISATION,
    SIGN_IN_LOCKED,
    USERNAME_SHAPE,
    Actor,
    AdministrativeLevel,
    HeldRole,
    OrganisationKind,
    Role,
    Scope,
    covers,
)

GOVERNING_ROLES = frozenset({Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR})
"""Who registers organisations and grants roles in its division (细则 art. 5)."""

OVERSEEING_ROLES = frozenset({Role.DATA_AUTHORITY, Role.SUPERVISOR})
"""Roles that oversee the platform operator, who therefore neither grants nor takes them over."""

_KINDS = {
    Role.DATA_AUTHORITY: {OrganisationKind.DEPARTMENT},
    Role.SUPERVISOR: {OrganisationKind.DEPARTMENT},
    Role.THIRD_PARTY_AGENCY: {OrganisationKind.AGENCY},
    Role.OPENING_BODY: {OrganisationKind.DEPARTMENT, OrganisationKind.ENTERPRISE},
    Role.CHIEF_DATA_OFFICER: {OrganisationKind.DEPARTMENT, OrganisationKind.ENTERPRISE},
}
"""Where a role is limited to a kind of organisation. Opening bodies may be enterprises: 细则 art. 2
counts other organisations that provide public services among them."""

_NEED_DIVISION = GOVERNING_ROLES | OVERSEEING_ROLES | {Role.REGISTRY, Role.OPENING_BODY}
"""Where a role is held for a division. An opening body's says which authority examines it."""

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
API_KEY_PREFIX_LENGTH = 10
API_KEY_SECRET_LENGTH = 43
"""43 letters and digits hold 256 random bits (62^43 > 2^256)."""
_API_KEY = re.compile(
    rf"wsk_[0-9a-z]{{{API_KEY_PREFIX_LENGTH}}}_[0-9A-Za-z]{{{API_KEY_SECRET_LENGTH}}}"
)
_TOTP_CODE = re.compile(r"[0-9]{6}")
TOTP_STEP_SECONDS = 30
TOTP_DRIFT_STEPS = 1
"""RFC 6238 section 5.2 recommends one step of tolerance for network delay and clock drift."""

TOTP_SETUP_SECONDS = 600
"""How long a begun set-up may wait for its first code."""

TICKET_SECONDS = 300
"""How long a sign-in whose password was right may wait for its code."""

PASSWORD_LINK_DAYS = 7
"""How long an address to set a password works."""

DEVICE_DAYS = 180
"""How long a browser is known after it has signed in."""

PASSWORD_MAX_CHARACTERS = 1024
"""Longer texts are no passwords: they would only buy the sender our hashing time."""


# Who may


def governs(actor: Actor, division: str, roles: frozenset[Role] = GOVERNING_ROLES) -> bool:
    """Whether the actor holds one of the roles for the division; the node holds all."""
    return actor == NODE or any(
        held.role in roles and covers(held.division, division) for held in actor.roles
    )


def oversees(actor: Actor) -> bool:
    """Whether the actor governs or oversees anybody, and so reads who acted."""
    return actor == NODE or any(
        held.role in GOVERNING_ROLES | OVERSEEING_ROLES for held in actor.roles
    )


def require_person_or_node(actor: Actor) -> None:
    """Refuse API keys (``key-cannot-manage``): they never manage parties."""
    if actor.scopes is not None:
        raise KEY_CANNOT_MANAGE()


def require_node(actor: Actor) -> None:
    """Refuse everybody but the node itself (``node-only``)."""
    if actor != NODE:
        raise NODE_ONLY()


def require_governing(actor: Actor, division: str) -> None:
    """Refuse whoever does not govern the division (``not-governing``)."""
    require_person_or_node(actor)
    if not governs(actor, division):
        raise NOT_GOVERNING()


def require_managing(actor: Actor, held: Iterable[HeldRole]) -> None:
    """Refuse whoever may not manage a person who holds these roles.

    All the roles must lie in the actor's division: a county's operator does not set the password
    of the province's authority. A person without roles is in every governing body's reach.
    """
    roles = tuple(held)
    require_person_or_node(actor)
    if not all(governs(actor, one.division) for one in roles) or not governs(actor, ""):
        raise NOT_GOVERNING()
    for one in roles:
        require_above_operator(actor, one.role, one.division)


def manages(actor: Actor, held: Iterable[HeldRole]) -> bool:
    """``require_managing`` as an answer."""
    try:
        require_managing(actor, held)
    except Refusal:
        return False
    return True


def require_above_operator(actor: Actor, role: Role, division: str) -> None:
    """Refuse a platform operator who reaches for a role that oversees it (``role-above-operator``)."""
    if role in OVERSEEING_ROLES and not governs(actor, division, frozenset({Role.DATA_AUTHORITY})):
        raise ROLE_ABOVE_OPERATOR()


def require_grant(
    actor: Actor, *, to_oneself: bool, role: Role, kind: OrganisationKind | None, division: str
) -> None:
    """Refuse a grant of a role in an organisation of this kind and division.

    ``kind`` None: in no organisation, as a natural person; such a person has no division either,
    and is in every governing body's reach. Refusals: ``key-cannot-manage``, ``not-governing``,
    ``role-for-oneself``, ``role-above-operator``, ``role-needs-organisation``,
    ``role-not-for-organisation``.
    """
    require_governing(actor, division)
    if to_oneself:
        raise ROLE_FOR_ONESELF()
    require_above_operator(actor, role, division)
    if kind is None:
        if role not in PERSONAL_ROLES:
            raise ROLE_NEEDS_ORGANISATION(role=words.ROLES[role])
        return
    if kind not in _KINDS.get(role, set(OrganisationKind)) or (
        role in _NEED_DIVISION and not division
    ):
        raise ROLE_NOT_FOR_ORGANISATION(role=words.ROLES[role])


def is_own(actor: Actor, account: object) -> bool:
    """Whether the actor is the account's own person at the desk, not one of its keys."""
    return actor.account is not None and actor.account == account and actor.scopes is None


def require_own(actor: Actor, account: object) -> None:
    """Refuse everybody but the account itself and the node (``not-own-account``)."""
    require_person_or_node(actor)
    if actor != NODE and not is_own(actor, account):
        raise NOT_OWN_ACCOUNT()


# What is written


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation's code, division and level in the form that is stored."""

    code: str
    division: str
    level: str


def standing(kind: OrganisationKind, *, code: str, division: str, level: str) -> Standing:
    """Check and normalise the code and the place of an organisation.

    A division is written with 6 or 9 digits; a department's level follows from it, other
    organisations have none.

    Refusals: ``identifier-*``, ``division-missing``, ``level-mismatch``.
    """
    credit_code = parse_credit_code(code).code
    if not division.strip():
        if kind is OrganisationKind.DEPARTMENT:
            raise DIVISION_MISSING()
        return Standing(credit_code, "", "")
    parsed = parse_division(division)
    found = parsed.level.value
    if found not in {one.value for one in AdministrativeLevel} or level not in ("", found):
        named = level or found
        raise LEVEL_MISMATCH(level=words.LEVELS.get(named, named), division=division)
    own_level = found if kind is OrganisationKind.DEPARTMENT else ""
    return Standing(credit_code, parsed.short.ljust(6, "0"), own_level)


def username(text: str) -> str:
    """The stored form of a username; ``username-shape`` refuses what cannot be one.

    ASCII only, so that two names never look alike.
    """
    name = _folded(text)
    if not _USERNAME.fullmatch(name):
        raise USERNAME_SHAPE()
    return name


def password_text(text: str) -> str:
    """The form of a password that is hashed (NFKC): an input method's full-width mode is no typo."""
    return unicodedata.normalize("NFKC", text)


def require_period(begin: datetime, end: datetime | None, now: datetime) -> None:
    """Refuse a time that ends before it begins or has passed (``period-wrong``)."""
    if end is not None and (end <= begin or end <= now):
        raise PERIOD_WRONG()


def overlap(
    first: tuple[datetime, datetime | None], second: tuple[datetime, datetime | None]
) -> bool:
    """Whether two half-open periods share a moment; None means without end."""
    (begin_1, end_1), (begin_2, end_2) = first, second
    return (end_2 is None or begin_1 < end_2) and (end_1 is None or begin_2 < end_1)


def scopes(names: Iterable[str]) -> frozenset[Scope]:
    """The scopes of a new key; ``api-key-scopes`` refuses none and unknown ones."""
    try:
        found = frozenset(Scope(name) for name in names)
    except ValueError:
        found = frozenset()
    if not found:
        raise API_KEY_SCOPES(allowed=", ".join(Scope))
    return found


# Sign-in


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in; one whose outcome is still open counts as failed."""

    at: datetime
    succeeded: bool


def locked_until(
    attempts: Sequence[Attempt],
    *,
    limit: int,
    lock: timedelta,
    now: datetime,
    success_clears: bool,
) -> datetime | None:
    """Until when no further attempt is checked, or None. ``attempts`` come oldest first.

    At most ``limit`` wrong guesses are ever checked within any stretch of length ``lock``. A
    success clears the failures of its *username*, whose person has then shown the password. It
    must not clear those of an *address*: a guesser with an account of his own would sign in
    between his guesses.
    """
    failures = 0
    for attempt in reversed(attempts):
        if attempt.at <= now - lock or (attempt.succeeded and success_clears):
            break
        failures += not attempt.succeeded
        if failures == limit:
            return attempt.at + lock
    return None


def locked(until: datetime, now: datetime) -> Refusal:
    """The refusal of a locked sign-in; the time left in minutes, rounded up."""
    return SIGN_IN_LOCKED(minutes=max(1, math.ceil((until - now) / timedelta(minutes=1))))


def username_digest(text: str, key: bytes) -> str:
    """What stands for a typed username in the table of attempts, 64 hexadecimal digits.

    People type passwords into the wrong field: what was typed is never kept.
    """
    return hmac.new(key, _folded(text).encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def opaque(text: str) -> str:
    """SHA-256 of what only one browser holds, in hexadecimal: it is compared, never kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def address_block(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 address.

    A subscriber gets a whole /64 (RFC 6177), so that its addresses are one guesser's. Empty where
    the address is unknown (the command line, a local socket).
    """
    try:
        parsed = ipaddress.ip_address((address or "").strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


# One-time codes (RFC 6238: SHA-1, 30 seconds, 6 digits)


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, within one step of ``now``; None when it is wrong.

    ``secret`` is base32. All steps are compared in constant time.
    """
    digits = code.replace(" ", "")
    if not _TOTP_CODE.fullmatch(digits):
        return None
    generator = pyotp.TOTP(secret)
    step = int(now.timestamp()) // TOTP_STEP_SECONDS
    candidates = range(step - TOTP_DRIFT_STEPS, step + TOTP_DRIFT_STEPS + 1)
    matching = [
        one for one in candidates if hmac.compare_digest(generator.generate_otp(one), digits)
    ]
    return max(matching, default=None)


def is_fresh(step: int, last_used: int | None) -> bool:
    """A code works once, and no older one after it (RFC 6238 section 5.2)."""
    return last_used is None or step > last_used


# API keys


def api_key_text(prefix: str, secret: str) -> str:
    """``wsk_<prefix>_<secret>``: found by scanners for leaked secrets."""
    return f"wsk_{prefix}_{secret}"


def looks_like_api_key(text: str) -> bool:
    """Whether asking the database about it is worth while."""
    return _API_KEY.fullmatch(text) is not None


def api_key_digest(text: str) -> str:
    """SHA-256 of the whole key. It holds 256 random bits, so that a slow hash would add nothing."""
    return hashlib.sha256(text.encode()).hexdigest()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
