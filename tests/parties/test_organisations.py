from __future__ import annotations

from uuid import uuid4

import pytest

from tests.parties.conftest import CITY, COUNTY, OTHER_CITY, PROVINCE, credit_code
from tests.parties.refused import refused
from wushu.parties import selectors, services
from wushu.parties.models import Organisation
from wushu.parties.types import NODE, OrganisationKind, Role


def register(actor, **changes):
    fields = {
        "kind": OrganisationKind.DEPARTMENT,
        "code": credit_code(),
        "name_zh": "姑苏区教育局",
        "division": COUNTY,
    }
    return services.organisation_register(actor=actor, **{**fields, **changes})


def test_the_operator_registers_a_department_of_its_city(operator):
    made = register(operator, contact_email="a@b.example", homepage="https://b.example/")
    assert made.level == "county"
    assert selectors.organisation(made.id) == made
    assert selectors.organisation_by_code(f" {made.code.lower()} ") == made


def test_the_data_authority_registers_a_department_of_its_city(authority):
    assert register(authority, division=CITY).level == "prefecture"


@pytest.mark.parametrize("division", [PROVINCE, OTHER_CITY])
def test_nobody_registers_a_department_above_or_beside_their_division(operator, division):
    with refused("not-governing"):
        register(operator, division=division)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR}))
def test_no_other_role_registers_anything(world, role):
    body = world.organisation(
        OrganisationKind.AGENCY if role is Role.THIRD_PARTY_AGENCY else OrganisationKind.DEPARTMENT,
        CITY,
    )
    person = services.person_register(actor=NODE, name="王五")
    services.membership_grant(actor=NODE, person=person, organisation=body.id, role=role)
    account = services.account_create(
        actor=NODE, username="somebody", password="hangs together loosely 42", person=person
    )
    with refused("not-governing"):
        register(selectors.actor_for_account(account))


def test_an_enterprise_from_anywhere_and_an_agency_are_registered_by_credit_code(operator):
    firm = register(operator, kind=OrganisationKind.ENTERPRISE, division="")
    agency = register(operator, kind=OrganisationKind.AGENCY, division=CITY)
    assert (firm.division, firm.level) == ("", "")
    assert (agency.division, agency.level) == (CITY, "")
    assert selectors.organisations(OrganisationKind.AGENCY) == [agency]
    assert set(selectors.organisations()) >= {firm, agency}


def test_a_credit_code_with_a_wrong_check_digit_is_refused(operator):
    code = credit_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    with refused("identifier-check-digit"):
        register(operator, code=wrong)


def test_a_division_that_does_not_exist_is_refused(operator):
    with refused("identifier-part"):
        register(operator, division="990000")


def test_the_same_credit_code_is_registered_once(operator):
    code = credit_code()
    register(operator, code=code)
    with refused("organisation-exists"):
        register(operator, code=code)
    assert Organisation.objects.filter(code=code).count() == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name_zh": " "}, "field-empty"),
        ({"name_zh": "局" * 201}, "field-empty"),
        ({"name_en": "x" * 201}, "field-empty"),
        ({"contact_name": "x" * 101}, "field-empty"),
        ({"contact_phone": "1" * 41}, "field-empty"),
        ({"contact_email": "not an address"}, "invalid-value"),
        ({"homepage": "javascript:alert(1)"}, "invalid-value"),
        ({"homepage": f"https://b.example/{'x' * 300}"}, "invalid-value"),
    ],
)
def test_a_field_that_cannot_be_true_is_refused(operator, changes, name):
    with refused(name):
        register(operator, **changes)


def test_who_governs_changes_the_contact_and_the_rest_stays(operator, clerk, world):
    made = register(operator, name_en="Education", contact_phone="0512-1")
    changed = services.organisation_update(
        actor=operator, organisation=made.id, contact_phone="0512-2", name_zh="姑苏区教育局（新）"
    )
    assert (changed.contact_phone, changed.name_en, changed.code) == (
        "0512-2",
        "Education",
        made.code,
    )
    assert selectors.organisation(made.id).name("zh") == "姑苏区教育局（新）"
    with refused("not-governing"):
        services.organisation_update(actor=clerk, organisation=made.id, name_en="")


def test_an_unknown_organisation_is_named_in_the_refusal(operator):
    with refused("not-found"):
        services.organisation_update(actor=operator, organisation=uuid4(), name_en="")
    with refused("not-found"):
        selectors.organisation(uuid4())
    with refused("not-found"):
        selectors.organisation_by_code("nothing")


def test_who_governs_places_a_body_under_another_and_both_say_so(operator, world):
    city, county = world.department(CITY), world.department(COUNTY)
    services.organisation_place(actor=operator, organisation=county.id, above=city.id)
    assert selectors.above(county.id) == city
    assert selectors.under(city.id) == [county]
    assert (selectors.above(city.id), selectors.under(county.id)) == (None, [])


def test_nobody_places_a_body_outside_their_division_or_under_itself(operator, world):
    city, elsewhere = world.department(CITY), world.department(OTHER_CITY)
    with refused("not-governing"):
        services.organisation_place(actor=operator, organisation=elsewhere.id, above=city.id)
    with refused("organisation-under-itself"):
        services.organisation_place(actor=operator, organisation=city.id, above=city.id)
