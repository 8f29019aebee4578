"""Guards of what cases do to grants, agreements and datasets: without any of them a test turns red.

Who may take which step is explored in ``tests/casework``. Here each guard names the test that notices
when it is gone, and a guard that names none turns the list of them red.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import ModuleType

import pytest

from tests.casework import mutants
from tests.casework.conftest import bureau, node
from tests.casework.mutants import Check
from tests.opening import (
    test_bulk,
    test_cases,
    test_computations,
    test_counter,
    test_governing,
    test_listing,
    test_materials,
    test_real_exploration,
    test_renewal,
    test_suspending,
)
from tests.opening.test_cases import office
from tests.opening.test_counter import clerk
from tests.opening.test_listing import draft
from wushu.catalog.types import Attribute
from wushu.opening.rules import computations as computation_rules
from wushu.opening.selectors import bulk as bulk_asked
from wushu.opening.services import bulk, computations, effects, ending, grants
from wushu.opening.services import cases as filing
from wushu.parties.types import Role, Scope

__all__ = ["bureau", "clerk", "draft", "node", "office"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]

APPLIED, RENEWED, BREACH = "_require_conditional: ", "_require_longer: ", "_require_no_breach"
SUBMITTED, CHANGED = "_submit_entry: ", "_submit_attribute: "


def decided(name: str, **who: object) -> Check:
    """Why somebody does not decide on a result."""
    return partial(
        test_computations.test_a_result_is_decided_on_by_officials_of_the_body_who_are_not_to_get_it,
        who=who, name=name,
    )  # fmt: skip


NO_OFFICIAL = decided("not-permitted", role=Role.DATA_USER)
OWN_RESULT = decided("computation-of-ones-own", person=test_computations.SUBMITTER)
ABOUT = test_cases.test_a_case_is_about_what_its_procedure_is_about
BESIDE_ITS_CASE = test_governing.test_access_in_use_is_not_revoked_beside_its_case
EACH_CASE = test_bulk.test_each_case_is_asked_for_done_and_recorded_by_itself
TOGETHER = test_bulk.test_cases_are_assigned_and_written_in_together
NOT_SIGNED_IN = test_computations.test_who_is_not_signed_in_or_has_another_key_hands_in_nothing_and_is_delivered_nothing
QUEUED = test_computations.test_what_waits_to_run_is_decided_on_by_nobody_and_delivered_to_nobody
GIVEN_UP = test_computations.test_what_was_given_up_stays_so_when_its_worker_comes_back
A_DAY = test_computations.test_there_are_only_so_many_in_a_day
WAITS = "rules.require_state(ComputationState(row.state), (ComputationState.WAITING,),"
NOTICED: Mapping[ModuleType, Mapping[str, Check]] = {
    effects: {
        f"{APPLIED}entry.state is not EntryState.LISTED or entry.revision is None":
            test_cases.test_what_is_sealed_is_not_applied_for,
        f"{APPLIED}attribute is Attribute.UNCONDITIONAL":
            test_cases.test_unconditional_data_need_no_application,
        f"{APPLIED}attribute is Attribute.NONE": partial(
            test_real_exploration.test_only_conditional_data_are_applied_for,
            attribute=Attribute.NONE,
        ),
        "_require_listed: not catalog.listed_since(entry.id, sealed_at(decided.case) or decided.case.opened_at)":
            test_governing.test_opened_again_after_processing_means_a_revision_listed_since,
        "_draw_agreement: rules.gives_more(decided.case, rules.terms_of(decided.happened))":
            test_cases.test_who_applied_for_results_is_given_no_rows,
        f"{RENEWED}_require_conditional(decided)":
            test_renewal.test_what_is_sealed_meanwhile_is_not_renewed,
        f"{RENEWED}{BREACH}(row.grant, lambda breach: rules.taken(breach) is not None)":
            test_suspending.test_what_a_breach_took_does_not_come_back_through_the_application,
        f"{RENEWED}until <= ends":
            test_renewal.test_a_renewal_given_up_refused_or_suspended_leaves_what_both_had_signed,
        "_draw_renewal: _require_longer(decided)":
            test_renewal.test_a_renewal_given_up_refused_or_suspended_leaves_what_both_had_signed,
        "_draw: terms.ends <= now": test_cases.test_an_effect_that_is_refused_undoes_its_step,
        "_draw: dataplane_selectors.terms_require(case.subject, **_of_reading(terms))": partial(
            test_cases.test_terms_that_no_grant_could_have_are_refused_before_anybody_signs,
            limits={"masks": ["编号:month"]}, name="grant-mask-wrong",
        ),
        "_sign: decided.actor.person == decided.case.sides.counter":
            test_counter.test_nobody_signs_at_the_counter_for_who_came,
        "_countersigned: row.user_signed_at is None": partial(
            test_cases.test_no_rules_deliver_on_half_an_agreement_or_on_none,
            forgotten="sign", refusing="countersign",
        ),
        "_agreement: row is None": partial(
            test_cases.test_no_rules_deliver_on_half_an_agreement_or_on_none,
            forgotten="agree", refusing="sign",
        ),
        "_grant_again: not rules.may_restore(decided.happened.seat, suspended.seat, regulation)":
            test_suspending.test_the_body_gives_back_what_it_suspended_and_not_what_the_authority_did,
        f"_grant_again: {BREACH}(row.grant, rules.stands)":
            test_suspending.test_what_was_suspended_waits_for_the_breach_that_is_inquired_into,
        f"{BREACH}: one.id != but and counts(one)":
            test_suspending.test_what_was_suspended_waits_for_the_breach_that_is_inquired_into,
        "_require_agreed_to_show: _answered(decided, 'show') != rules.YES":
            test_materials.test_materials_are_shown_only_where_who_handed_them_in_agreed,
        "_take_back: not gone":
            test_suspending.test_a_grant_whose_place_another_has_taken_is_not_shut_for_it,
        f"_restore_subject: {BREACH}(grant, rules.stands, but=decided.case.id)":
            test_suspending.test_a_breach_gives_nothing_back_that_another_has_shut_or_whose_case_has_ended,
        "_restore_subject: any((row.ended_at is not None for row in rows))":
            test_suspending.test_a_breach_gives_nothing_back_that_another_has_shut_or_whose_case_has_ended,
        f"{SUBMITTED}_answered(decided, 'attribute') not in (None, attribute.value)":
            test_listing.test_the_attribute_that_was_assessed_is_the_one_that_is_submitted,
        f"{SUBMITTED}asked is not None and asked.id != decided.case.procedure.id":
            test_listing.test_a_change_of_attribute_takes_its_own_procedure,
        f"{CHANGED}listed in (None, proposed)": partial(
            test_listing.test_nothing_is_slipped_through_the_procedure_for_attributes, listed=True
        ),
        f"{CHANGED}_answered(decided, 'change') not in (None, f'{{listed}}-{{proposed}}')":
            test_listing.test_the_change_of_an_attribute_is_the_one_that_was_said,
        "_attribute_listed: entry.listed_revision is None": partial(
            test_listing.test_nothing_is_slipped_through_the_procedure_for_attributes, listed=False
        ),
        "_proposed: entry.revision is None":
            test_listing.test_of_what_is_sealed_a_key_that_does_not_read_drafts_proposes_nothing,
    },
    filing: {
        "case_file_on_dataset: _require_about(entry.body, procedure, SubjectKind.DATASET)": ABOUT,
        "case_file_to_body: _require_about(body, procedure, SubjectKind.BODY)": ABOUT,
        "case_file_on_grant: _require_about(entry.body, procedure, SubjectKind.GRANT)": ABOUT,
        "_require_about: found.subject is not kind": ABOUT,
        "case_file_on_grant: given.grantee_kind is GranteeKind.PUBLIC":
            test_cases.test_what_everybody_may_read_is_nobodys_breach,
    },
    grants: {
        "grant_by_hand: found is not None": test_cases.test_where_rules_apply_nobody_grants_by_hand,
        "grant_revoke_by_hand: found is not None": BESIDE_ITS_CASE,
        "grant_revoke_by_hand: without dataplane_selectors.grant_overseen(grant, actor=actor)":
            BESIDE_ITS_CASE,
    },
    ending: {
        "cases_end_due: without ends_at__lte=moment,":
            test_cases.test_the_node_ends_a_case_when_its_period_of_use_is_over,
        "cases_end_due: without ~Exists(renewals),":
            test_renewal.test_the_grant_ends_later_once_both_have_signed_and_the_old_agreement_stays_readable,
    },
    bulk: {
        "cases_act: not actor.allows(Scope.CASES_HANDLE)": EACH_CASE,
        "_done: line.case is None": EACH_CASE,
        "_done: obstacle is not None": EACH_CASE,
    },
    bulk_asked: {
        "bulk_numbers: not 1 <= len(found) <= BULK_MOST": EACH_CASE,
        "_step_obstacle: act.procedure != case.procedure.id": EACH_CASE,
        "_step_obstacle: step is not None and (not casework.is_for_several(step))": EACH_CASE,
        "_step_obstacle: act.rules not in (None, (case.regulation.id, case.version))":
            test_bulk.test_a_step_of_one_version_of_the_rules_is_not_taken_by_the_words_of_another,
        "bulk_obstacle: isinstance(act, BulkAssignment)": TOGETHER,
        "bulk_obstacle: isinstance(act, BulkMessage)": TOGETHER,
    },
    computations: {
        "computation_submit: rules.require_submitter(actor)": NOT_SIGNED_IN,
        "computation_submit: _require_room(actor.person, dataset, entry.title_zh)":
            test_computations.test_too_many_are_refused_before_a_process_reads_the_program,
        "computation_submit: _require_room(actor.person, dataset, entry.title_zh) #2":
            test_computations.test_what_is_handed_in_while_another_is_read_counts,
        "computation_submit: without privacy.program_check(program, limits())":
            test_computations.test_what_is_no_query_is_not_handed_in,
        "computation_run: not _taken(computation)":
            test_computations.test_whichever_worker_takes_it_first_runs_it_and_no_other_does,
        f"computation_release: {WAITS} rules.RELEASE)": QUEUED,
        f"computation_withhold: {WAITS} rules.WITHHOLD)": QUEUED,
        "computation_download: rules.require_submitter(actor)": NOT_SIGNED_IN,
        "computation_download: row is None": QUEUED,
        "computation_download: without , submitter=actor.person": QUEUED,
        "computation_download: state is not ComputationState.RELEASED": QUEUED,
        "_keep: not _ends(row)": partial(GIVEN_UP, program=test_computations.COUNTS),
        "_keep: without the grant asked for once more":
            test_computations.test_a_result_is_not_kept_when_the_access_ended_while_it_was_worked_out,
        "_fail: not _ends(row)": partial(GIVEN_UP, program="SELECT 编号::DATE FROM data"),
        "_to_decide: row is None": QUEUED,
        "_to_decide: obstacle is not None": QUEUED,
        "_require_room: day >= settings.COMPUTATIONS_PER_DAY or waiting >= rules.OPEN_MOST": A_DAY,
        "_require_room: without the reason day >= settings.COMPUTATIONS_PER_DAY": A_DAY,
        "_require_room: without the reason waiting >= rules.OPEN_MOST":
            test_computations.test_there_are_only_so_many_that_wait,
    },
    computation_rules: {
        "require_submitter: actor.person is None": NOT_SIGNED_IN,
        "require_submitter: not actor.allows(Scope.ROWS_READ)": NOT_SIGNED_IN,
        "decided_bodies: not actor.allows(Scope.CASES_HANDLE)": decided(
            "key-lacks-scope", scopes=frozenset({Scope.ROWS_READ})
        ),
        "decided_bodies: actor.person is None or not bodies": NO_OFFICIAL,
        "decided_bodies: without the reason not bodies": NO_OFFICIAL,
        "decision_obstacle: body not in bodies":
            decided("not-permitted", body=test_computations.OTHER_BODY),
        "decision_obstacle: actor.person == submitter or organisation in actor.organisations":
            OWN_RESULT,
        "decision_obstacle: without the reason actor.person == submitter": OWN_RESULT,
        "decision_obstacle: without the reason organisation in actor.organisations":
            decided("computation-of-ones-own", also=test_computations.ENTERPRISE),
        "require_state: state not in allowed": QUEUED,
    },
}  # fmt: skip
"""By which test of the suite each guard is noticed when it is gone."""
GRANT_ASKED = """dataplane_selectors.computable(row.dataset, actor, timezone.now(), grant=grant_today(row))
        if not"""
MORE = (
    mutants.without(
        grants.grant_revoke_by_hand,
        "dataplane_selectors.grant_overseen(grant, actor=actor)",
    ),
    mutants.without(ending.cases_end_due, "ends_at__lte=moment, "),
    mutants.without(ending.cases_end_due, "~Exists(renewals), "),
    mutants.without(computations.computation_submit, "privacy.program_check(program, limits())"),
    mutants.without(computations.computation_download, ", submitter=actor.person"),
    mutants.without(computations._keep, GRANT_ASKED, "if not", "the grant asked for once more"),
)
"""What refuses without looking like it."""
_UNREAD = "what is not listed has no revision that everybody may read, and what is has one"
SAME = {
    "decided_bodies: without the reason actor.person is None": "who is no person works for no body",
    f"{APPLIED}without the reason entry.state is not EntryState.LISTED": _UNREAD,
    f"{APPLIED}without the reason entry.revision is None": _UNREAD,
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
