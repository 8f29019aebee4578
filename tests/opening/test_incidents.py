"""What the operator announces is public, in order, and in the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.catalog.conftest import City
from tests.opening.conftest import Later
from tests.parties.conftest import PASSWORD
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.kernel.errors import Refusal
from wushu.opening import selectors, services
from wushu.opening.models import Incident, IncidentUpdate
from wushu.opening.types import Component, IncidentStage, IncidentView
from wushu.parties import services as parties
from wushu.parties.selectors import actor_for_account
from wushu.parties.types import NODE, Actor, HeldRole, Role

pytestmark = pytest.mark.django_db
ABOUT: dict[str, Any] = {
    "title_zh": "下载变慢", "title_en": "Slow downloads", "text_zh": "正在排查磁盘。",
    "text_en": "The disk is being looked at.", "components": [Component.ROWS],
}  # fmt: skip


@pytest.fixture
def operator(city: City) -> Actor:
    person = parties.person_register(actor=NODE, name="运维")
    parties.membership_grant(
        actor=NODE, person=person, organisation=city.authority.id, role=Role.PLATFORM_OPERATOR
    )
    account = parties.account_create(
        actor=NODE, username="operator", password=PASSWORD, person=person
    )
    return actor_for_account(account)


def announced(operator: Actor, **changes: Any) -> IncidentView:
    return services.incident_open(actor=operator, **{**ABOUT, **changes})


def test_an_incident_is_announced_told_of_and_ended_in_the_log(operator: Actor):
    made = announced(operator)
    services.incident_update(
        actor=operator, incident=made.id, stage=IncidentStage.IDENTIFIED, text_zh="换盘中。"
    )
    services.incident_close(actor=operator, incident=made.id, text_zh="已换盘，恢复正常。")
    (shown,) = selectors.incidents()
    assert [note.stage for note in shown.notes] == [
        IncidentStage.RESOLVED, IncidentStage.IDENTIFIED, IncidentStage.INVESTIGATING,
    ]  # fmt: skip
    assert shown.ended_at is not None
    assert (shown.title("en"), shown.notes[0].text("en")) == (
        "Slow downloads",
        "已换盘，恢复正常。",
    )
    acts = [note.act for note in evidence.entries_about(f"urn:uuid:{made.id}")]
    assert acts == [
        "opening.incident.opened", "opening.incident.updated", "opening.incident.closed",
    ]  # fmt: skip
    sequence()
    assert list(evidence.audit()) == []


def test_what_was_said_cannot_be_changed_unseen(operator: Actor):
    announced(operator)
    sequence()
    IncidentUpdate.objects.update(text_zh="一切正常。")
    (fault,) = evidence.audit()
    assert fault.kind == "row-changed"


def test_words_typed_in_haste_stay_out_of_the_log(operator: Actor):
    made = announced(operator, text_zh="请联系张三 13800138000")
    sequence()
    (note,) = evidence.entries_about(f"urn:uuid:{made.id}")
    assert note.index is not None
    assert "13800138000" not in evidence.entry(note.index).leaf.decode()


def test_an_incident_that_ended_is_history(operator: Actor):
    made = announced(operator)
    services.incident_close(actor=operator, incident=made.id, text_zh="好了")
    for act, more in (
        (services.incident_close, {}),
        (services.incident_update, {"stage": IncidentStage.WATCHING}),
    ):
        with pytest.raises(Refusal) as refused:
            act(actor=operator, incident=made.id, text_zh="又坏了", **more)
        assert refused.value.name == "incident-closed"


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PLATFORM_OPERATOR])
def test_only_the_operator_speaks_for_the_node(city: City, role: Role):
    actor = Actor(urn="urn:uuid:x", name="甲", account=uuid4(), roles=(HeldRole(None, role),))
    with pytest.raises(Refusal) as refused:
        announced(actor)
    assert refused.value.name == "not-permitted"


def test_who_has_the_nodes_shell_may_too(city: City):
    assert announced(NODE).stage is IncidentStage.INVESTIGATING


@pytest.mark.parametrize(
    "changes",
    [
        {"title_zh": "  "},
        {"title_zh": "长" * 201},
        {"title_en": "l" * 201},
        {"text_zh": ""},
        {"text_en": "l" * 4001},
        {"components": []},
        {"begun_at": timezone.now() + timedelta(hours=1)},
    ],
    ids=[
        "no title",
        "title too long",
        "English title too long",
        "no text",
        "English text too long",
        "touches nothing",
        "in the future",
    ],
)
def test_an_incident_says_what_and_where(operator: Actor, changes: dict[str, Any]):
    with pytest.raises(Refusal) as refused:
        announced(operator, **changes)
    assert refused.value.name == "invalid-value"
    assert not Incident.objects.exists()


def test_the_stage_that_ends_it_is_said_by_ending_it(operator: Actor):
    made = announced(operator)
    with pytest.raises(Refusal) as refused:
        services.incident_update(
            actor=operator, incident=made.id, stage=IncidentStage.RESOLVED, text_zh="好了"
        )
    assert refused.value.name == "invalid-value"


def test_the_page_looks_back_ninety_days_but_never_forgets_what_lasts(
    operator: Actor, later: Later
):
    lasting = announced(operator, title_zh="一直没好")
    over = announced(operator, title_zh="已经好了")
    services.incident_close(actor=operator, incident=over.id, text_zh="好了")
    later(days=89)
    assert {one.id for one in selectors.incidents()} == {lasting.id, over.id}
    later(days=2)
    assert [one.id for one in selectors.incidents()] == [lasting.id]
