"""Sealing, restoring, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.catalog.conftest import METADATA, OTHER_CITY, City
from tests.parties.refused import refused
from wushu.catalog import selectors, services
from wushu.catalog.types import (
    EntryState,
)
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal


def acts(entry: Any) -> list[str]:
    """What the log says about an entry."""
    return [note.act for note in evidence.entries_about(entry.urn)]


def test_a_sealed_dataset_shows_its_notice_and_no_content(city: City) -> None:
    entry = city.listed()
    services.entry_seal(
        actor=city.clerk, entry=entry.id, reason="有人主张侵犯隐私", basis="细则第十二条"
    )
    notice = selectors.entry_by_slug(entry.slug)
    assert (notice.state, notice.revision) == (EntryState.SEALED, None)
    assert (notice.closed_reason, notice.closed_basis) == ("有人主张侵犯隐私", "细则第十二条")
    assert notice.title_zh == "公共停车场分布"
    assert selectors.versions(entry.id) == []
    assert selectors.revisions(entry.id) == []
    with refused("not-found"):
        selectors.revision(entry.revision.id)  # type: ignore[union-attr]
    assert selectors.entries().items == ()
    assert selectors.entries(query="停车").items == ()


def test_restoring_is_the_authoritys_and_brings_the_listed_content_back(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    with refused("reviewer-lacks-role"):
        services.entry_restore(actor=city.clerk, entry=entry.id, reason="无误", basis="核实结论")
    with refused("reviewer-of-own-body"):
        services.entry_restore(
            actor=city.reviewer_of(city.transport), entry=entry.id, reason="无误", basis="结论"
        )
    services.entry_restore(actor=city.reviewer, entry=entry.id, reason="无误", basis="核实结论")
    public = selectors.entry_by_slug(entry.slug)
    assert public.state is EntryState.LISTED
    assert public.revision is not None
    assert public.closed_reason == ""
    assert [one.slug for one in selectors.entries(query="停车").items] == [entry.slug]


def test_a_sealed_dataset_is_reopened_with_a_reviewed_new_revision(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.reviewer, entry=entry.id, reason="核实", basis="第十二条")
    draft = services.revision_draft(
        actor=city.clerk, entry=entry.id, metadata=replace(METADATA, description_zh="已脱敏。")
    )
    services.revision_submit(actor=city.clerk, revision=draft.id)
    assert selectors.entry_by_slug(entry.slug).revision is None
    services.revision_pass_gate(actor=city.reviewer, revision=draft.id)
    public = selectors.entry_by_slug(entry.slug)
    assert public.revision is not None
    assert public.revision.metadata.description_zh == "已脱敏。"


def test_withdrawing_leaves_a_tombstone_for_ever(city: City) -> None:
    entry = city.listed()
    services.entry_withdraw(
        actor=city.reviewer, entry=entry.id, reason="机构撤销", basis="市政府决定〔2026〕5 号"
    )
    stone = selectors.entry_by_slug(entry.slug)
    assert (stone.state, stone.revision) == (EntryState.WITHDRAWN, None)
    assert stone.closed_basis == "市政府决定〔2026〕5 号"
    for act in (services.entry_seal, services.entry_restore, services.entry_withdraw):
        with refused("act-not-possible"):
            act(actor=city.reviewer, entry=entry.id, reason="再", basis="再")
    with refused("act-not-possible"):
        services.revision_draft(actor=city.clerk, entry=entry.id)
    with refused("act-not-possible"):
        city.load(entry, 2)


def test_a_withdrawn_draft_was_never_there_for_the_public(city: City) -> None:
    entry = city.draft()
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="重复登记", basis="")
    with refused("not-found"):
        selectors.entry_by_slug(entry.slug)
    assert selectors.entry_by_slug(entry.slug, actor=city.clerk).state is EntryState.WITHDRAWN
    assert selectors.drafts(actor=city.clerk) == []


@pytest.mark.parametrize(("reason", "basis"), [("", "第十二条"), ("核实", " ")])
def test_closing_needs_a_reason_and_a_basis(city: City, reason: str, basis: str) -> None:
    entry = city.listed()
    for act in (services.entry_seal, services.entry_withdraw):
        with refused("closing-reason-missing"):
            act(actor=city.clerk, entry=entry.id, reason=reason, basis=basis)


def test_who_sealed_it_does_not_open_it_again(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.reviewer, entry=entry.id, reason="核实", basis="第十二条")
    second_account = replace(city.reviewer, urn="urn:uuid:other")
    for who in (city.reviewer, second_account):
        with refused("restorer-sealed-it"):
            services.entry_restore(actor=who, entry=entry.id, reason="无误", basis="结论")
    other = city.reviewer_of(city.authority, "另一审核人")
    restored = services.entry_restore(actor=other, entry=entry.id, reason="无误", basis="结论")
    assert restored.state is EntryState.LISTED


def test_who_wrote_what_is_listed_does_not_open_it_again(city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    moved = replace(city.reviewer_of(city.authority), person=city.clerk.person)
    with refused("reviewer-is-author"):
        services.entry_restore(actor=moved, entry=entry.id, reason="无误", basis="结论")


def test_an_authority_elsewhere_closes_nothing(city: City) -> None:
    entry = city.listed()
    elsewhere = city.reviewer_of(city.body("外地数据局", OTHER_CITY))
    for act in (services.entry_seal, services.entry_withdraw):
        with refused("not-for-closing"):
            act(actor=elsewhere, entry=entry.id, reason="核实", basis="第十二条")


def test_a_draft_is_withdrawn_by_its_body_alone(city: City) -> None:
    entry = city.draft()
    with refused("not-for-closing"):
        services.entry_withdraw(actor=city.reviewer, entry=entry.id, reason="重复", basis="")


def test_a_page_can_say_what_may_be_closed_and_by_whom(city: City) -> None:
    entry = city.listed()

    def said(who: Any) -> dict[str, str]:
        found = selectors.closing_acts(entry.id, actor=who)
        return {act.value: "" if no is None else no.name for act, no in found.items()}

    assert said(city.clerk) == said(city.reviewer) == {"seal": "", "withdraw": ""}
    assert said(city.stranger) == {"seal": "not-for-closing", "withdraw": "not-for-closing"}
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    assert said(city.clerk) == {"restore": "reviewer-lacks-role", "withdraw": ""}
    assert said(city.reviewer) == {"restore": "", "withdraw": ""}
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="属实", basis="结论")
    assert said(city.reviewer) == {}


def test_strangers_close_nothing(city: City) -> None:
    entry = city.listed()
    for act in (services.entry_seal, services.entry_withdraw):
        with refused("not-for-closing"):
            act(actor=city.stranger, entry=entry.id, reason="核实", basis="第十二条")


def test_what_is_not_there_is_neither_closed_nor_decided_on(city: City) -> None:
    gone = uuid4()
    with pytest.raises(Refusal, match=f"{gone}.*not-found"):
        services.entry_seal(actor=city.clerk, entry=gone, reason="核实", basis="第十二条")
    with pytest.raises(Refusal, match=f"{gone}.*not-found"):
        services.revision_pass_gate(actor=city.reviewer, revision=gone)
