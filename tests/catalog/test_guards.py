"""Guards of what is submitted, listed, returned and closed: without any of them a test turns red.

``tests/opening/test_guards.py`` has those of the cases by which it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import ModuleType

import pytest

from tests.casework import mutants
from tests.casework.conftest import bureau
from tests.casework.mutants import Check
from tests.catalog import (
    test_closing,
    test_drafting,
    test_reviewing,
    test_rules,
    test_versions,
)
from tests.opening import test_governing, test_listing
from tests.opening.test_listing import draft
from wushu.catalog.rules import closing as closing_rules
from wushu.catalog.rules import gate, states
from wushu.catalog.services import closing, common, drafting, reviewing
from wushu.catalog.types import EntryAct

__all__ = ["bureau", "draft"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REASONS = test_closing.test_closing_needs_a_reason_and_a_basis
STRANGERS_CLOSE = test_closing.test_strangers_close_nothing
TOMBSTONE = test_closing.test_withdrawing_leaves_a_tombstone_for_ever
NOT_THERE = test_closing.test_what_is_not_there_is_neither_closed_nor_decided_on
GATE = test_reviewing.test_the_gate_holds_for_listing_and_for_returning
ONCE = test_reviewing.test_a_revision_is_decided_once
STRANGERS_WRITE = partial(
    test_drafting.test_only_a_clerk_of_the_body_writes_its_catalogue, who=lambda city: city.stranger
)
FROZEN = test_drafting.test_a_submitted_revision_cannot_be_changed
INCOMPLETE = test_drafting.test_an_incomplete_draft_is_kept_but_not_submitted
TAKES_A_CASE = test_listing.test_a_clerk_cannot_submit_what_the_rules_want_assessed_first
IN_A_CASE = test_listing.test_what_was_submitted_in_a_case_is_listed_and_returned_by_its_steps_alone
BESIDE_A_CASE = (
    test_governing.test_what_an_objection_sealed_is_neither_opened_again_nor_withdrawn_beside_it
)
SEALED = test_governing.test_while_a_case_waits_for_a_new_revision_the_gate_lists_one_and_nothing_else_opens
_DECIDES = "_require_may_decide(actor, entry, row, case)"
_BESIDE = "sealing_obstacle: "
NOTICED: Mapping[ModuleType, Mapping[str, Check]] = {
    closing: {
        "_close: _require_closing(actor, row, act, case)": STRANGERS_CLOSE,
        "_require_closing: obstacle is not None": STRANGERS_CLOSE,
        "_close: not reason or (known and (not basis))": partial(REASONS, reason="", basis="第十二条"),
        "_close: without the reason not reason": partial(REASONS, reason="", basis="第十二条"),
        "_close: without the reason known and (not basis)": partial(REASONS, reason="核实", basis=" "),
    },
    drafting: {
        "entry_create: rules.require_editor(actor, body)": STRANGERS_WRITE,
        "revision_draft: rules.require_editor(actor, held.body_id)": STRANGERS_WRITE,
        "revision_submit: rules.require_editor(actor, entry.body_id)": STRANGERS_WRITE,
        "revision_submit: rules.require_draft(RevisionState(row.state), row.number, to_submit=True)":
            FROZEN,
        "_draft_of: rules.require_draft(state, newest.number)": FROZEN,
        "revision_submit: without refuse_first(": INCOMPLETE,
        "_draft_of: state is RevisionState.DRAFT":
            test_versions.test_a_revision_names_only_versions_of_its_own_entry,
        "_version_of: found is None":
            test_versions.test_a_revision_names_only_versions_of_its_own_entry,
        "revision_submit: asked is not None": TAKES_A_CASE,
    },
    reviewing: {
        f"revision_pass_gate: {_DECIDES}": GATE,
        f"revision_return: {_DECIDES}": GATE,
        "_require_may_decide: obstacle is not None": GATE,
        "_require_may_decide: rules.require_in_review(RevisionState(row.state), row.number)": ONCE,
        "revision_return: not reasons.strip()": test_reviewing.test_a_return_gives_its_reasons,
        "_opened: version is None": test_reviewing.test_what_is_not_opened_is_listed_without_rows,
        "_require_may_decide: elsewhere is not None": IN_A_CASE,
        "revision_pass_gate: sealed is not None": BESIDE_A_CASE,
    },
    gate: {
        "gate_obstacle: wrote and _holds_role(reviewer)":
            test_rules.test_an_author_does_not_review_their_own_work,
        "authority_obstacle: not _holds_role(actor)": GATE,
        "authority_obstacle: body in actor.organisations": GATE,
        "authority_obstacle: not actor.holds_over(Role.DATA_AUTHORITY, body_division)": GATE,
        "case_obstacle: submitted_in == case": ONCE,
        "case_obstacle: submitted_in is not None": IN_A_CASE,
        "opens_more: listed is None": TAKES_A_CASE,
        "opens_more: _opened(metadata) != _opened(before)": partial(
            test_listing.test_what_opens_more_than_was_reviewed_is_reviewed_anew, what="conditions"
        ),
    },
    states: {
        "entry_after: after is None": TOMBSTONE,
        "require_draft: state is RevisionState.DRAFT": FROZEN,
        "require_draft: to_submit": FROZEN,
        "require_in_review: state is not RevisionState.IN_REVIEW": ONCE,
    },
    closing_rules: {
        "_closing_obstacle: may_edit(actor, of.body) or (of.known and authority is None)": TOMBSTONE,
        "_closing_obstacle: without the reason of.known and authority is None": TOMBSTONE,
        "_closing_obstacle: without the reason may_edit(actor, of.body)":
            test_closing.test_who_wrote_what_is_listed_does_not_open_it_again,
        "_restoring_obstacle: obstacle is None and actor.person == of.closed_by":
            test_closing.test_who_sealed_it_does_not_open_it_again,
        f"{_BESIDE}sealing is None or sealing.id == case or act is EntryAct.SEAL": TOMBSTONE,
        f"{_BESIDE}without the reason sealing is None": TOMBSTONE,
        f"{_BESIDE}without the reason sealing.id == case":
            partial(SEALED, act=EntryAct.RESTORE, awaits=True, named=True),
        f"{_BESIDE}without the reason act is EntryAct.SEAL":
            partial(SEALED, act=EntryAct.SEAL, awaits=False, named=False),
        f"{_BESIDE}act is EntryAct.LIST and sealing.awaits_listing":
            partial(SEALED, act=EntryAct.LIST, awaits=True, named=False),
    },
    common: {
        "locked_entry: found is None": NOT_THERE,
        "locked_revision: owner is None": NOT_THERE,
        "refuse_first: problems": INCOMPLETE,
    },
}  # fmt: skip
"""By which test of the suite each guard is noticed when it is gone."""
MORE = (mutants.without(drafting.revision_submit, "refuse_first(", "list("),)
"""What refuses without looking like it."""
SAME = {
    "changed_now: not touched": "of none the moment of their change is nothing to anybody",
}
"""What can be left out without a difference, and why."""


@pytest.mark.parametrize("module", NOTICED, ids=lambda one: one.__name__)
def test_every_guard_names_the_test_that_notices_when_it_is_gone(module: ModuleType) -> None:
    guards = mutants.all_of(module, MORE).keys() - SAME.keys()
    assert guards - NOTICED[module].keys() == set(), "name a test, or write it"
    assert NOTICED[module].keys() - guards == set(), "these are no guards any more"


@pytest.mark.rota(4)
@pytest.mark.parametrize(("module", "noticed"), mutants.parts(NOTICED))
def test_a_test_turns_red_for_each_guard_that_is_taken_out(
    module: ModuleType, noticed: Mapping[str, Check], request: pytest.FixtureRequest
) -> None:
    assert mutants.unnoticed(mutants.all_of(module, MORE), noticed, request) == []
