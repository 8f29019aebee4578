"""People: their roles, how others may know them, and who took over from whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from wushu.parties import rules
from wushu.parties.models import Account, Membership, Person, Succession
from wushu.parties.presenting import membership_view
from wushu.parties.selectors.acting import held, roles_of_person, roles_to_manage
from wushu.parties.selectors.organisations import organisation
from wushu.parties.types import NOT_GOVERNING, Actor, MembershipView, Role, covers


def memberships_of(actor: Actor) -> list[MembershipView]:
    """The actor's own memberships, past ones included, newest first."""
    return _memberships(Q(person=actor.person)) if actor.person else []


def memberships_of_person(person: UUID, *, actor: Actor) -> list[MembershipView]:
    """A person's memberships, for themselves and for who manages them (``not-governing``)."""
    require_managing_or_self(actor, person)
    return _memberships(Q(person=person))


def memberships_in(organisation_id: UUID, *, actor: Actor) -> list[MembershipView]:
    """Who holds or held which role there: for its members and whoever governs its division."""
    body = organisation(organisation_id)
    if body.id not in actor.organisations and not rules.governs(actor, body.division):
        raise NOT_GOVERNING()
    return _memberships(Q(organisation=organisation_id))


def holders(role: Role, *, organisation: UUID | None = None, over: str = "") -> set[UUID]:
    """Who holds a role now, for the node's own work: in one organisation, or over a division.

    Over a division it is held where the organisation governs it.
    """
    now = timezone.now()
    condition = Q(role=role.value, valid_from__lte=now)
    if organisation is not None:
        condition &= Q(organisation=organisation)
    found = held(condition, now)
    if organisation is not None:
        return set(found)
    return {
        person
        for person, roles in found.items()
        if any(covers(one.division, over) for one in roles)
    }


def bodies_with(role: Role) -> set[UUID]:
    """Organisations for which somebody holds a role now."""
    now = timezone.now()
    found = held(Q(role=role.value, valid_from__lte=now, organisation__isnull=False), now)
    return {one.organisation for roles in found.values() for one in roles if one.organisation}


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


def require_managing_or_self(actor: Actor, person: UUID) -> None:
    """Refuse whoever neither is the person nor manages them (``not-governing``)."""
    rules.require_person_or_node(actor)
    if actor.person != person:
        rules.require_managing(actor, roles_to_manage(person, timezone.now()))


def require_governing_body(actor: Actor, organisation_id: UUID) -> None:
    """Refuse whoever does not govern an organisation's division (``not-governing``, ``key-cannot-manage``)."""
    rules.require_governing(actor, organisation(organisation_id).division)


def _memberships(condition: Q) -> list[MembershipView]:
    found = Membership.objects.filter(condition).select_related("person", "organisation")
    return [membership_view(one) for one in found.order_by("-valid_from", "id")]


def _account_of(urn: str) -> UUID | None:
    try:
        return UUID(urn.removeprefix("urn:uuid:"))
    except ValueError:
        return None
