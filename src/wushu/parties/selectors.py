"""Reads: who acts, organisations, people and their accounts. What is not public asks who wants it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND, Refusal, Said
from wushu.parties import labels, layouts, providers, rules, sealed
from wushu.parties.models import (
    Account,
    ApiKey,
    Membership,
    Organisation,
    OutsideIdentity,
    Person,
    SignIn,
    Subordination,
    Succession,
)
from wushu.parties.oidc import provider
from wushu.parties.oidc.rules import sign_out_url
from wushu.parties.tickets import ticket_holds
from wushu.parties.types import (
    API_KEY_EXPIRED,
    API_KEY_REVOKED,
    API_KEY_UNKNOWN,
    NOT_GOVERNING,
    AccountView,
    Actor,
    ApiKeyView,
    Channel,
    HeldRole,
    MembershipView,
    OrganisationKind,
    OrganisationView,
    OutsideView,
    Role,
    Scope,
    SignInNote,
    SuccessionView,
    account_urn,
)

ROLES = labels.ROLES
KINDS = labels.KINDS
LEVELS = labels.LEVELS
SCOPES = labels.SCOPES
IMPORT_LAYOUTS = layouts.LAYOUTS
"""What pages call these values, translated when shown."""

sms = providers.sms
real_name = providers.real_name
"""The seams to who sends text messages and who verifies claims; unbound they refuse by name."""

seal = sealed.seal
unseal = sealed.unseal
"""Secrets and addresses at rest, for the apps above: under keys of the node's own secret."""

# Who acts

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


def accounts_closed(accounts: Iterable[UUID]) -> set[UUID]:
    """Of these accounts those that are closed or not there any more."""
    asked = set(accounts)
    live = Account.objects.filter(pk__in=asked, is_active=True).values_list("pk", flat=True)
    return asked - set(live)


def actor_for_username(name: str) -> Actor:
    """The same by username, for the command line; ``not-found`` when unknown or closed."""
    return _actor(Q(username=rules.username(name)), name, Channel.COMMAND_LINE)


def _actor(condition: Q, what: str, channel: Channel) -> Actor:
    account = Account.objects.filter(condition, is_active=True).select_related("person").first()
    if account is None:
        raise NOT_FOUND(what=what)
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
    return _held(Q(person=person, valid_from__lte=now), now).get(person, ())


def roles_to_manage(person: UUID, now: datetime) -> tuple[HeldRole, ...]:
    """The roles that decide who manages a person: held now or granted for later."""
    return _held(Q(person=person), now).get(person, ())


def _held(condition: Q, now: datetime) -> dict[UUID, tuple[HeldRole, ...]]:
    rows = (
        Membership.objects.filter(condition, Q(valid_until=None) | Q(valid_until__gt=now))
        .order_by("valid_from", "id")
        .values_list("person_id", "organisation_id", "role", "organisation__division")
    )
    held: dict[UUID, tuple[HeldRole, ...]] = {}
    for person, body, role, division in rows:
        held[person] = (*held.get(person, ()), HeldRole(body, Role(role), division or ""))
    return held


# Organisations: public, as the catalogue names them with their contact


def organisation(organisation_id: UUID) -> OrganisationView:
    """An organisation; ``not-found``."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise NOT_FOUND(what=str(organisation_id))
    return organisation_view(found)


def organisation_by_code(code: str) -> OrganisationView:
    """An organisation by its unified social credit code; ``not-found``."""
    found = Organisation.objects.filter(code=code.strip().upper()).first()
    if found is None:
        raise NOT_FOUND(what=code)
    return organisation_view(found)


def organisations(kind: OrganisationKind | None = None) -> list[OrganisationView]:
    """All organisations, ordered by credit code."""
    found = Organisation.objects.all() if kind is None else Organisation.objects.filter(kind=kind)
    return [organisation_view(one) for one in found]


def organisations_by_id(ids: Iterable[UUID]) -> dict[UUID, OrganisationView]:
    """Several organisations in one query; unknown ids are left out."""
    found = Organisation.objects.filter(pk__in=set(ids))
    return {one.pk: organisation_view(one) for one in found}


def above(organisation_id: UUID) -> OrganisationView | None:
    """The organisation that this one is under, or None."""
    found = (
        Subordination.objects.select_related("above").filter(organisation=organisation_id).first()
    )
    return None if found is None else organisation_view(found.above)


def is_under(organisation_id: UUID, other: UUID) -> bool:
    """Whether an organisation is the other one, or under it at any depth."""
    seen: set[UUID] = set()
    here: UUID | None = organisation_id
    while here is not None and here != other and here not in seen:
        seen.add(here)
        here = (
            Subordination.objects.filter(organisation=here)
            .values_list("above_id", flat=True)
            .first()
        )
    return here == other


# People and their roles


def memberships_of(actor: Actor) -> list[MembershipView]:
    """The actor's own memberships, past ones included, newest first."""
    return _memberships(Q(person=actor.person)) if actor.person else []


def memberships_of_person(person: UUID, *, actor: Actor) -> list[MembershipView]:
    """A person's memberships, for themselves and for who manages them (``not-governing``)."""
    _require_managing_or_self(actor, person)
    return _memberships(Q(person=person))


def memberships_in(organisation_id: UUID, *, actor: Actor) -> list[MembershipView]:
    """Who holds or held which role there: for its members and whoever governs its division."""
    body = organisation(organisation_id)
    if body.id not in actor.organisations and not rules.governs(actor, body.division):
        raise NOT_GOVERNING()
    return _memberships(Q(organisation=organisation_id))


def names_of(urns: Iterable[str], *, actor: Actor | None, language: str = "zh") -> dict[str, str]:
    """What to call who acted (URNs of accounts), for timelines.

    Oneself and colleagues by the person's name, everybody for who governs or oversees; all others
    by the organisations the person acts or acted for. URNs that are no account, and people without
    an organisation, are left out.
    """
    ids = {urn: identifier for urn in urns if (identifier := _account_of(urn)) is not None}
    people = {
        one.pk: one.person
        for one in Account.objects.filter(pk__in=ids.values()).select_related("person")
    }
    bodies: dict[UUID, dict[UUID, str]] = {}
    for one in _memberships(Q(person__in=people.values())):
        if one.organisation is None:
            continue
        name = one.organisation.name(language)
        bodies.setdefault(one.person, {})[one.organisation.id] = name
    return {
        urn: label
        for urn, key in ids.items()
        if key in people and (label := _label(people[key], bodies.get(people[key].pk, {}), actor))
    }


def _label(person: Person, bodies: dict[UUID, str], actor: Actor | None) -> str:
    if actor is not None and (
        actor.person == person.pk
        or not actor.organisations.isdisjoint(bodies)
        or rules.oversees(actor)
    ):
        return person.name
    return "、".join(bodies.values())


def people_named(people: Iterable[UUID], *, actor: Actor) -> dict[UUID, str]:
    """How officials name people they deal with: by username, which is how they were named to them.

    For who acts for an organisation; nobody else learns a username here. People without an open
    account are left out.
    """
    if not actor.organisations:
        return {}
    found = Account.objects.filter(person__in=set(people), is_active=True).order_by("-created_at")
    return {one.person_id: one.username for one in found}


def successor_of(person: UUID, organisation_id: UUID, now: datetime) -> UUID:
    """Who does now what a person did in an organisation: the last of those who took over.

    The person themselves where nobody did, or where the roles were given to them again.
    """
    seen: set[UUID] = set()
    here = person
    while here not in seen:
        seen.add(here)
        if any(held.organisation == organisation_id for held in roles_of_person(here, now)):
            return here
        following = (
            Succession.objects.filter(person=here, organisation=organisation_id, since__lte=now)
            .order_by("-since", "-created_at")
            .values_list("successor_id", flat=True)
            .first()
        )
        if following is None:
            return here
        here = following
    return here


def actor_of_person(person: UUID) -> Actor:
    """A person as they could act now: with an open account; ``not-found``."""
    found = Account.objects.filter(person=person, is_active=True).order_by("created_at").first()
    if found is None:
        raise NOT_FOUND(what=str(person))
    return actor_for_account(found.pk)


def people_of_accounts(urns: Iterable[str]) -> dict[str, UUID]:
    """The person of each account; what is no account is left out."""
    ids = {urn: key for urn in urns if (key := _account_of(urn)) is not None}
    found = dict(Account.objects.filter(pk__in=ids.values()).values_list("pk", "person_id"))
    return {urn: found[key] for urn, key in ids.items() if key in found}


def person_names(people: Iterable[UUID], *, actor: Actor) -> dict[UUID, str]:
    """Names of people, as far as the actor may know them: oneself, colleagues, or all for who oversees."""
    known = Person.objects.filter(pk__in=set(people))
    if not rules.oversees(actor):
        known = known.filter(
            Q(pk=actor.person) | Q(memberships__organisation__in=actor.organisations)
        ).distinct()
    return {one.pk: one.name for one in known}


# Accounts, keys, sign-ins


def accounts(*, actor: Actor) -> list[AccountView]:
    """The accounts of everybody the actor manages, ordered by username; others see none."""
    held = _held(Q(), timezone.now())
    return [
        account_view(one)
        for one in Account.objects.select_related("person")
        if rules.manages(actor, held.get(one.person_id, ())) or rules.is_own(actor, one.pk)
    ]


def account(account_id: UUID, *, actor: Actor) -> AccountView:
    """One account, for its person and who manages them. ``not-found``, ``not-governing``."""
    found = Account.objects.filter(pk=account_id).select_related("person").first()
    if found is None:
        raise NOT_FOUND(what=str(account_id))
    _require_managing_or_self(actor, found.person_id)
    return account_view(found)


def account_by_username(name: str, *, actor: Actor) -> AccountView:
    """The same by username."""
    found = Account.objects.filter(username=rules.username(name)).only("pk").first()
    if found is None:
        raise NOT_FOUND(what=name)
    return account(found.pk, actor=actor)


def password_link_holds(account_id: UUID, ticket: str) -> bool:
    """Whether a link to set a password still works; for whoever holds it."""
    found = Account.objects.filter(pk=account_id, is_active=True).first()
    return found is not None and ticket_holds(found, ticket, timezone.now())


def api_keys(*, actor: Actor, account: UUID | None = None) -> list[ApiKeyView]:
    """Keys of the actor's own account or of one whose person the actor manages, newest first."""
    owner = _owner(actor, account)
    return [api_key_view(one) for one in ApiKey.objects.filter(account=owner)]


def outside_identities(*, actor: Actor, account: UUID | None = None) -> list[OutsideView]:
    """The identities at providers that sign in to the actor's own account, or a managed one."""
    owner = _owner(actor, account)
    found = OutsideIdentity.objects.filter(account=owner).order_by("created_at")
    return [OutsideView(one.issuer, one.subject, one.created_at) for one in found]


def outside_sign_in_is_on() -> bool:
    """Whether an identity provider is named in the settings."""
    return provider.is_on()


def outside_sign_out_url(back: str) -> str:
    """Where one signs out at the provider; empty where one cannot, or the provider is away."""
    if not provider.is_on():
        return ""
    asked = provider.provider()
    try:
        return sign_out_url(asked.metadata(), client=asked.client, back=back)
    except Refusal:
        return ""


def api_key_digests(*, actor: Actor) -> dict[UUID, str]:
    """By what the actor's own keys are known to the readers' limits and counts."""
    rows = ApiKey.objects.filter(account=_owner(actor, None))
    return dict(rows.values_list("pk", "secret_sha256"))


def sign_ins(*, actor: Actor, account: UUID | None = None, limit: int = 50) -> list[SignInNote]:
    """The newest attempts to sign in to the actor's own account (or a managed one), newest first.

    A person sees from where their account was tried, also in vain.
    """
    owner = _owner(actor, account)
    found = SignIn.objects.filter(account=owner).order_by("-at", "-id")[:limit]
    return [SignInNote(one.at, one.address or "", one.succeeded) for one in found]


def _owner(actor: Actor, wanted: UUID | None) -> UUID:
    chosen = wanted or actor.account
    if chosen is None:
        raise NOT_FOUND(what=Said("账号", "The account"))
    found = Account.objects.filter(pk=chosen).only("pk", "person_id").first()
    if found is None:
        raise NOT_FOUND(what=str(chosen))
    _require_managing_or_self(actor, found.person_id)
    return chosen


def _require_managing_or_self(actor: Actor, person: UUID) -> None:
    rules.require_person_or_node(actor)
    if actor.person != person:
        rules.require_managing(actor, roles_to_manage(person, timezone.now()))


# Rows into views


def organisation_view(row: Organisation) -> OrganisationView:
    """What other apps see of an organisation."""
    return OrganisationView(
        id=row.pk,
        kind=OrganisationKind(row.kind),
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        division=row.division,
        level=row.level,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        contact_email=row.contact_email,
        homepage=row.homepage,
    )


def account_view(row: Account) -> AccountView:
    """What other apps see of an account: no hash, no secret."""
    return AccountView(
        id=row.pk,
        username=row.username,
        person=row.person_id,
        person_name=row.person.name,
        is_active=row.is_active,
        has_totp=bool(row.totp_secret),
        created_at=row.created_at,
    )


def succession_view(row: Succession) -> SuccessionView:
    """What other apps see of a succession."""
    return SuccessionView(
        id=row.pk,
        person=row.person_id,
        successor=row.successor_id,
        organisation=row.organisation_id,
        since=row.since,
        reason=row.reason,
    )


def api_key_view(row: ApiKey) -> ApiKeyView:
    """What other apps see of a key: not its hash."""
    return ApiKeyView(
        id=row.pk,
        account=row.account_id,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(Scope(one) for one in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


def _memberships(condition: Q) -> list[MembershipView]:
    found = Membership.objects.filter(condition).select_related("person", "organisation")
    return [
        MembershipView(
            id=one.pk,
            person=one.person_id,
            person_name=one.person.name,
            organisation=organisation_view(one.organisation) if one.organisation else None,
            role=Role(one.role),
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )
        for one in found.order_by("-valid_from", "id")
    ]


def _holds_at(begin: datetime | None, end: datetime | None, now: datetime) -> bool:
    return begin is not None and begin <= now and (end is None or now < end)


def _account_of(urn: str) -> UUID | None:
    try:
        return UUID(urn.removeprefix("urn:uuid:"))
    except ValueError:
        return None


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: Any) -> datetime | None:
    # SQLite's driver gives the text Django wrote, in UTC without an offset.
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
