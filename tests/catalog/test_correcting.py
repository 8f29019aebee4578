"""A wrong act stays, and a correction points to it; where the act took two people, so does this."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.catalog.conftest import City
from tests.parties.refused import refused
from wushu.catalog import selectors, services
from wushu.catalog.models import Correction
from wushu.catalog.types import EntryState
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.parties.types import NODE


def index_of(entry, act: str) -> int:
    sequence()
    found = evidence.entry_of_act(entry.urn, act)
    assert found is not None
    assert found.index is not None
    return found.index


def correct(by, entry, act, **more):
    words = {"reason": "名称写错了", "right": "公共停车场", **more}
    return services.act_correct(actor=by, entry=entry.id, index=index_of(entry, act), **words)


def test_a_listing_by_mistake_is_corrected_by_two_people_and_stays_in_the_log(city: City):
    entry = city.listed()
    other = city.reviewer_of(city.authority, "另一审核人")
    made = correct(city.reviewer, entry, "catalog.revision.listed")
    assert not made.in_force
    assert selectors.corrections(entry.id) == []
    assert [one.id for one in selectors.corrections(entry.id, actor=city.clerk)] == [made.id]
    with refused("correction-needs-another"):
        services.correction_confirm(actor=city.reviewer, correction=made.id)
    assert [one.id for one in selectors.corrections_waiting(actor=other)] == [made.id]
    assert selectors.corrections_waiting(actor=city.reviewer) == []
    services.correction_confirm(actor=other, correction=made.id)
    [shown] = selectors.corrections(entry.id)
    assert (shown.index, shown.reason, shown.in_force) == (made.index, "名称写错了", True)
    assert evidence.entry(made.index).act == "catalog.revision.listed"
    assert selectors.entry_by_id(entry.id).state is EntryState.LISTED
    with refused("correction-done"):
        services.correction_confirm(actor=other, correction=made.id)


def test_the_new_act_names_the_old_one_and_not_its_words(city: City):
    entry = city.listed()
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="投诉", basis="第十二条")
    made = correct(city.clerk, entry, "catalog.entry.sealed", reason="理由写错", right="核实投诉")
    assert made.in_force
    sequence()
    [said] = evidence.acts_said(entry.urn, "catalog.act.corrected")
    assert said.data["corrects"] == {"index": made.index, "act": "catalog.entry.sealed"}
    assert "理由写错" not in str(said.data)


def test_only_who_could_have_done_the_act_corrects_it(city: City):
    entry = city.listed()
    for by in (city.stranger, NODE):
        with refused("not-for-correcting"):
            correct(by, entry, "catalog.revision.listed")
    with refused("not-for-correcting"):
        correct(city.reviewer, entry, "catalog.revision.submitted")
    assert correct(city.clerk, entry, "catalog.revision.submitted").in_force


def test_a_clerk_proposes_but_never_confirms_what_took_two(city: City):
    made = correct(city.clerk, city.listed(), "catalog.revision.listed")
    with refused("reviewer-lacks-role"):
        services.correction_confirm(actor=city.colleague, correction=made.id)
    services.correction_confirm(actor=city.reviewer, correction=made.id)


def test_an_act_on_another_dataset_or_of_another_kind_is_refused(city: City):
    entry = city.listed()
    index = index_of(city.draft(slug="another"), "catalog.entry.created")
    for wrong in (index, 0, 10**9):
        with refused("act-not-correctable"):
            services.act_correct(actor=city.clerk, entry=entry.id, index=wrong, reason="错")
    with refused("correction-reason-missing"):
        services.act_correct(actor=city.clerk, entry=entry.id, index=index, reason=" ")


def test_the_database_too_wants_a_second_person(city: City):
    made = correct(city.reviewer, city.listed(), "catalog.revision.listed")
    row = Correction.objects.get(pk=made.id)
    row.confirmed_by, row.confirmed_person = row.proposed_by, row.proposed_person
    row.confirmed_at = row.proposed_at
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_corrections_of_a_draft_are_its_bodys_alone(city: City):
    draft = city.draft()
    correct(city.clerk, draft, "catalog.entry.created")
    with refused("not-found"):
        selectors.corrections(draft.id)
    with refused("not-found"):
        selectors.corrections(draft.id, actor=city.stranger)
