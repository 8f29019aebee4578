"""People and the roles they hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.kernel import acts
from wushu.kernel.errors import NOT_FOUND
from wushu.parties import rules, selectors
from wushu.parties.models import Membership, Organisation, Person
from wushu.parties.services.fields import (
    EMAIL,
    NAME,
    PERSON_NAME_LIMIT,
    PHONE,
    PHONE_LIMIT,
    email_address,
    filled,
    optional,
)
from wushu.parties.types import (
    MEMBERSHIP_ENDED,
    MEMBERSHIP_EXISTS,
    Actor,
    OrganisationKind,
    Role,
)


def person_register(*, actor: Actor, name: str, email: str = "", phone: str = "") -> UUID:
    """Make a natural person known by name; the log gets the id only.

    For every governing body. Refusals: ``not-governing``, ``key-cannot-manage``, ``field-empty``,
    ``invalid-value``.
    """
    rules.require_governing(actor, "")
    person = Person(created_at=timezone.now())
    _fill(person, name, email, phone)
    with transaction.atomic():
        person.save(force_insert=True)
        _record_person("registered", actor, person)
    return person.pk


def person_update(
    *,
    actor: Actor,
    person: UUID,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> None:
    """Change name, e-mail or phone; what is None stays.

    For the person themselves and who manages them. Refusals: ``not-found``, ``not-governing``,
    ``role-above-operator``, ``field-empty``, ``invalid-value``.
    """
    with transaction.atomic():
        found = locked_person(person)
        rules.require_person_or_node(actor)
        if actor.person != person:
            rules.require_managing(actor, selectors.roles_to_manage(person, timezone.now()))
        _fill(
            found,
            found.name if name is None else name,
            found.email if email is None else email,
            found.phone if phone is None else phone,
        )
        found.save()
        _record_person("updated", actor, found)


def membership_grant(
    *,
    actor: Actor,
    person: UUID,
    organisation: UUID | None = None,
    role: Role,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> UUID:
    """Give a person a role in an organisation, from now (or ``valid_from``) until ``valid_until``.

    ``organisation`` None: the role is the natural person's own (``PERSONAL_ROLES``). For who governs
    the organisation's division (a person's own role: for every governing body), never for oneself;
    roles that oversee the operator only by a data authority. Refusals: ``not-found``,
    ``not-governing``, ``role-for-oneself``, ``role-above-operator``, ``role-needs-organisation``,
    ``role-not-for-organisation``, ``period-wrong``, ``membership-exists``.
    """
    now = timezone.now()
    begin = valid_from or now
    with transaction.atomic():
        body = None if organisation is None else _organisation(organisation)
        rules.require_grant(
            actor,
            to_oneself=actor.person == person,
            role=Role(role),
            kind=None if body is None else OrganisationKind(body.kind),
            division="" if body is None else body.division,
        )
        rules.require_period(begin, valid_until, now)
        locked_person(person)  # two grants of the same role wait for each other
        held = Membership.objects.filter(person=person, organisation=organisation, role=role)
        if any(
            rules.overlap((begin, valid_until), period)
            for period in held.values_list("valid_from", "valid_until")
        ):
            raise MEMBERSHIP_EXISTS()
        membership = Membership(
            person_id=person,
            organisation=body,
            role=Role(role).value,
            valid_from=begin,
            valid_until=valid_until,
        )
        membership.save(force_insert=True)
        _record_membership("granted", actor, membership)
    return membership.pk


def membership_end(*, actor: Actor, membership: UUID, at: datetime | None = None) -> None:
    """End a membership now, or at a later time; one that has not begun by then never begins.

    For who governs the organisation's division (a person's own role: for every governing body), and
    for the person themselves. Refusals:
    ``not-found``, ``membership-ended``, ``not-governing``, ``role-above-operator``.
    """
    now = timezone.now()
    with transaction.atomic():
        found = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .filter(pk=membership)
            .first()
        )
        if found is None:
            raise NOT_FOUND(what=str(membership))
        rules.require_person_or_node(actor)
        if actor.person != found.person_id:
            division = "" if found.organisation is None else found.organisation.division
            rules.require_governing(actor, division)
            rules.require_above_operator(actor, Role(found.role), division)
        if found.valid_until is not None and found.valid_until <= now:
            raise MEMBERSHIP_ENDED()
        end = max(at or now, now, found.valid_from)
        found.valid_until = end if found.valid_until is None else min(end, found.valid_until)
        found.save()
        _record_membership("ended", actor, found)


def locked_person(person: UUID) -> Person:
    """The person's row, locked until the transaction ends; ``not-found``."""
    found = Person.objects.select_for_update().filter(pk=person).first()
    if found is None:
        raise NOT_FOUND(what=str(person))
    return found


def _organisation(organisation: UUID) -> Organisation:
    found = Organisation.objects.filter(pk=organisation).first()
    if found is None:
        raise NOT_FOUND(what=str(organisation))
    return found


def _fill(person: Person, name: str, email: str, phone: str) -> None:
    person.name = filled(NAME, name, PERSON_NAME_LIMIT)
    person.email = email_address(EMAIL, email)
    person.phone = optional(PHONE, phone, PHONE_LIMIT)


def _record_person(verb: str, actor: Actor, person: Person) -> None:
    acts.record(
        f"parties.person.{verb}",
        actor=actor,
        subject=f"urn:uuid:{person.pk}",
        data={},
        rows=[person],
    )


def _record_membership(verb: str, actor: Actor, membership: Membership) -> None:
    until, organisation = membership.valid_until, membership.organisation_id
    acts.record(
        f"parties.membership.{verb}",
        actor=actor,
        subject=f"urn:uuid:{membership.pk}",
        data={
            "person": f"urn:uuid:{membership.person_id}",
            "organisation": f"urn:uuid:{organisation}" if organisation else None,
            "role": membership.role,
            "valid_from": membership.valid_from.isoformat(),
            "valid_until": until.isoformat() if until else None,
        },
        rows=[membership],
    )
