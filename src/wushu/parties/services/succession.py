"""Somebody leaves an organisation, and a colleague takes over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wushu.kernel import acts
from wushu.kernel.errors import NOT_FOUND
from wushu.parties import rules, words
from wushu.parties.models import Membership, Organisation, Person, Succession
from wushu.parties.presenting import succession_view
from wushu.parties.services.people import locked_person, membership_end
from wushu.parties.types import (
    NOTHING_TO_TRANSFER,
    SUCCESSOR_LACKS_ROLE,
    SUCCESSOR_WRONG,
    Actor,
    Role,
    SuccessionView,
)


def staff_succeed(
    *,
    actor: Actor,
    person: UUID,
    organisation: UUID,
    successor: UUID,
    at: datetime | None = None,
    reason: str = "",
) -> SuccessionView:
    """End a person's roles in an organisation and name who takes over, now or ``at`` a later time.

    The successor holds every one of the roles there at that time. Past acts keep their actor. For
    who governs the organisation's division. Refusals: ``key-cannot-manage``, ``not-found``,
    ``not-governing``, ``role-above-operator``, ``successor-wrong``, ``nothing-to-transfer``,
    ``successor-lacks-role``.
    """
    now = timezone.now()
    moment = max(at or now, now)
    with transaction.atomic():
        body = Organisation.objects.filter(pk=organisation).first()
        if body is None:
            raise NOT_FOUND(what=str(organisation))
        rules.require_governing(actor, body.division)
        # In the order of their keys, so that two transfers never wait in a ring.
        people = {one: locked_person(one) for one in sorted({person, successor})}
        if person == successor:
            raise SUCCESSOR_WRONG(name=people[person].name)
        ending = _unended(person, organisation, now)
        if not ending:
            raise NOTHING_TO_TRANSFER(name=people[person].name, body=body.name_zh)
        _require_roles(people[successor], body, ending, moment)
        for membership in ending:
            membership_end(actor=actor, membership=membership.pk, at=moment)
        row = Succession(
            person_id=person,
            successor_id=successor,
            organisation=body,
            since=moment,
            reason=reason.strip(),
            created_at=now,
        )
        row.save(force_insert=True)
        acts.record(
            "parties.staff.succeeded",
            actor=actor,
            subject=f"urn:uuid:{row.pk}",
            data={
                "person": f"urn:uuid:{person}",
                "successor": f"urn:uuid:{successor}",
                "organisation": f"urn:uuid:{organisation}",
                "since": moment.isoformat(),
                "roles": sorted({one.role for one in ending}),
            },
            rows=[row],
        )
    return succession_view(row)


def _unended(person: UUID, organisation: UUID, now: datetime) -> list[Membership]:
    held = Membership.objects.filter(person=person, organisation=organisation)
    return list(held.filter(Q(valid_until=None) | Q(valid_until__gt=now)).order_by("pk"))


def _require_roles(
    successor: Person, body: Organisation, ending: list[Membership], moment: datetime
) -> None:
    """The successor holds every role that ends, at the moment it ends."""
    held = set(
        Membership.objects.filter(person=successor, organisation=body, valid_from__lte=moment)
        .filter(Q(valid_until=None) | Q(valid_until__gt=moment))
        .values_list("role", flat=True)
    )
    for one in ending:
        if one.role not in held:
            raise SUCCESSOR_LACKS_ROLE(
                name=successor.name,
                day=timezone.localdate(moment).isoformat(),
                body=body.name_zh,
                role=words.ROLES[Role(one.role)],
            )
