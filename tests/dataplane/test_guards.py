"""Guards of grants and of what is read under them: without any of them a test turns red; ``tests/opening/test_guards.py`` says how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from types import ModuleType

import pytest
from django.utils import timezone

from tests.casework import mutants
from tests.casework.mutants import Check, Mutant
from tests.dataplane import test_services_grants
from tests.dataplane.ingest.conftest import desk
from tests.dataplane.query import test_access
from tests.dataplane.test_services_grants import FIRST, conditional, hidden
from tests.parties.conftest import _cheap_hashing
from wushu.dataplane import access, rules, selectors, services
from wushu.dataplane.types import GranteeKind, Quota

__all__ = ["_cheap_hashing", "conditional", "desk"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BEGINNINGS: Mapping[ModuleType, tuple[str, ...]] = {
    access: ("",),
    selectors: ("grant", "terms_require"),
    services: ("grant_",),
    rules: (
        "require_grant", "require_revoker", "require_not_oneself", "require_extendable",
        "require_terms", "require_masks", "require_quota",
    ),
}  # fmt: skip
"""How functions of grants are called."""


@pytest.fixture(autouse=True)
def _home(node_home: object, _cheap_hashing: None) -> None:
    """Files of each test's own."""


def said(refusal: str, **changes: object) -> Check:
    """A grant that says too little or too much."""
    return partial(
        test_services_grants.test_a_grant_that_says_too_little_or_too_much_is_refused,
        changes=changes, refusal=refusal,
    )  # fmt: skip


STRANGER = test_services_grants.test_a_stranger_neither_writes_nor_revokes_grants
ONESELF = test_services_grants.test_nobody_grants_data_to_themselves_or_an_organisation_of_theirs
LONGER = test_services_grants.test_a_grant_in_force_is_made_longer_by_the_body_for_others_alone
BACK = test_services_grants.test_what_was_taken_back_is_given_back_by_who_oversees_it_and_no_longer
UNKNOWN, NO_COLUMNS = (said("grant-columns-unknown", columns=one) for one in (["不存在"], []))
NO_BASIS = said("grant-without-basis", basis=" ")
NO_FIELD = said("grant-mask-wrong", masks=[hidden("不存在")], columns=None)
NOT_GRANTED = said("grant-mask-wrong", masks=[hidden("名称")])
NO_QUOTA = said("grant-quota-wrong", quota=Quota(0, None))
_OVERSEEN = "rules.require_revoker(actor, entry.body, parties.organisation(entry.body).division)"
_PERIOD = "valid_from=valid_from, valid_until=valid_until"
NO_GRANT = test_access.test_without_a_grant_rows_are_refused_with_the_conditions
NOT_THE_NEWEST = (
    test_access.test_what_was_listed_under_another_attribute_is_not_public_with_the_newest
)
ONE_OF_THEIRS = test_access.test_a_reader_can_name_one_of_their_grants_but_nobody_elses
NOT_LISTED = test_access.test_a_dataset_that_is_not_listed_is_read_by_nobody
NOT_OVERSEEN = test_services_grants.test_a_key_that_does_not_read_rows_lists_no_grants_and_what_is_not_there_is_overseen_by_nobody
AGREED = test_services_grants.test_terms_are_agreed_on_of_what_is_listed
NOTICED: Mapping[ModuleType, Mapping[str, Check]] = {
    access: {
        "decide: chosen is None": NO_GRANT,
        "decide: choose(candidates, grant) is not None":
            test_access.test_rows_and_results_are_delivered_under_a_grant_of_the_same,
        "decide: any((one.public for one in in_force)) and (not candidates)": NOT_THE_NEWEST,
        "decide: candidates": ONE_OF_THEIRS,
        "_opens: grant.public": NOT_THE_NEWEST,
        "choose: wanted is not None": ONE_OF_THEIRS,
        "choose: len(grants) < 2": NO_GRANT,
        "_require_readable: not rows": test_access.test_an_unknown_dataset_is_not_found,
        "_require_readable: state == 'sealed'":
            partial(NOT_LISTED, state="sealed", name="dataset-sealed", status=451),
        "_require_readable: state == 'withdrawn' and found[4] is not None":
            partial(NOT_LISTED, state="withdrawn", name="dataset-withdrawn", status=410),
        "_require_readable: state != 'listed'":
            partial(NOT_LISTED, state="in_review", name="dataset-not-found", status=404),
        "_require_readable: found[6] is None": test_access.test_an_entry_without_data_says_so,
        "_require_readable: version is not None":
            test_access.test_only_versions_that_were_listed_can_be_asked_for,
        "_why_not: actor is not None and reader is None":
            test_access.test_a_key_without_the_scope_is_nobody,
        "_why_not: revoked_at is not None": test_access.test_a_revoked_grant_says_when_and_why,
        "_why_not: valid_until is not None and (moment(valid_until) or now) <= now":
            test_access.test_a_grant_counts_only_from_its_beginning_to_its_end,
    },
    selectors: {
        "grant_overseen: dataset is None": NOT_OVERSEEN,
        "grants_held: not actor.allows(Scope.ROWS_READ)": NOT_OVERSEEN,
        f"grants_of: {_OVERSEEN}": STRANGER,
        "terms_require: entry.revision is None": AGREED,
        "terms_require: rules.require_terms(entry.revision.fields, columns, row_filter, masks, quota)":
            AGREED,
    },
    services: {
        "grant_write: rules.require_grant_writer(actor, entry.body)": STRANGER,
        "grant_write: rules.require_not_oneself(actor, kind, grantee)": ONESELF,
        f"grant_write: rules.require_grant(kind, grantee, basis=basis, {_PERIOD})": NO_BASIS,
        "grant_write: rules.require_terms(bound.fields, columns, row_filter, masks, quota)": UNKNOWN,
        "grant_extend: row is None": LONGER,
        "grant_extend: rules.require_grant_writer(actor, entry.body)": LONGER,
        "grant_extend: rules.require_not_oneself(actor, kind, row.grantee)": LONGER,
        "grant_extend: rules.require_grant(kind, row.grantee, basis=basis, valid_from=row.valid_from, valid_until=valid_until)": LONGER,
        "grant_extend: rules.require_extendable(row.valid_until, valid_until, now=now, revoked=row.revoked_at is not None)": LONGER,
        "grant_revoke: not reason.strip()": STRANGER,
        "grant_revoke: row is None": BACK,
        f"grant_revoke: {_OVERSEEN}": STRANGER,
        "grant_revoke: row.grantee_kind == GranteeKind.PUBLIC.value":
            test_services_grants.test_a_grant_to_the_public_is_written_by_listing_alone,
        "grant_revoke: row.revoked_at is not None":
            test_services_grants.test_a_grant_is_written_and_revoked_on_the_record,
        "grant_restore: row is None": BACK,
        f"grant_restore: {_OVERSEEN}": BACK,
        "grant_restore: rules.require_grant(GranteeKind(row.grantee_kind), row.grantee, basis=basis, valid_from=now, valid_until=row.valid_until)": BACK,
    },
    rules: {
        "require_grant_writer: not may_load(actor, body)": STRANGER,
        "require_revoker: not may_revoke(actor, body, division)": STRANGER,
        "require_not_oneself: grantee is not None and grantee in mine": ONESELF,
        "require_grant: kind is GranteeKind.PUBLIC":
            said("public-grant-refused", grantee_kind=GranteeKind.PUBLIC),
        "require_grant: grantee is None": said("grantee-wrong", grantee=None),
        "require_grant: not basis": NO_BASIS,
        "require_grant: not _DECISION.fullmatch(basis)":
            said("grant-basis-not-a-urn", basis="经张三同意"),
        "require_grant: valid_until is not None and valid_until <= valid_from": said(
            "grant-period-wrong", valid_until=timezone.now() - timedelta(days=1)
        ),
        "require_extendable: reason is not None": LONGER,
        "require_terms: unknown or (columns is not None and (not columns))": UNKNOWN,
        "require_terms: without the reason unknown": UNKNOWN,
        "require_terms: without the reason columns is not None and (not columns)": NO_COLUMNS,
        "require_terms: require_masks([mask_of(one) for one in masks], fields, columns, filtered)":
            NO_FIELD,
        "require_terms: require_quota(quota)": NO_QUOTA,
        "require_masks: field is None or (columns is not None and one.column not in columns)":
            NOT_GRANTED,
        "require_masks: without the reason field is None": NO_FIELD,
        "require_masks: without the reason columns is not None and one.column not in columns":
            NOT_GRANTED,
        "require_masks: one.column in seen":
            said("grant-mask-wrong", masks=[hidden("编号"), hidden("编号")]),
        "require_masks: one.column in filtered":
            said("grant-mask-wrong", masks=[hidden("编号")], row_filter=[FIRST]),
        "require_masks: fault is not None":
            said("grant-mask-wrong", masks=[hidden("编号", "month")]),
        "require_quota: any((n is not None and (not 0 < n < QUOTA_MOST) for n in (quota.rows, quota.requests)))":
            NO_QUOTA,
    },
}  # fmt: skip
"""By which test of the suite each guard is noticed when it is gone."""
SAME = {
    "grant_write: entry.revision is None": "who writes grants of a body reads its drafts",
}
"""What can be left out without a difference, and why."""


def guards_of(module: ModuleType) -> dict[str, Mutant]:
    found = mutants.all_of(module).items()
    return {name: one for name, one in found if name.startswith(BEGINNINGS[module])}


@pytest.mark.parametrize("module", NOTICED, ids=lambda one: one.__name__)
def test_every_guard_names_the_test_that_notices_when_it_is_gone(module: ModuleType) -> None:
    guards = guards_of(module).keys() - SAME.keys()
    assert guards - NOTICED[module].keys() == set(), "name a test, or write it"
    assert NOTICED[module].keys() - guards == set(), "these are no guards any more"


@pytest.mark.rota(4)
@pytest.mark.parametrize(("module", "noticed"), mutants.parts(NOTICED))
def test_a_test_turns_red_for_each_guard_that_is_taken_out(
    module: ModuleType, noticed: Mapping[str, Check], request: pytest.FixtureRequest
) -> None:
    assert mutants.unnoticed(guards_of(module), noticed, request) == []
