"""Importing staff from a spreadsheet: people, their roles and their accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.kernel.errors import Said
from wushu.kernel.identifiers import is_resident_id
from wushu.kernel.sheets import (
    CELL_CHOICE,
    CELL_EMPTY,
    CellRefusal,
    Changed,
    Line,
    Outcome,
    Plan,
    Row,
    run,
)
from wushu.parties import layouts, rules, selectors, words
from wushu.parties.models import Account
from wushu.parties.services.accounts import account_create, require_strong
from wushu.parties.services.fields import (
    NAME,
    PERSON_NAME_LIMIT,
    PHONE_LIMIT,
    email_address,
    filled,
    optional,
)
from wushu.parties.services.imports import recorded
from wushu.parties.services.links import password_link_issue
from wushu.parties.services.people import membership_grant, person_register, person_update
from wushu.parties.types import (
    IMPORT_PERSONAL_ID,
    IMPORT_USERNAME_OF_ANOTHER,
    Actor,
    OrganisationView,
    Role,
)

_COLUMNS = layouts.STAFF.by_key
_BETWEEN = re.compile(r"[、,，;；\s]+")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


def staff_import(
    *, actor: Actor, rows: Iterable[Row], file_sha256: str = "", dry_run: bool = False
) -> Iterator[Line]:
    """Make the people of a file known, give them roles and accounts (``layouts.STAFF``).

    Who has an account already gets the roles that are missing; a password is never changed, no role
    is ended. Without a first password the line carries the ticket of a link to set one, this once
    (``<account>/<ticket>``). A row is written whole or not at all; a second run changes nothing. For who
    governs the bodies. Refusals: ``not-governing``, ``key-cannot-manage``; those of single rows stand
    in their lines.
    """
    rules.require_governing(actor, "")
    plan = partial(_planned, actor, {})
    lines = run(
        rows, plan, key="username", dry_run=dry_run, together=transaction.atomic, batch=1
    )  # hashing a password takes long, and others wait to write
    return recorded(lines, actor=actor, what="staff", file_sha256=file_sha256, dry_run=dry_run)


@dataclass
class _Planned:
    """Somebody whom the rows above make known, or give roles."""

    name: str
    roles: set[tuple[UUID, Role]] = field(default_factory=set)


@dataclass(frozen=True)
class _Wanted:
    """A row, checked."""

    username: str
    name: str
    body: OrganisationView
    roles: tuple[Role, ...]
    password: str
    email: str
    phone: str


def _planned(actor: Actor, above: dict[str, _Planned], row: Row) -> Plan:
    wanted = _wanted(row)
    found = Account.objects.select_related("person").filter(username=wanted.username).first()
    earlier = above.get(wanted.username)
    known = found.person.name if found is not None else earlier.name if earlier else None
    with row.at("name", "username"):
        if known is not None and known != wanted.name:
            raise IMPORT_USERNAME_OF_ANOTHER(username=wanted.username)
    held = _held(found) | (earlier.roles if earlier is not None else set())
    missing = tuple(role for role in wanted.roles if (wanted.body.id, role) not in held)
    _require_may(actor, row, wanted, found, missing)
    planned = above.setdefault(wanted.username, _Planned(wanted.name))
    planned.roles |= {(wanted.body.id, role) for role in missing}
    changes = (*_role_changes(wanted, missing), *_contact_changes(wanted, found))
    if not changes and known is not None:
        return Line(row.number, Outcome.SAME, wanted.username), None
    outcome = Outcome.CREATED if known is None else Outcome.CHANGED
    line = Line(row.number, outcome, wanted.username, changes)
    return line, partial(_write, actor, wanted, missing, line)


def _wanted(row: Row) -> _Wanted:
    _refuse_personal_ids(row)
    for key in ("body", "name", "username", "roles"):
        with row.at(key):
            if not row[key]:
                raise CELL_EMPTY(field=_COLUMNS[key].named)
    with row.at("body"):
        body = selectors.organisation_by_code(row["body"])
    with row.at("name"):
        name = filled(NAME, row["name"], PERSON_NAME_LIMIT)
    with row.at("username"):
        username = rules.username(row["username"])
    with row.at("password"):
        if row["password"]:
            require_strong(Account(username=username), row["password"])
    with row.at("email"):
        email = email_address(_COLUMNS["email"].named, row["email"])
    with row.at("phone"):
        phone = optional(_COLUMNS["phone"].named, row["phone"], PHONE_LIMIT)
    return _Wanted(username, name, body, _roles(row), row["password"], email, phone)


def _roles(row: Row) -> tuple[Role, ...]:
    found = []
    for text in filter(None, _BETWEEN.split(row["roles"])):
        role = layouts.ROLES.get(text.casefold()) or layouts.ROLES.get(text)
        if role is None:
            allowed = "、".join(words.ROLES[one].zh for one in Role)
            named = _COLUMNS["roles"].named
            refusal = CELL_CHOICE(field=named, value=text, allowed=allowed)
            raise CellRefusal(refusal, row.cell("roles"))
        found.append(role)
    return tuple(dict.fromkeys(found))


def _refuse_personal_ids(row: Row) -> None:
    """Numbers of identity cards are never taken, wherever they stand."""
    for key, text in row.values.items():
        if any(is_resident_id(number) for number in _NUMBER.findall(text)):
            refusal = IMPORT_PERSONAL_ID(cell=row.cell(key))
            raise CellRefusal(refusal, row.cell(key))


def _require_may(
    actor: Actor, row: Row, wanted: _Wanted, found: Account | None, missing: tuple[Role, ...]
) -> None:
    person = None if found is None else found.person_id
    with row.at("username"):
        if person is not None:
            rules.require_managing(actor, selectors.roles_to_manage(person, timezone.now()))
    for role in missing:
        with row.at("roles", "body"):
            rules.require_grant(
                actor,
                to_oneself=person is not None and actor.person == person,
                role=role,
                kind=wanted.body.kind,
                division=wanted.body.division,
            )


def _held(found: Account | None) -> set[tuple[UUID, Role]]:
    """Roles held now or granted for later."""
    if found is None:
        return set()
    roles = selectors.roles_to_manage(found.person_id, timezone.now())
    return {(one.organisation, one.role) for one in roles if one.organisation is not None}


def _role_changes(wanted: _Wanted, missing: tuple[Role, ...]) -> list[Changed]:
    what = Said(
        f"{wanted.body.name_zh}的角色", f"role in {wanted.body.name('en')}", _COLUMNS["roles"].key
    )
    return [Changed(what, "", role.value) for role in missing]


def _contact_changes(wanted: _Wanted, found: Account | None) -> list[Changed]:
    """Without their contents: a report goes from hand to hand."""
    if found is None:
        return []
    pairs = (
        ("email", found.person.email, wanted.email),
        ("phone", found.person.phone, wanted.phone),
    )
    return [Changed(_COLUMNS[key].named, "", "…") for key, old, new in pairs if new and new != old]


def _write(actor: Actor, wanted: _Wanted, missing: tuple[Role, ...], line: Line) -> Line:
    """One row, whole or not at all."""
    with transaction.atomic():
        found = Account.objects.select_related("person").filter(username=wanted.username).first()
        if found is None:
            person = person_register(
                actor=actor, name=wanted.name, email=wanted.email, phone=wanted.phone
            )
        else:
            person = found.person_id
            if _contact_changes(wanted, found):
                person_update(
                    actor=actor, person=person, email=wanted.email or None,
                    phone=wanted.phone or None,
                )  # fmt: skip
        for role in missing:
            membership_grant(actor=actor, person=person, organisation=wanted.body.id, role=role)
        if found is not None:
            return line
        account = account_create(
            actor=actor, username=wanted.username, password=wanted.password or None, person=person
        )
        if wanted.password:
            return line
        ticket = password_link_issue(actor=actor, account=account)
    return Line(line.row, line.outcome, line.subject, line.changes, secret=f"{account}/{ticket}")
