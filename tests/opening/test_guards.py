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
from tests.casework.mutants import Check, Mutant
from tests.opening import (
    test_cases,
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
from wushu.opening.services import cases as filing
from wushu.opening.services import effects

__all__ = ["bureau", "clerk", "draft", "node", "office"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]

APPLIED, RENEWED, BREACH = "_require_conditional: ", "_require_longer: ", "_require_no_breach"
SUBMITTED, CHANGED = "_submit_entry: ", "_submit_attribute: "
ABOUT = test_cases.test_a_case_is_about_what_its_procedure_is_about
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
}  # fmt: skip
"""By which test of the suite each guard is noticed when it is gone."""
MORE: tuple[Mutant, ...] = ()
"""What refuses without looking like it."""
_UNREAD = "what is not listed has no revision that everybody may read, and what is has one"
SAME = {
    f"{APPLIED}without the reason entry.state is not EntryState.LISTED": _UNREAD,
    f"{APPLIED}without the reason entry.revision is None": _UNREAD,
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
