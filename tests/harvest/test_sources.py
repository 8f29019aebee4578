"""A source is named by one person and activated by a second."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.harvest.conftest import Desk, official
from wushu.evidence.models import Entry
from wushu.harvest import selectors, services
from wushu.harvest.models import Source
from wushu.harvest.types import SourceKind, SourceState
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, Role, Scope

pytestmark = pytest.mark.django_db
URL = "https://data.example.org"


def propose(desk: Desk, **changes: Any) -> Any:
    given = {
        "name": "other", "kind": SourceKind.CKAN, "url": URL, "title_zh": "邻市", "reason": "共用。",
    } | changes  # fmt: skip
    return services.source_propose(**({"actor": desk.proposer} | given))


def refused(ask: Any) -> str:
    with pytest.raises(Refusal) as found:
        ask()
    return found.value.name


def test_proposing_and_activating_are_in_the_log_with_both_people(desk: Desk) -> None:
    propose(desk)
    made = services.source_activate(actor=desk.activator, name="other")
    assert made.state is SourceState.ACTIVE
    acts = list(Entry.objects.filter(act__startswith="harvest.").order_by("pk"))
    assert [(one.act, one.actor) for one in acts] == [
        ("harvest.source.proposed", desk.proposer.urn),
        ("harvest.source.activated", desk.activator.urn),
    ]


def test_nobody_activates_what_they_proposed_not_with_a_second_account_either(desk: Desk) -> None:
    both = official("一人", Role.DATA_AUTHORITY)
    propose(desk, actor=both)
    assert refused(lambda: services.source_activate(actor=both, name="other")) == (
        "activator-is-proposer"
    )
    second = replace(both, urn=f"urn:uuid:{uuid4()}", account=uuid4())
    assert refused(lambda: services.source_activate(actor=second, name="other")) == (
        "activator-is-proposer"
    )
    assert selectors.activation_obstacle("other", actor=desk.activator) is None


def test_who_lacks_the_role_neither_proposes_nor_activates(desk: Desk) -> None:
    clerk = official("经办", Role.OPENING_BODY)
    assert refused(lambda: propose(desk, actor=clerk)) == "harvester-lacks-role"
    assert refused(lambda: propose(desk, actor=NODE)) == "harvester-lacks-role"
    propose(desk)
    for other in (clerk, official("运营", Role.PLATFORM_OPERATOR), NODE):
        name = refused(lambda other=other: services.source_activate(actor=other, name="other"))
        assert name == "activator-lacks-role"
    key = replace(desk.activator, scopes=frozenset({Scope.ROWS_READ}))
    assert refused(lambda: services.source_activate(actor=key, name="other")) == (
        "activator-lacks-role"
    )
    assert Source.objects.get().state == "proposed"


def test_the_database_itself_refuses_a_source_that_one_person_activated(desk: Desk) -> None:
    propose(desk)
    row = Source.objects.get()
    for by, person in (("", None), (row.proposed_by, uuid4()), ("urn:x", row.proposed_person)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Source.objects.update(state="active", activated_by=by, activated_person=person)


def test_a_proposal_waits_for_a_second_person_of_the_authority(desk: Desk) -> None:
    proposer = official("提出人", Role.DATA_AUTHORITY)
    propose(desk, actor=proposer)
    clerk = official("经办", Role.OPENING_BODY)
    waits = {
        one.name: selectors.to_activate(actor=one) for one in (proposer, desk.activator, clerk)
    }
    assert {name: len(found) for name, found in waits.items()} == {
        "提出人": 0,
        "审核人": 1,
        "经办": 0,
    }
    services.source_activate(actor=desk.activator, name="other")
    assert selectors.to_activate(actor=desk.activator) == []


def test_a_stopped_source_is_activated_by_a_second_person_again(desk: Desk) -> None:
    propose(desk)
    services.source_activate(actor=desk.activator, name="other")
    services.source_stop(actor=desk.activator, name="other", reason="内容有误。")
    assert refused(lambda: services.source_activate(actor=desk.proposer, name="other")) == (
        "activator-lacks-role"
    )
    assert services.source_activate(actor=desk.activator, name="other").state is SourceState.ACTIVE
    assert refused(lambda: services.source_activate(actor=desk.activator, name="other")) == (
        "source-state-wrong"
    )


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": "Other"}, "invalid-value"), ({"name": "-a"}, "invalid-value"),
        ({"name": ""}, "invalid-value"), ({"title_zh": " "}, "invalid-value"),
        ({"title_zh": "a" * 201}, "invalid-value"), ({"title_zh": "a\x00"}, "invalid-value"),
        ({"reason": ""}, "invalid-value"), ({"every_hours": 0}, "invalid-value"),
        ({"every_hours": 10_000}, "invalid-value"), ({"set": "a b"}, "invalid-value"),
        ({"url": "file:///etc/passwd"}, "outgoing-address-unusable"),
        ({"url": "https://u:p@data.example"}, "outgoing-address-unusable"),
        ({"url": "http://10.0.0.1/"}, "outgoing-network-refused"),
        ({"url": "http://[::1]/"}, "outgoing-network-refused"),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_source_that_says_too_little_or_leads_inside_is_not_kept(
    desk: Desk, changes: dict[str, Any], name: str
) -> None:
    assert refused(lambda: propose(desk, **changes)) == name
    assert not Source.objects.exists()


def test_a_name_is_taken_once(desk: Desk) -> None:
    propose(desk)
    assert refused(lambda: propose(desk)) == "source-name-taken"


@pytest.mark.parametrize(
    "url",
    [URL, f"{URL}/", f"{URL}/api/3", f"{URL}/api/3/action/package_search?rows=1"],
    ids=range(4),
)
def test_the_address_of_ckan_may_be_written_with_and_without_its_api(desk: Desk, url: str) -> None:
    assert propose(desk, url=url).url == URL


@pytest.mark.parametrize("role", [Role.DATA_AUTHORITY, Role.PLATFORM_OPERATOR])
def test_who_answers_for_another_place_harvests_nothing_for_this_one(
    desk: Desk, role: Role
) -> None:
    county = official("县里的人", role)
    county = replace(county, roles=(replace(county.roles[0], division="320505"),))
    assert refused(lambda: propose(desk, actor=county)) == "harvester-lacks-role"
    propose(desk)
    assert refused(lambda: services.source_activate(actor=county, name="other")) == (
        "activator-lacks-role"
    )
    province = official("省里的人", Role.DATA_AUTHORITY)
    province = replace(province, roles=(replace(province.roles[0], division="320000"),))
    assert services.source_activate(actor=province, name="other").state is SourceState.ACTIVE
