from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.parties.conftest import CITY, COUNTY, OTHER_COUNTY, PASSWORD, PROVINCE
from tests.parties.refused import refused
from wushu.parties import selectors, services
from wushu.parties.models import Membership, Person
from wushu.parties.types import NODE, PERSONAL_ROLES, HeldRole, OrganisationKind, Role

HOUR = timedelta(hours=1)


def grant(actor, person, body, role=Role.OPENING_BODY, **period):
    return services.membership_grant(
        actor=actor, person=person, organisation=body.id, role=role, **period
    )


def test_the_operator_makes_a_person_and_gives_them_a_role(operator, world):
    body = world.department(COUNTY)
    person = services.person_register(actor=operator, name=" 李四 ", email="l@x.example")
    grant(operator, person, body)
    [held] = selectors.memberships_of_person(person, actor=operator)
    assert (held.person_name, held.organisation, held.role) == ("李四", body, Role.OPENING_BODY)
    assert held.valid_until is None


def test_a_clerk_makes_nobody_and_gives_nothing(clerk, world):
    with refused("not-governing"):
        services.person_register(actor=clerk, name="李四")
    with refused("not-governing"):
        grant(clerk, world.person(), world.department())
    assert Person.objects.filter(name="李四").count() == 0


def test_nobody_gives_themselves_a_role(operator, world):
    with refused("role-for-oneself"):
        grant(operator, operator.person, world.department())


def test_the_operator_cannot_make_an_authority_and_the_authority_can(operator, authority, world):
    person = world.person()
    with refused("role-above-operator"):
        grant(operator, person, world.department(), Role.DATA_AUTHORITY)
    grant(authority, person, world.department(), Role.DATA_AUTHORITY)


def test_a_county_does_not_give_roles_in_its_city(world):
    county = world.actor("county", Role.DATA_AUTHORITY, division=COUNTY)
    for division in (CITY, PROVINCE, OTHER_COUNTY):
        with refused("not-governing"):
            grant(county, world.person(), world.department(division))
    grant(county, world.person(), world.department(COUNTY))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_be_held_where_it_exists(world, role):
    kind = (
        OrganisationKind.AGENCY if role is Role.THIRD_PARTY_AGENCY else OrganisationKind.DEPARTMENT
    )
    body, person = world.organisation(kind, CITY), world.person()
    grant(NODE, person, body, role)
    [held] = selectors.roles_of_person(person, timezone.now())
    assert (held.role, held.organisation, held.division) == (role, body.id, CITY)


def test_the_same_role_is_not_held_twice_at_the_same_time(world):
    person, body, now = world.person(), world.department(), timezone.now()
    grant(NODE, person, body, valid_until=now + HOUR)
    with refused("membership-exists"):
        grant(NODE, person, body)
    with refused("membership-exists"):
        grant(NODE, person, body, valid_from=now + HOUR / 2, valid_until=now + 2 * HOUR)
    grant(NODE, person, body, valid_from=now + HOUR)
    grant(NODE, person, body, Role.EXPERT)


def test_a_role_holds_from_its_beginning_until_its_end(world):
    person, body, now = world.person(), world.department(), timezone.now()
    grant(NODE, person, body, valid_from=now + HOUR, valid_until=now + 2 * HOUR)
    for at, held in [(0, 0), (1, 1), (1.5, 1), (2, 0)]:
        assert len(selectors.roles_of_person(person, now + at * HOUR)) == held


def test_an_ended_role_no_longer_holds_and_may_be_given_again(operator, world):
    person, body = world.person(), world.department()
    membership = grant(operator, person, body)
    services.membership_end(actor=operator, membership=membership)
    assert selectors.roles_of_person(person, timezone.now()) == ()
    with refused("membership-ended"):
        services.membership_end(actor=operator, membership=membership)
    grant(operator, person, body)


def test_a_role_that_has_not_begun_never_begins_once_ended(world):
    person, now = world.person(), timezone.now()
    membership = grant(NODE, person, world.department(), valid_from=now + HOUR)
    services.membership_end(actor=NODE, membership=membership)
    row = Membership.objects.get(pk=membership)
    assert row.valid_until == row.valid_from
    assert selectors.roles_of_person(person, now + 2 * HOUR) == ()


def test_one_may_lay_down_a_role_oneself_but_not_take_it_from_another(clerk, world):
    [own] = selectors.memberships_of(clerk)
    other = grant(NODE, world.person(), world.department())
    with refused("not-governing"):
        services.membership_end(actor=clerk, membership=other)
    services.membership_end(actor=clerk, membership=own.id)
    assert selectors.actor_for_account(clerk.account).roles == ()


def test_the_operator_does_not_dismiss_the_authority(operator, authority):
    [held] = selectors.memberships_of(authority)
    with refused("role-above-operator"):
        services.membership_end(actor=operator, membership=held.id)


PERSONAL = sorted(PERSONAL_ROLES)


@pytest.mark.parametrize("role", PERSONAL)
def test_a_natural_person_holds_a_role_without_an_organisation(operator, world, role):
    person = world.person()
    services.membership_grant(actor=operator, person=person, role=role)
    [held] = selectors.memberships_of_person(person, actor=operator)
    assert (held.organisation, held.role) == (None, role)
    assert selectors.roles_of_person(person, timezone.now()) == (HeldRole(None, role),)


@pytest.mark.parametrize("role", sorted(set(Role) - PERSONAL_ROLES))
def test_every_other_role_needs_an_organisation(world, role):
    person = world.person()
    with refused("role-needs-organisation"):
        services.membership_grant(actor=NODE, person=person, role=role)
    with pytest.raises(IntegrityError):
        Membership.objects.create(
            person_id=person, organisation=None, role=role.value, valid_from=timezone.now()
        )


def test_a_role_of_ones_own_is_given_by_who_governs_and_never_to_oneself(clerk, operator, world):
    with refused("not-governing"):
        services.membership_grant(actor=clerk, person=world.person(), role=Role.DATA_USER)
    with refused("role-for-oneself"):
        services.membership_grant(actor=operator, person=operator.person, role=Role.DATA_USER)


def test_a_role_of_ones_own_is_held_once_and_can_be_laid_down(operator, world):
    citizen = world.actor("citizen")
    made = services.membership_grant(actor=operator, person=citizen.person, role=Role.APPLICANT)
    with refused("membership-exists"):
        services.membership_grant(actor=operator, person=citizen.person, role=Role.APPLICANT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            person_id=citizen.person, role=Role.APPLICANT.value, valid_from=timezone.now()
        )
    services.membership_end(actor=selectors.actor_for_account(citizen.account), membership=made)
    services.membership_grant(actor=operator, person=citizen.person, role=Role.APPLICANT)


def test_a_natural_person_acts_in_their_own_name_and_for_no_organisation(operator, world):
    account = world.account("citizen")
    citizen = selectors.actor_for_account(account)
    services.membership_grant(actor=operator, person=citizen.person, role=Role.DATA_USER)
    _, key = services.api_key_issue(
        actor=citizen, name="job", scopes=["rows:read"], password=PASSWORD
    )
    for actor in (
        selectors.actor_for_account(account),
        selectors.actor_for_api_key(key, timezone.now()),
    ):
        assert actor.holds(Role.DATA_USER)
        assert not actor.holds(Role.DATA_USER, world.department().id)
        assert actor.organisations == frozenset()
    assert selectors.names_of([citizen.urn], actor=None) == {}


def test_what_is_unknown_is_refused(world):
    person, body = world.person(), world.department()
    with refused("not-found"):
        services.membership_grant(actor=NODE, person=person, organisation=uuid4(), role=Role.EXPERT)
    with refused("not-found"):
        services.membership_grant(
            actor=NODE, person=uuid4(), organisation=body.id, role=Role.EXPERT
        )
    with refused("not-found"):
        services.membership_end(actor=NODE, membership=uuid4())


def test_a_person_corrects_their_own_name_and_a_colleague_does_not(clerk, world):
    services.person_update(actor=clerk, person=clerk.person, phone="0512-3")
    services.person_update(actor=clerk, person=clerk.person, name="李小敏")
    found = Person.objects.get(pk=clerk.person)
    assert (found.name, found.phone) == ("李小敏", "0512-3")
    with refused("not-governing"):
        services.person_update(actor=clerk, person=world.person(), name="x")
    with refused("field-empty"):
        services.person_update(actor=clerk, person=clerk.person, name=" ")


def test_memberships_are_shown_to_colleagues_and_to_who_governs(clerk, operator, world):
    body = world.department()
    for actor in (clerk, operator, NODE):
        assert clerk.person in {m.person for m in selectors.memberships_in(body.id, actor=actor)}
    stranger = world.actor("stranger", Role.OPENING_BODY, division=COUNTY)
    with refused("not-governing"):
        selectors.memberships_in(body.id, actor=stranger)
    with refused("not-governing"):
        selectors.memberships_of_person(clerk.person, actor=stranger)
    assert [m.person for m in selectors.memberships_of(stranger)] == [stranger.person]


def test_the_public_reads_the_body_that_acted_and_a_colleague_the_name(clerk, operator, world):
    stranger = world.actor("stranger", Role.OPENING_BODY, division=COUNTY)
    urns = [clerk.urn, NODE.urn, "urn:uuid:nonsense"]
    body = world.department().name_zh
    assert selectors.names_of(urns, actor=None) == {clerk.urn: body}
    assert selectors.names_of(urns, actor=stranger) == {clerk.urn: body}
    for reader in (clerk, operator, NODE):
        assert selectors.names_of(urns, actor=reader) == {clerk.urn: "姓名clerk"}
