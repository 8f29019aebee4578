"""Where rules ask for a review before listing, nobody lists past it (art. 8, 15, 16, 34, 35)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.casework.conftest import Bureau, bureau, node
from tests.casework.exploring import undone
from tests.dataplane.ingest.conftest import Desk
from tests.opening.test_cases import (
    ASSESSED,
    TABLE,
    begin_listing,
    list_by_the_book,
    refused,
    table,
)
from tests.opening.test_results_api import parties_account
from wushu.casework.types import CaseView
from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import Attribute, EntryState, EntryView, FieldSpec, RevisionView
from wushu.dataplane import services as dataplane_services
from wushu.evidence.models import Entry
from wushu.opening import services
from wushu.parties.types import Actor, Role, Scope

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(bureau: Bureau) -> EntryView:
    """A described dataset with rows that nobody submitted yet."""
    desk = Desk(bureau.clerk, bureau.examiner, bureau.stranger, bureau.transport.id)
    looked = desk.look(TABLE)
    assert looked.found is not None
    fields = [column.proposal for column in looked.found.columns]
    entry = desk.entry(fields, Attribute.UNCONDITIONAL)
    dataplane_services.load_run(desk.confirm(looked, fields, entry.id).id)
    return catalog.entry_by_id(entry.id, actor=bureau.clerk)


def newest(bureau: Bureau, dataset: UUID) -> RevisionView:
    found = catalog.entry_by_id(dataset, actor=bureau.clerk).revision
    assert found is not None
    return found


def change(bureau: Bureau, dataset: UUID, **changes: Any) -> RevisionView:
    fields = changes.pop("fields", None)
    metadata = replace(newest(bureau, dataset).metadata, **changes)
    catalog_services.revision_draft(
        actor=bureau.clerk, entry=dataset, metadata=metadata, fields=fields
    )
    return newest(bureau, dataset)


def take(case: CaseView, step: str, by: Actor, **values: Any) -> CaseView:
    return services.case_take(actor=by, case=case.id, step=step, values=values)


def state_of(bureau: Bureau, dataset: UUID) -> EntryState:
    return catalog.entry_by_id(dataset, actor=bureau.clerk).state


def test_a_clerk_cannot_submit_what_the_rules_want_assessed_first(
    bureau: Bureau, draft: EntryView
) -> None:
    revision = newest(bureau, draft.id)
    with undone(), refused("listing-takes-a-case"):
        catalog_services.revision_submit(actor=bureau.clerk, revision=revision.id)
    asked = catalog.listing_procedure(revision.id, actor=bureau.clerk)
    assert asked is not None
    assert asked.id == "catalogue-entry"


def test_what_was_submitted_in_a_case_is_listed_and_returned_by_its_steps_alone(
    bureau: Bureau, draft: EntryView
) -> None:
    case = take(
        begin_listing(bureau, draft.id, Attribute.UNCONDITIONAL), "submit", bureau.clerk, **ASSESSED
    )
    revision = newest(bureau, draft.id)
    assert revision.case == case.id
    with undone(), refused("revision-in-a-case"):
        dataplane_services.revision_list(actor=bureau.examiner, revision=revision.id)
    with undone(), refused("revision-in-a-case"):
        catalog_services.revision_return(
            actor=bureau.examiner, revision=revision.id, reasons="不列入"
        )
    assert state_of(bureau, draft.id) is EntryState.IN_REVIEW
    take(case, "approve", bureau.examiner)
    assert state_of(bureau, draft.id) is EntryState.LISTED
    logged = [bytes(one) for one in Entry.objects.values_list("leaf", flat=True)]
    (submitted,) = [one for one in logged if b"catalog.revision.submitted" in one]
    assert str(case.id).encode() in submitted


def test_a_case_decides_on_nothing_that_was_submitted_elsewhere(
    bureau: Bureau, draft: EntryView
) -> None:
    first = take(
        begin_listing(bureau, draft.id, Attribute.UNCONDITIONAL), "submit", bureau.clerk, **ASSESSED
    )
    second = begin_listing(bureau, draft.id, Attribute.UNCONDITIONAL)
    with undone(), refused("nothing-to-submit"):
        take(second, "submit", bureau.clerk, **ASSESSED)
    for case in (None, second.id):
        with undone(), refused("revision-in-a-case"):
            dataplane_services.revision_list(
                actor=bureau.examiner, revision=newest(bureau, draft.id).id, case=case
            )
    assert take(first, "return", bureau.examiner, reasons="补充评估").state.id == "assessing"


def test_new_rows_and_better_words_need_the_second_person_alone(bureau: Bureau) -> None:
    dataset = table(bureau, Attribute.UNCONDITIONAL)
    revision = change(bureau, dataset, description_zh="公共停车场的名录和泊位数，按月更新。")
    assert catalog.listing_procedure(revision.id, actor=bureau.clerk) is None
    catalog_services.revision_submit(actor=bureau.clerk, revision=revision.id)
    dataplane_services.revision_list(actor=bureau.examiner, revision=revision.id)
    assert newest(bureau, dataset).metadata.description_zh.endswith("按月更新。")


@pytest.mark.parametrize("what", ["conditions", "a data item"])
def test_what_opens_more_than_was_reviewed_is_reviewed_anew(bureau: Bureau, what: str) -> None:
    dataset = table(bureau, Attribute.CONDITIONAL)
    if what == "conditions":
        revision = change(bureau, dataset, conditions="任何人，任何用途。")
    else:
        fields = [*newest(bureau, dataset).fields, FieldSpec("电话")]
        revision = change(bureau, dataset, fields=fields)
    asked = catalog.listing_procedure(revision.id, actor=bureau.clerk)
    assert asked is not None
    assert asked.id == "catalogue-entry"


def test_the_attribute_that_was_assessed_is_the_one_that_is_submitted(
    bureau: Bureau, draft: EntryView
) -> None:
    case = begin_listing(bureau, draft.id, Attribute.CONDITIONAL)
    with refused("attribute-not-as-assessed"):
        take(case, "submit", bureau.clerk, **ASSESSED)


def test_of_what_is_sealed_a_key_that_does_not_read_drafts_proposes_nothing(bureau: Bureau) -> None:
    """It may act in the case; what the body drafts is for a key of its catalogue."""
    dataset = table(bureau, Attribute.UNCONDITIONAL)
    catalog_services.entry_seal(actor=bureau.clerk, entry=dataset, reason="核实", basis="第十二条")
    case = begin_listing(bureau, dataset, Attribute.UNCONDITIONAL)
    for_cases = replace(bureau.clerk, scopes=frozenset({Scope.CASES_FILE, Scope.CASES_HANDLE}))
    with refused("nothing-proposed"):
        take(case, "submit", for_cases, **ASSESSED)


TIGHTENED = {
    "attribute": Attribute.CONDITIONAL, "attribute_reason": "安全管理需要。",
    "attribute_basis": "备〔2026〕3 号", "conditions": "仅限研究。",
}  # fmt: skip


def test_a_change_of_attribute_takes_its_own_procedure(bureau: Bureau) -> None:
    dataset = table(bureau, Attribute.UNCONDITIONAL)
    revision = change(bureau, dataset, **TIGHTENED)
    asked = catalog.listing_procedure(revision.id, actor=bureau.clerk)
    assert asked is not None
    assert asked.id == "attribute-change"
    case = begin_listing(bureau, dataset, Attribute.CONDITIONAL)
    with refused("attribute-has-its-procedure"):
        take(case, "submit", bureau.clerk, **ASSESSED)


TIGHTENING = {
    "change": "unconditional-conditional", "safety": "涉及公共安全。",
}  # fmt: skip


@pytest.mark.parametrize("listed", [True, False])
def test_nothing_is_slipped_through_the_procedure_for_attributes(
    bureau: Bureau, draft: EntryView, listed: bool
) -> None:
    dataset = draft.id
    if listed:
        list_by_the_book(bureau, dataset, Attribute.UNCONDITIONAL)
        change(bureau, dataset, conditions="别的内容。")
    with refused("attribute-unchanged"):
        services.case_file_on_dataset(
            actor=bureau.clerk, dataset=dataset, procedure="attribute-change", step="tighten",
            organisation=bureau.transport.id, values=TIGHTENING,
        )  # fmt: skip


def test_the_change_of_an_attribute_is_the_one_that_was_said(bureau: Bureau) -> None:
    dataset = table(bureau, Attribute.UNCONDITIONAL)
    change(bureau, dataset, **TIGHTENED)

    def tighten(said: str) -> CaseView:
        return services.case_file_on_dataset(
            actor=bureau.clerk, dataset=dataset, procedure="attribute-change", step="tighten",
            organisation=bureau.transport.id, values={**TIGHTENING, "change": said},
        )  # fmt: skip

    with undone(), refused("attribute-changes-otherwise"):
        tighten("unconditional-none")
    assert tighten("unconditional-conditional").state.id == "filing"


ASKED = {"question": "是否涉及？"}
BRANCHES: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "legal": [
        ("legal-review", "clerk", {**ASKED, "opinion": "合法。", "conclusion": "compliant"}),
    ],
    "expertise": [
        ("ask-experts", "clerk", ASKED),
        ("expert-opinion", "expert", {"opinion": "可以。"}),
    ],
    "secrets": [
        ("secrecy-review", "clerk", {"kind": "privacy", "opinion": "已脱敏。", "conclusion": "compliant"}),
    ],
    "combination": [
        ("ask-safety", "clerk", {"combination": "与门牌关联"}),
        ("measures", "expert", {"opinion": "须处理。", "measures": "去掉门牌。"}),
        ("measures-done", "clerk", {"done": "已去掉。"}),
    ],
}  # fmt: skip


def test_a_branch_is_said_to_be_done_only_once_it_was(bureau: Bureau, draft: EntryView) -> None:
    case = begin_listing(bureau, draft.id, Attribute.UNCONDITIONAL)
    cast = {
        "clerk": bureau.clerk,
        "expert": bureau.person("专家", Role.EXPERT, bureau.authority),
    }
    for branch, steps in BRANCHES.items():
        with undone(), refused("answer-not-yet"):
            take(case, "submit", bureau.clerk, **{**ASSESSED, branch: "done"})
        for step, by, values in steps:
            case = take(case, step, cast[by], **values)
    done = {**ASSESSED, **dict.fromkeys(BRANCHES, "done")}
    assert take(case, "submit", bureau.clerk, **done).state.id == "examining"


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(parties_account(actor), backend="wushu.parties.backends.AccountBackend")
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_pages_lead_clerk_and_reviewer_through_the_case(bureau: Bureau, draft: EntryView) -> None:
    clerk, examiner = signed_in(bureau.clerk), signed_in(bureau.examiner)
    desk = f"/desk/datasets/{draft.slug}"
    assert f'href="/datasets/{draft.slug}/file/catalogue-entry"' in page(clerk, desk)
    assert f'action="{desk}/submit"' not in page(clerk, desk)
    assert "[listing-takes-a-case]" not in page(clerk, desk)
    assert clerk.post(f"{desk}/submit").status_code == 409
    case = begin_listing(bureau, draft.id, Attribute.UNCONDITIONAL)
    assert f'href="/cases/{case.number}"' in page(clerk, desk)
    assert f'href="{desk}"' in page(clerk, f"/cases/{case.number}")
    take(case, "submit", bureau.clerk, **ASSESSED)
    review = f"/desk/review/{newest(bureau, draft.id).id}"
    assert f'href="{review}"' in page(examiner, f"/cases/{case.number}")
    assert f'href="/cases/{case.number}"' in page(examiner, review)
    assert 'name="decision"' not in page(examiner, review)
    sent = examiner.post(review, {"decision": "list", "reasons": ""})
    assert sent.status_code == 409
    assert "是在办件中报审的" in sent.content.decode()


def test_who_has_no_part_in_the_case_still_reads_the_dataset_it_is_about(
    bureau: Bureau, draft: EntryView
) -> None:
    officer = bureau.person("首席数据官", Role.CHIEF_DATA_OFFICER, bureau.transport)
    case = begin_listing(bureau, draft.id, Attribute.UNCONDITIONAL)
    take(case, "submit", bureau.clerk, **ASSESSED)
    for address in (f"/desk/datasets/{draft.slug}", f"/desk/review/{newest(bureau, draft.id).id}"):
        answered = signed_in(officer).get(address)
        assert answered.status_code == 200, address
        shown = answered.content.decode()
        assert case.number not in shown
    assert "您的账号不是该办件的参与方" in page(signed_in(officer), f"/desk/datasets/{draft.slug}")
