"""Every change is in the log, under its name, and nothing personal is."""

from __future__ import annotations

import json
from datetime import timedelta

import pyotp
import pytest
from django.apps import apps
from django.utils import timezone

from tests.parties.conftest import PASSWORD, credit_code
from wushu.evidence import services as evidence
from wushu.evidence.models import Entry
from wushu.evidence.selectors import audit
from wushu.kernel.tables import TableKind
from wushu.parties import selectors, services
from wushu.parties.models import Organisation
from wushu.parties.types import NODE, OrganisationKind, Role, Scope

NAME, PHONE, EMAIL, USERNAME, KEY_NAME, NEW = (
    "欧阳不凡", "0512-6543210", "ouyang@home.example", "ouyang.bf", "key of ouyang", "fresh words 99",
)  # fmt: skip


@pytest.fixture
def everything(world, operator) -> dict[str, str]:
    """Each service once, with recognisable personal data; the secrets that were made."""
    now = timezone.now()
    body = services.organisation_register(
        actor=operator,
        kind=OrganisationKind.DEPARTMENT,
        code=credit_code(),
        name_zh="姑苏区卫健委",
        division="320505",
        contact_name=NAME,
        contact_phone=PHONE,
        contact_email=EMAIL,
    )
    services.organisation_update(actor=operator, organisation=body.id, name_en="Health")
    person = services.person_register(actor=operator, name=NAME, email=EMAIL, phone=PHONE)
    membership = services.membership_grant(
        actor=operator, person=person, organisation=body.id, role=Role.OPENING_BODY
    )
    services.membership_grant(
        actor=operator,
        person=person,
        organisation=body.id,
        role=Role.EXPERT,
        valid_until=now + timedelta(days=30),
    )
    account = services.account_create(
        actor=operator, username=USERNAME, password=PASSWORD, person=person
    )
    actor = selectors.actor_for_account(account)
    services.person_update(actor=actor, person=person, phone=PHONE + "1")
    services.account_set_password(actor=actor, account=account, password=NEW, current=PASSWORD)
    setup = services.totp_begin(actor=actor, password=NEW)
    services.totp_confirm(
        actor=actor, ticket=setup.ticket, code=pyotp.TOTP(setup.secret).at(timezone.now())
    )
    services.totp_remove(actor=operator, account=account)
    key, text = services.api_key_issue(
        actor=actor,
        name=KEY_NAME,
        scopes=[Scope.ROWS_READ],
        password=NEW,
        expires_at=now + timedelta(days=1),
    )
    services.api_key_revoke(actor=actor, key=key.id)
    services.sign_in(username=USERNAME, password=NEW, address="203.0.113.7")
    services.membership_end(actor=operator, membership=membership)
    services.account_deactivate(actor=operator, account=account)
    services.account_activate(actor=operator, account=account)
    return {"totp": setup.secret, "key": text, "prefix": key.prefix, "person": str(person)}


ACTS = {
    "parties.organisation.registered",
    "parties.organisation.updated",
    "parties.person.registered",
    "parties.person.updated",
    "parties.membership.granted",
    "parties.membership.ended",
    "parties.account.created",
    "parties.account.password-set",
    "parties.account.totp-set",
    "parties.account.totp-removed",
    "parties.account.deactivated",
    "parties.account.activated",
    "parties.api_key.issued",
    "parties.api_key.revoked",
}


def test_each_service_records_its_act(everything):
    assert {e.act for e in Entry.objects.all() if e.act.startswith("parties.")} == ACTS


def test_the_log_says_who_did_it_and_to_whom(everything, operator):
    last = Entry.objects.filter(act="parties.membership.granted").order_by("id").last()
    leaf = json.loads(bytes(last.leaf))
    assert last.actor == operator.urn
    assert f"urn:uuid:{everything['person']}" in json.dumps(leaf)
    assert Role.EXPERT.value in json.dumps(leaf)


def test_no_name_no_contact_and_no_secret_is_in_the_log(everything):
    leaves = [bytes(e.leaf).decode() for e in Entry.objects.all()]
    said = "\n".join(leaves) + "\n".join(
        json.dumps(json.loads(leaf), ensure_ascii=False) for leaf in leaves
    )
    secrets = [everything["totp"], everything["key"], everything["key"].split("_")[2]]
    for private in [
        NAME, PHONE, EMAIL, USERNAME, KEY_NAME, PASSWORD, NEW, "argon2", "203.0.113.7",
        everything["prefix"], *secrets,
    ]:  # fmt: skip
        assert private not in said


def test_every_row_a_service_wrote_is_as_the_log_says(node_home, everything_audited):
    assert list(audit()) == []


def test_a_row_changed_behind_the_services_is_named(node_home, everything_audited):
    Organisation.objects.filter(name_en="Health").update(name_zh="别的单位")
    changed = Organisation.objects.get(name_en="Health")
    faults = list(audit())
    assert [f for f in faults if str(changed.pk) in f.where]


@pytest.fixture
def everything_audited(node_home, request):
    """The same on an initialised node, with all acts in the tree."""
    request.getfixturevalue("db")
    evidence.node_initialise(
        origin="parties.example/log",
        identifier_base="https://id.parties.example",
        region_zh="测试市",
        division="320500",
    )
    request.getfixturevalue("everything")
    evidence.sequence()


def test_only_counters_of_this_app_are_beyond_the_audit():
    kinds = {m.__name__: m.evidence for m in apps.get_app_config("parties").get_models()}
    assert {name for name, kind in kinds.items() if kind is not TableKind.RECORDED} == {
        "SignIn",
        "TotpUse",
    }
    assert NODE.account is None
