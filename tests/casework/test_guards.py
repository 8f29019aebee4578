"""Guards of what is done in a case beside its steps: without any of them a test turns red.

Steps are explored in ``test_real_exploration``. Here each guard names the test that notices when it is
gone, and a guard that names none turns the list of them red.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import ModuleType

import pytest

from tests.casework import (
    mutants,
    test_advising,
    test_assigning,
    test_merging,
    test_writing,
)
from tests.casework.conftest import bureau, node
from tests.casework.mutants import Check
from tests.casework.test_advising import expert
from wushu.casework.rules import merging as merging_rules
from wushu.casework.rules import officials
from wushu.casework.services import advising, assigning, lapsing, lines, merging, writing

__all__ = ["bureau", "expert", "node"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SEATED = "obstacle is not None"
STRANGERS_WRITE = test_writing.test_strangers_write_nothing_and_who_filed_no_notes
BOTH_SIDES = test_writing.test_both_sides_read_messages_and_only_officials_read_notes
OPINIONS = test_advising.test_opinions_are_read_by_officials_and_by_nobody_else
EXPERTS = test_advising.test_experts_write_and_assign_nothing_and_others_give_no_opinion
ASKED_ENDED = test_advising.test_what_has_ended_is_referred_to_nobody_and_the_log_has_no_text
SAME_SEAT = test_assigning.test_it_goes_only_to_who_has_the_same_seat
HANDED_OVER = test_assigning.test_cases_are_handed_over_by_who_governs_and_to_nobody_who_filed_them
AT_THE_COUNTER = (
    test_assigning.test_at_the_counter_nobody_follows_for_who_came_what_they_decide_themselves
)
ASSIGNED_ENDED = test_assigning.test_what_has_ended_is_assigned_to_nobody
OF_BOTH = test_merging.test_only_an_official_of_both_merges
ASKS_THE_SAME = test_merging.test_only_what_asks_the_same_is_merged
MERGED = test_merging.test_nothing_more_happens_in_what_was_merged
MERGED_ENDED = test_merging.test_what_has_ended_is_merged_into_nothing
NOTICED: Mapping[ModuleType, Mapping[str, Check]] = {
    officials: {
        "may_read: NODE_SEAT in held or officials(regulation, held)": BOTH_SIDES,
        "may_read: without the reason NODE_SEAT in held":
            test_advising.test_the_node_that_tells_others_of_a_case_reads_all_of_it,
        "may_read: without the reason officials(regulation, held)": BOTH_SIDES,
        "may_read: not experts(regulation, held)": OPINIONS,
        "may_read: one.kind is HappenedKind.OPINION": OPINIONS,
        "writing_obstacle: among_officials": STRANGERS_WRITE,
        "writing_obstacle: held and is_filer(actor, sides) or officials(regulation, held)": BOTH_SIDES,
        "writing_obstacle: without the reason held and is_filer(actor, sides)": BOTH_SIDES,
        "writing_obstacle: without the reason officials(regulation, held)": BOTH_SIDES,
        "_obstacle: among(regulation, held)": OPINIONS,
        "_not_seated: not tuple(held)": STRANGERS_WRITE,
        "_not_seated: is_filer(actor, sides)": STRANGERS_WRITE,
        "written: not 1 <= len(found) <= WRITTEN_MOST": partial(
            test_writing.test_a_message_says_something_and_is_no_book, text=""
        ),
    },
    merging_rules: {
        "merging_faults: number == into or abouts[0] != abouts[1]": ASKS_THE_SAME,
        "merging_faults: without the reason number == into": ASKS_THE_SAME,
        "merging_faults: without the reason abouts[0] != abouts[1]": ASKS_THE_SAME,
        "merging_faults: any((one.step and acts(procedure.step(one.step).effect) for one in history))":
            test_merging.test_what_took_effect_outside_is_not_merged_away,
        "merging_faults: _filer(sides[0]) != _filer(sides[1]) and _is_personal(regulation, procedure)":
            test_merging.test_each_applicant_for_something_of_their_own_is_answered,
    },
    merging: {
        f"case_merge: {SEATED}": OF_BOTH,
        "case_merge: require_open(row)": MERGED_ENDED,
        "case_merge: require_open(other)": MERGED_ENDED,
        "case_merge: fault is not None": ASKS_THE_SAME,
        "case_merge: without _merge_obstacle(actor, row) or": OF_BOTH,
        "case_merge: without or _merge_obstacle(actor, other)": OF_BOTH,
    },
    assigning: {
        f"case_assign: {SEATED}": SAME_SEAT,
        "case_assign: require_open(row)": ASSIGNED_ENDED,
        "case_assign: shared is None": SAME_SEAT,
        "cases_hand_over: parties.require_governing_body(actor, organisation)":
            HANDED_OVER,
        "_follow_at_desk: without if seat else None": HANDED_OVER,
        "_follow_at_counter: without decided or": partial(AT_THE_COUNTER, works="has decided", follows=False),
        "_follow_at_counter: without follower.person == row.assignee or": partial(
            AT_THE_COUNTER, works="is to decide", follows=False
        ),
        "_follow_at_counter: without or not rules.serves_counter(follower, row.body.division)":
            partial(AT_THE_COUNTER, works="elsewhere", follows=False),
    },
    advising: {
        f"case_refer: {SEATED}": EXPERTS,
        "case_refer: require_open(row)": ASKED_ENDED,
        "case_refer: not officials.experts(regulation, (one.id for one in regulation.seats))":
            test_advising.test_where_the_rules_know_no_panel_nobody_is_asked,
        f"case_advise: {SEATED}": EXPERTS,
        "case_advise: require_open(row)": ASKED_ENDED,
    },
    writing: {
        f"case_write: {SEATED}": STRANGERS_WRITE,
        "case_write: require_not_merged(row)": MERGED,
    },
    lapsing: {},
    lines: {
        "require_open: require_not_merged(row)": MERGED,
        "require_open: row.closed_at is not None": ASSIGNED_ENDED,
        "require_not_merged: row.merged_into is not None": MERGED,
    },
}  # fmt: skip
"""By which test of the suite each guard is noticed when it is gone."""
_SERVES = " or not rules.serves_counter(follower, row.body.division)"
MORE = (
    mutants.without(assigning._follow_at_desk, " if seat else None"),
    mutants.without(assigning._follow_at_counter, "decided or "),
    mutants.without(assigning._follow_at_counter, "follower.person == row.assignee or "),
    mutants.without(assigning._follow_at_counter, _SERVES),
    mutants.without(merging.case_merge, "_merge_obstacle(actor, row) or "),
    mutants.without(merging.case_merge, " or _merge_obstacle(actor, other)"),
)
"""What refuses without looking like it."""
SAME = {
    "_acting: refusal.name != NOT_FOUND.name": "a person who cannot act is refused by no other name",
}
"""What can be left out without a difference, and why."""


@pytest.mark.parametrize("module", NOTICED, ids=lambda one: one.__name__)
def test_every_guard_names_the_test_that_notices_when_it_is_gone(module: ModuleType) -> None:
    guards = mutants.all_of(module, MORE).keys() - SAME.keys()
    assert guards - NOTICED[module].keys() == set(), "name a test, or write it"
    assert NOTICED[module].keys() - guards == set(), "these are no guards any more"


def test_what_makes_no_difference_is_still_there() -> None:
    assert SAME.keys() <= {name for module in NOTICED for name in mutants.all_of(module, MORE)}


@pytest.mark.rota(4)
@pytest.mark.parametrize(("module", "noticed"), mutants.parts(NOTICED))
def test_a_test_turns_red_for_each_guard_that_is_taken_out(
    module: ModuleType, noticed: Mapping[str, Check], request: pytest.FixtureRequest
) -> None:
    assert mutants.unnoticed(mutants.all_of(module, MORE), noticed, request) == []
