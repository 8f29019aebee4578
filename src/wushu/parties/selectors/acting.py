"""Who acts: the account of a key, a session or a username, with the roles its person holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND
from wushu.parties import rules
from wushu.parties.models import Account, Membership
from wushu.parties.types import (
    API_KEY_EXPIRED,
    API_KEY_REVOKED,
    API_KEY_UNKNOWN,
    Actor,
    Channel,
    HeldRole,
    Role,
    Scope,
    account_urn,
)

API_KEY_SQL = """
SELECT k.revoked_at, k.expires_at, k.scopes, a.id, a.is_active, p.id, p.name,
       m.role, m.valid_from, m.valid_until, o.id, o.division
FROM parties_apikey k
JOIN parties_account a ON a.id = k.account_id
JOIN parties_person p ON p.id = a.person_id
LEFT JOIN parties_membership m ON m.person_id = p.id
LEFT JOIN parties_organisation o ON o.id = m.organisation_id
WHERE k.secret_sha256 = %s
"""
"""The whole question "who is this key?" as one statement for SQLite and PostgreSQL.

Parameter: ``rules.api_key_digest(key)``. Rows go to ``actor_from_key_rows``. The placeholder is that
of Django's cursors and psycopg; with a bare ``sqlite3`` connection use ``API_KEY_SQL_SQLITE``.
"""

API_KEY_SQL_SQLITE = API_KEY_SQL.replace("%s", "?")


def actor_from_key_rows(rows: Sequence[Sequence[Any]], now: datetime) -> Actor:
    """The actor of the rows ``API_KEY_SQL`` gave, from any driver of the two databases.

    Refusals: ``api-key-unknown`` (no rows), ``api-key-revoked``, ``api-key-expired``.
    """
    if not rows:
        raise API_KEY_UNKNOWN()
    revoked, expires, scopes, account, is_active, person, name = rows[0][:7]
    if revoked is not None or not is_active:
        raise API_KEY_REVOKED()
    expires_at = _moment(expires)
    if expires_at is not None and expires_at <= now:
        raise API_KEY_EXPIRED(expired=timezone.localtime(expires_at).strftime("%Y-%m-%d %H:%M"))
    held = tuple(
        HeldRole(_uuid(organisation) if organisation else None, Role(role), division or "")
        for role, begin, end, organisation, division in (row[7:] for row in rows)
        if role is not None and _holds_at(_moment(begin), _moment(end), now)
    )
    names = json.loads(scopes) if isinstance(scopes, str) else scopes
    return Actor(
        urn=account_urn(_uuid(account)),
        name=name,
        account=_uuid(account),
        person=_uuid(person),
        roles=held,
        scopes=frozenset(Scope(one) for one in names),
        channel=Channel.API,
    )


def api_key_question(secret_text: str) -> tuple[str, list[str]]:
    """``API_KEY_SQL_SQLITE`` and its parameters, for readers with a connection of their own.

    Refusal ``api-key-unknown`` for a text that cannot be a key: the database is not asked.
    """
    if not rules.looks_like_api_key(secret_text):
        raise API_KEY_UNKNOWN()
    return API_KEY_SQL_SQLITE, [rules.api_key_digest(secret_text)]


def api_key_digest(secret_text: str) -> str:
    """By what a key is known to the database; empty for a text that cannot be a key."""
    return rules.api_key_digest(secret_text) if rules.looks_like_api_key(secret_text) else ""


def address_block(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 address; else empty."""
    return rules.address_block(address)


def actor_for_api_key(secret_text: str, now: datetime) -> Actor:
    """The account a key acts for, with the key's scopes. One statement, no ORM.

    Refusals: ``api-key-unknown``, ``api-key-revoked``, ``api-key-expired``.
    """
    if not rules.looks_like_api_key(secret_text):
        raise API_KEY_UNKNOWN()
    with connection.cursor() as cursor:
        cursor.execute(API_KEY_SQL, [rules.api_key_digest(secret_text)])
        return actor_from_key_rows(cursor.fetchall(), now)


def actor_for_account(account_id: UUID, channel: Channel = Channel.PAGE) -> Actor:
    """The account at the desk with the roles its person holds now; ``not-found`` when closed."""
    return _actor(Q(pk=account_id), str(account_id), channel)


def actor_for_username(name: str) -> Actor:
    """The same by username, for the command line; ``not-found`` when unknown or closed."""
    return _actor(Q(username=rules.username(name)), name, Channel.COMMAND_LINE)


def actor_of_person(person: UUID) -> Actor:
    """A person as they could act now: with an open account; ``not-found``."""
    found = Account.objects.filter(person=person, is_active=True).order_by("created_at").first()
    if found is None:
        raise NOT_FOUND(what=str(person))
    return actor_for_account(found.pk)


def who_worked(person: UUID) -> Actor | None:
    """A person as what they did names them, also by an account that is closed; to find it, not to act.

    None: they never had an account.
    """
    accounts = Account.objects.filter(person=person).select_related("person")
    found = accounts.order_by("-is_active", "created_at").first()
    return None if found is None else _actor_of(found, Channel.BACKGROUND)


def _actor(condition: Q, what: str, channel: Channel) -> Actor:
    account = Account.objects.filter(condition, is_active=True).select_related("person").first()
    if account is None:
        raise NOT_FOUND(what=what)
    return _actor_of(account, channel)


def _actor_of(account: Account, channel: Channel) -> Actor:
    return Actor(
        urn=account_urn(account.pk),
        name=account.person.name,
        account=account.pk,
        person=account.person_id,
        roles=roles_of_person(account.person_id, timezone.now()),
        channel=channel,
    )


def roles_of_person(person: UUID, now: datetime) -> tuple[HeldRole, ...]:
    """The roles a person holds at the moment."""
    return held(Q(person=person, valid_from__lte=now), now).get(person, ())


def roles_to_manage(person: UUID, now: datetime) -> tuple[HeldRole, ...]:
    """The roles that decide who manages a person: held now or granted for later."""
    return held(Q(person=person), now).get(person, ())


def held(condition: Q, now: datetime) -> dict[UUID, tuple[HeldRole, ...]]:
    """The roles of each person that have not ended, of the memberships the condition names."""
    rows = (
        Membership.objects.filter(condition, Q(valid_until=None) | Q(valid_until__gt=now))
        .order_by("valid_from", "id")
        .values_list("person_id", "organisation_id", "role", "organisation__division")
    )
    found: dict[UUID, tuple[HeldRole, ...]] = {}
    for person, body, role, division in rows:
        found[person] = (*found.get(person, ()), HeldRole(body, Role(role), division or ""))
    return found


def _holds_at(begin: datetime | None, end: datetime | None, now: datetime) -> bool:
    return begin is not None and begin <= now and (end is None or now < end)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: Any) -> datetime | None:
    # SQLite's driver gives the text Django wrote, in UTC without an offset.
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
