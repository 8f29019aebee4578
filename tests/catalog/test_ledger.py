"""The one ledger, what is collected twice and whose it is, and what a table was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from rdflib import URIRef
from rdflib.namespace import PROV

from tests.catalog.conftest import METADATA, City, actor
from wushu.catalog import selectors, services
from wushu.catalog.models import ItemSource
from wushu.catalog.rules import item_of
from wushu.catalog.selectors import ledgers
from wushu.catalog.types import (
    Attribute,
    EntryState,
    EntryView,
    FieldSpec,
    FieldType,
    Freshness,
    SharedReason,
)
from wushu.kernel.errors import Refusal
from wushu.parties.types import HeldRole, Role

SPACES = FieldSpec("泊位数", type=FieldType.INTEGER, unit="个", description="停车泊位的数量")


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.name


def listed(city: City, title: str, *fields: FieldSpec, by: Any = None) -> EntryView:
    """A listed entry with these columns."""
    who = by or city.clerk
    entry = services.entry_create(
        actor=who, body=who.roles[0].organisation, metadata=replace(METADATA, title_zh=title),
        fields=fields,
    )  # fmt: skip
    city.load(entry, by=who)
    services.revision_submit(actor=who, revision=city.newest(entry, who))
    return services.revision_pass_gate(actor=city.reviewer, revision=city.newest(entry, who))


# The ledger


def test_an_official_sees_every_listed_entry_and_the_drafts_of_the_own_body(city: City) -> None:
    listed(city, "停车场", SPACES)
    listed(city, "医院", SPACES, by=city.stranger)
    city.draft(replace(METADATA, title_zh="交通草稿"))
    city.draft(replace(METADATA, title_zh="卫健草稿"), by=city.stranger)

    def seen(who: Any, **choices: Any) -> set[str]:
        page = selectors.ledger(actor=who, **choices)
        assert {line.entry.id for line in page.lines} == {
            line.entry.id for line in selectors.ledger_lines(actor=who, **choices)
        }
        return {line.entry.title_zh for line in page.lines}

    assert seen(city.clerk) == {"停车场", "医院", "交通草稿"}
    assert seen(city.reviewer) == {"停车场", "医院"}
    assert seen(city.clerk, body=city.health.id) == {"医院"}
    assert seen(city.clerk, state=EntryState.DRAFT) == {"交通草稿"}


def test_the_public_has_no_ledger(city: City) -> None:
    user = actor("企业", HeldRole(city.health.id, Role.DATA_USER, "320500"))

    def collected(*, actor: Any) -> Any:
        return selectors.collected_elsewhere(
            [SPACES], actor=actor, body=city.health.id, division="320500"
        )

    for act in (selectors.ledger, selectors.ledger_lines, selectors.shared_items, collected):
        assert refused(lambda act=act: act(actor=user)) == "ledger-for-officials"


def test_who_answers_for_an_entry_is_told_to_who_reads_the_ledger_and_knows_the_entry(
    city: City,
) -> None:
    user = actor("数据利用者", HeldRole(city.transport.id, Role.DATA_USER, "320500"))
    entry, draft = listed(city, "停车场", SPACES), city.draft()
    assert refused(lambda: selectors.duty_of(entry.id, actor=user)) == "ledger-for-officials"
    assert refused(lambda: selectors.duty_of(draft.id, actor=city.stranger)) == "not-found"
    assert selectors.duty_of(entry.id, actor=city.stranger).unit == ""


def test_a_line_says_who_answers_for_it_and_when_the_next_version_is_due(city: City) -> None:
    entry = listed(city, "停车场", SPACES)
    services.duty_set(actor=city.clerk, entry=entry.id, unit="运输处", source_system="智慧停车平台")
    (line,) = selectors.ledger(actor=city.reviewer).lines
    assert (line.duty.unit, line.duty.source_system) == ("运输处", "智慧停车平台")
    assert line.due.freshness is Freshness.KEPT
    assert line.due.on is not None
    assert selectors.duty_of(entry.id, actor=city.reviewer) == line.duty


def test_only_the_body_names_its_unit_and_it_may_change_it(city: City) -> None:
    entry = listed(city, "停车场", SPACES)
    name = lambda who, unit: services.duty_set(  # noqa: E731
        actor=who, entry=entry.id, unit=unit, source_system=""
    )
    assert refused(lambda: name(city.stranger, "处")) == "not-of-body"
    assert refused(lambda: name(city.clerk, "处" * 101)) == "text-too-long"
    name(city.clerk, "一处")
    name(city.colleague, "二处")
    assert selectors.duty_of(entry.id, actor=city.clerk).unit == "二处"


def test_the_ledger_is_read_page_by_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "LEDGER_PAGE", 2)
    titles = {listed(city, f"停车场{n}", SPACES).title_zh for n in range(3)}
    first = selectors.ledger(actor=city.clerk)
    second = selectors.ledger(actor=city.clerk, cursor=first.cursor)
    assert (len(first.lines), len(second.lines), second.cursor) == (2, 1, None)
    assert {line.entry.title_zh for line in (*first.lines, *second.lines)} == titles
    assert refused(
        lambda: selectors.ledger(actor=city.clerk, body=city.health.id, cursor=first.cursor)
    ) == ("cursor-of-another-query")


def test_the_ledger_is_narrowed_by_the_attribute_its_lines_show(city: City) -> None:
    """Nobody finds out from the choice what a draft says that they may not read."""
    conditional = replace(METADATA, attribute=Attribute.CONDITIONAL, conditions="企业研究")
    entry = city.submitted(conditional)
    services.revision_return(actor=city.reviewer, revision=city.newest(entry), reasons="请说明")
    services.revision_draft(actor=city.clerk, entry=entry.id, metadata=METADATA)
    for who, said in (
        (city.reviewer, Attribute.CONDITIONAL),
        (city.clerk, Attribute.UNCONDITIONAL),
    ):
        for wanted in (Attribute.CONDITIONAL, Attribute.UNCONDITIONAL):
            lines = selectors.ledger(actor=who, attribute=wanted).lines
            assert len(lines) == (wanted is said)


# What is collected twice


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (FieldSpec("泊位数"), FieldSpec(" 泊位（数）"), True),
        (FieldSpec("spaces", title_zh="泊位数"), FieldSpec("泊位数"), True),
        (FieldSpec("Ｐ数"), FieldSpec("p数"), True),
        (FieldSpec("泊位数", type=FieldType.INTEGER), FieldSpec("泊位数", type=FieldType.DECIMAL), True),
        (FieldSpec("泊位数", type=FieldType.INTEGER), FieldSpec("泊位数"), False),
        (FieldSpec("泊位数"), FieldSpec("车位数"), False),
    ],
)  # fmt: skip
def test_the_same_item_under_another_spelling_is_the_same(
    one: FieldSpec, other: FieldSpec, same: bool
) -> None:
    assert (item_of(one) == item_of(other)) is same


def test_names_that_say_nothing_are_no_item() -> None:
    assert {item_of(FieldSpec(name)) for name in ("序号", "备注", "id", "名 称", "-", "x")} == {""}


def test_an_item_of_two_bodies_is_reported_with_its_reasons(city: City) -> None:
    listed(city, "停车场", SPACES, FieldSpec("道路编码"))
    listed(city, "停车场二", SPACES)
    listed(city, "医院车位", replace(SPACES, name="泊位 数"), FieldSpec("备注"), by=city.stranger)
    (item,) = selectors.shared_items(actor=city.reviewer)
    assert (item.name, item.type) == ("泊位数", FieldType.NUMBER)
    assert [(one.name_zh, one.count) for one in item.holders] == [
        ("交通运输局", 2), ("卫生健康委员会", 1),
    ]  # fmt: skip
    assert item.reasons == (
        SharedReason.NAME, SharedReason.TYPE, SharedReason.UNIT, SharedReason.MEANING,
    )  # fmt: skip
    assert item.source is None


def test_who_submits_is_told_who_collects_it_already(city: City) -> None:
    listed(city, "停车场", SPACES)
    told = selectors.collected_elsewhere(
        [SPACES], actor=city.stranger, body=city.health.id, division="320500"
    )
    assert [(one.name, one.holders[0].name_zh) for one in told] == [("泊位数", "交通运输局")]
    assert (
        selectors.collected_elsewhere(
            [SPACES], actor=city.clerk, body=city.transport.id, division="320500"
        )
        == []
    )


def test_a_source_that_somebody_else_decides_meanwhile_is_not_decided_twice(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(city, "停车场", SPACES)

    def decide() -> None:
        services.item_source_decide(
            actor=city.reviewer, item=item_of(SPACES), body=city.transport.id, reason="职责"
        )

    decide()
    # Nothing is seen by the look; only the database's own constraint tells.
    monkeypatch.setattr(ItemSource.objects, "select_for_update", ItemSource.objects.none)
    assert refused(decide) == "stale"


def test_the_authority_decides_the_source_and_the_last_decision_holds(city: City) -> None:
    listed(city, "停车场", SPACES)
    listed(city, "医院车位", SPACES, by=city.stranger)
    key = item_of(SPACES)

    def decide(body: Any, reason: str = "停车管理职责", who: Any = None) -> None:
        services.item_source_decide(
            actor=who or city.reviewer, item=key, body=body.id, reason=reason
        )

    decide(city.health)
    decide(city.transport)
    (item,) = selectors.shared_items(actor=city.clerk, division="320500")
    assert (item.source, item.source_reason) == (city.transport.id, "停车管理职责")
    assert ItemSource.objects.filter(ended_at__isnull=True).count() == 1
    assert ItemSource.objects.count() == 2
    (told,) = selectors.collected_elsewhere(
        [SPACES], actor=city.stranger, body=city.health.id, division="320505"
    )
    assert told.source == city.transport.id
    assert (
        selectors.collected_elsewhere(
            [SPACES], actor=city.clerk, body=city.transport.id, division="320500"
        )
        == []
    )
    assert selectors.shared_items(actor=city.clerk, division="320600")[0].source is None


def test_no_source_is_decided_without_role_reason_or_collection(city: City) -> None:
    listed(city, "停车场", SPACES)
    decide = services.item_source_decide
    key, body = item_of(SPACES), city.transport.id
    for name, act in {
        "reviewer-lacks-role": lambda: decide(actor=city.clerk, item=key, body=body, reason="x"),
        "reasons-missing": lambda: decide(actor=city.reviewer, item=key, body=body, reason=" "),
        "source-collects-not": lambda: decide(
            actor=city.reviewer, item=key, body=city.health.id, reason="x"
        ),
        "reviewer-of-own-body": lambda: decide(
            actor=city.reviewer, item=key, body=city.authority.id, reason="x"
        ),
        "not-found": lambda: decide(actor=city.reviewer, item=key, body=uuid4(), reason="x"),
    }.items():
        assert refused(act) == name


# What a table was made from


def test_a_source_dataset_is_named_in_dcat_and_never_in_a_ring(city: City) -> None:
    raw, middle, final = (listed(city, title, SPACES) for title in ("原始", "中间", "成果"))
    services.derivation_add(actor=city.clerk, entry=middle.id, source=raw.id)
    services.derivation_add(actor=city.clerk, entry=final.id, source=middle.id)
    graph = selectors.dcat_graph(final.slug)
    base = "https://id.test.example/id"
    assert (
        URIRef(f"{base}/{final.id}"),
        PROV.wasDerivedFrom,
        URIRef(f"{base}/{middle.id}"),
    ) in graph
    add = services.derivation_add
    for name, act in {
        "derived-from-itself": lambda: add(actor=city.clerk, entry=raw.id, source=final.id),
        "derivation-known": lambda: add(actor=city.clerk, entry=middle.id, source=raw.id),
        "not-of-body": lambda: add(actor=city.stranger, entry=raw.id, source=final.id),
        "not-found": lambda: add(actor=city.clerk, entry=raw.id, source=city.draft().id),
    }.items():
        assert refused(act) == name
    assert refused(lambda: add(actor=city.clerk, entry=raw.id, source=raw.id)) == (
        "derived-from-itself"
    )
    services.derivation_drop(actor=city.clerk, entry=final.id, source=middle.id)
    assert not list(selectors.dcat_graph(final.slug).objects(None, PROV.wasDerivedFrom))
