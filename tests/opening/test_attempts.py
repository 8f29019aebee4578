"""Who may do what with cases, rules and notices: every service tried by everybody, each outcome declared.

Services are enumerated from what the apps offer: one that is neither tried here nor named with the
tests that try it fails. What is refused leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from tests.casework.conftest import bureau, node
from tests.casework.test_turns import invented
from tests.opening.attempting import everybody, gone_wrong, services_with_an_actor, untried
from tests.opening.test_cases import Office, office
from wushu.casework import selectors as casework
from wushu.casework import services as cases
from wushu.casework.types import CaseView
from wushu.opening import services
from wushu.opening.types import Component, IncidentStage
from wushu.parties.types import Actor

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """An application in review on which experts were asked, and everybody who might try something."""

    office: Office
    case: CaseView
    again: CaseView
    cast: dict[str, Actor]
    adoption: UUID
    incident: UUID
    year: dict[str, Any]
    """Of an assessment."""


Try = Callable[[Scene, Actor], object]


def _file(scene: Scene, by: Actor) -> object:
    return scene.office.apply(by)


TRIES: dict[str, Try] = {
    "casework.adoption_end": lambda s, by: cases.adoption_end(
        actor=by, adoption=s.adoption, ends=timezone.localdate()
    ),
    "casework.case_advise": lambda s, by: cases.case_advise(actor=by, case=s.case.id, opinion="可"),
    "casework.case_assign": lambda s, by: cases.case_assign(
        actor=by, case=s.case.id, person=s.cast["examiner"].person
    ),
    "casework.case_merge": lambda s, by: cases.case_merge(
        actor=by, case=s.again.id, into=s.case.id
    ),
    "casework.case_refer": lambda s, by: cases.case_refer(actor=by, case=s.case.id, question="？"),
    "casework.case_write": lambda s, by: cases.case_write(actor=by, case=s.case.id, text="您好"),
    "casework.cases_hand_over": lambda s, by: cases.cases_hand_over(
        actor=by, cases=[s.case.id], organisation=s.office.bureau.transport.id,
        leaver=s.cast["head"].person, successor=s.cast["clerk"].person,
    ),
    "casework.notice_publish": lambda s, by: cases.notice_publish(
        actor=by, text=invented(date(2099, 2, 9)), file="notice.toml"
    ),
    "casework.regulation_adopt": lambda s, by: cases.regulation_adopt(
        actor=by, version=casework.published()[0].id, division="320505",
        begins=timezone.localdate(), ends=None, decision="决定", beyond="继续参照",
    ),
    "casework.regulation_publish": lambda s, by: cases.regulation_publish(
        actor=by, document=casework.read_folder(casework.REGULATIONS / QINGDAO), file=QINGDAO
    ),
    "opening.assessment_begin": lambda s, by: services.assessment_begin(actor=by, **s.year),
    "opening.assessment_publish": lambda s, by: services.assessment_publish(actor=by, **s.year),
    "opening.survey_enter": lambda s, by: services.survey_enter(
        actor=by, **s.year, body=s.office.bureau.transport.id, indicator="none", value=1.0, source="某"
    ),
    "opening.case_file_on_dataset": _file,
    "opening.case_file_to_body": lambda s, by: services.case_file_to_body(
        actor=by, body=s.office.bureau.transport.id, procedure="outside-catalogue", step="ask",
        organisation=None, values={"title": "公交", "need": "刷卡量", "purpose": "研究"},
    ),
    "opening.case_take": lambda s, by: s.office.take(s.case, "pass", by),
    "opening.favourite_add": lambda s, by: services.favourite_add(
        actor=by, dataset=s.office.dataset
    ),
    "opening.favourite_remove": lambda s, by: services.favourite_remove(
        actor=by, dataset=s.office.dataset
    ),
    "opening.incident_open": lambda s, by: services.incident_open(
        actor=by, title_zh="检修", text_zh="检修", components=list(Component)[:1]
    ),
    "opening.incident_update": lambda s, by: services.incident_update(
        actor=by, incident=s.incident, stage=IncidentStage.INVESTIGATING, text_zh="在查"
    ),
    "opening.incident_close": lambda s, by: services.incident_close(
        actor=by, incident=s.incident, text_zh="好了"
    ),
    "opening.staff_transfer": lambda s, by: services.staff_transfer(
        actor=by, person=s.cast["clerk"].person, organisation=s.office.bureau.transport.id,
        successor=s.cast["head and clerk"].person,
    ),
}  # fmt: skip
QINGDAO = "qingdao-public-data-management-2024"

FILER, KEY, NODE, EXPERT, OPERATOR = {"filer"}, {"filer's key"}, {"node"}, {"expert"}, {"operator"}
BODY, BOTH, AUTHORITY = (
    {"clerk", "head", "head and clerk"},
    {"examiner in the body"},
    {"examiner", "province"},
)
APART = {"clerk next door", "elsewhere", "somebody"}
"""Officials of other bodies and places, and who has no role."""
STRANGERS = APART | KEY | OPERATOR | {"colleague"}
OFFICIALS = BODY | BOTH | AUTHORITY
GOVERNING = AUTHORITY | BOTH
USERS = FILER | {"colleague"}
EVERYBODY = STRANGERS | OFFICIALS | FILER | NODE | EXPERT
OUTCOMES: dict[str, dict[str, set[str]]] = {
    "casework.adoption_end": {"": GOVERNING, "adoption-not-yours": EVERYBODY - GOVERNING},
    "casework.case_advise": {
        "": EXPERT, "own-case": FILER, "not-found": STRANGERS, "not-in-seat": OFFICIALS | NODE,
    },
    "casework.case_assign": {
        "": AUTHORITY, "assignee-not-seated": BODY | BOTH, "own-case": FILER,
        "not-found": STRANGERS, "not-in-seat": EXPERT | NODE,
    },
    "casework.case_merge": {
        "": OFFICIALS, "own-case": FILER, "not-found": STRANGERS | EXPERT, "not-in-seat": NODE,
    },
    "casework.case_refer": {
        "": OFFICIALS, "own-case": FILER, "not-found": STRANGERS, "not-in-seat": EXPERT | NODE,
    },
    "casework.case_write": {
        "": OFFICIALS | FILER, "not-found": STRANGERS, "not-in-seat": EXPERT | NODE,
    },
    "casework.cases_hand_over": {
        "": GOVERNING | OPERATOR | NODE, "key-cannot-manage": KEY,
        "not-governing": BODY | USERS | APART | EXPERT,
    },
    "casework.notice_publish": {"": NODE, "node-only": EVERYBODY - NODE},
    "casework.regulation_adopt": {"": GOVERNING, "adoption-not-yours": EVERYBODY - GOVERNING},
    "casework.regulation_publish": {"": NODE, "node-only": EVERYBODY - NODE},
    "opening.assessment_begin": {"": GOVERNING, "not-permitted": EVERYBODY - GOVERNING},
    "opening.assessment_publish": {"not-found": GOVERNING, "not-permitted": EVERYBODY - GOVERNING},
    "opening.survey_enter": {"invalid-value": GOVERNING, "not-permitted": EVERYBODY - GOVERNING},
    "opening.case_file_on_dataset": {
        "": USERS, "key-lacks-scope": KEY, "file-for-whom": EVERYBODY - USERS - KEY,
    },
    "opening.case_file_to_body": {
        "": USERS, "key-lacks-scope": KEY, "file-for-whom": EVERYBODY - USERS - KEY,
    },
    "opening.case_take": {
        "": AUTHORITY, "own-case": FILER, "not-found": STRANGERS,
        "not-in-seat": BODY | BOTH | EXPERT | NODE,
    },
    "opening.favourite_add": {"": EVERYBODY - KEY - NODE, "sign-in-first": KEY | NODE},
    "opening.favourite_remove": {"": EVERYBODY - KEY - NODE, "sign-in-first": KEY | NODE},
    "opening.incident_open": {"": OPERATOR | NODE, "not-permitted": EVERYBODY - OPERATOR - NODE},
    "opening.incident_update": {"": OPERATOR | NODE, "not-permitted": EVERYBODY - OPERATOR - NODE},
    "opening.incident_close": {"": OPERATOR | NODE, "not-permitted": EVERYBODY - OPERATOR - NODE},
    "opening.staff_transfer": {
        "nothing-to-transfer": GOVERNING | OPERATOR | NODE, "key-cannot-manage": KEY,
        "not-governing": BODY | USERS | APART | EXPERT,
    },
}  # fmt: skip
"""As what each is refused, and who is; under "" who is not."""
_EXPLORED = "tests/casework/test_real_exploration.py::test_nobody_can_do_what_the_rules_do_not_give_them_and_everybody_what_they_do"
_PLANS, _NEEDS, _RESULTS = (
    f"tests/opening/test_{one}.py::" for one in ("plans", "needs", "results")
)
_DECIDED = f"{_RESULTS}test_only_the_authority_and_the_operator_decide"
_ANOTHERS = f"{_RESULTS}test_anothers_result_is_as_if_it_were_not_there"
_COMMENTS = (
    "tests/opening/test_ratings.py::test_a_comment_is_decided_on_by_another_who_governs_the_body"
)
_RATINGS = "tests/opening/test_ratings.py::test_nobody_rates_what_their_own_body_opens"
_CALLS = f"{_NEEDS}test_only_the_authority_of_the_place_calls_looks_and_hands_over"
_WRITES = f"{_PLANS}test_only_the_bodys_own_clerks_write_its_plan"
_DECIDES = f"{_PLANS}test_nobody_decides_on_a_plan_of_their_own_or_out_of_their_region"
_CONTESTS = (
    "tests/opening/test_contests.py::test_authorities_and_bodies_hold_contests_and_nobody_else"
)
_COMPUTED = "tests/opening/test_computations.py::test_only_another_official_of_the_body_decides_and_only_who_submitted_it_is_delivered"
_ENTRIES = (
    "tests/opening/test_contests.py::test_only_ones_own_published_result_on_the_theme_is_entered"
)
_FOLLOWS = "tests/opening/test_mail.py::test_nobody_sees_or_ends_anothers_subscription"
ELSEWHERE = {
    "casework.case_open": _EXPLORED,
    "casework.case_step": _EXPLORED,
    "opening.assessment_comment": "tests/opening/test_assessments.py::test_its_bodies_see_it_before_it_is_public_and_comment",
    "opening.computation_download": _COMPUTED,
    "opening.computation_release": _COMPUTED,
    "opening.computation_submit": "tests/opening/test_computations.py::test_who_may_read_the_rows_hands_in_no_program",
    "opening.computation_withhold": _COMPUTED,
    "opening.contest_announce": _CONTESTS,
    "opening.cases_act": "tests/opening/test_bulk.py::test_each_case_is_asked_for_done_and_recorded_by_itself",
    "opening.contest_award": _CONTESTS,
    "opening.contest_change": "tests/opening/test_contests.py::test_its_holder_corrects_its_words_and_makes_its_last_day_later_in_the_open",
    "opening.contest_enter": _ENTRIES,
    "opening.contest_leave": _ENTRIES,
    "opening.call_open": _CALLS,
    "opening.case_file_on_grant": "tests/opening/test_cases.py::test_a_breach_is_inquired_into_by_who_oversees_the_access_alone",
    "opening.case_notices_read": "tests/opening/test_case_notices.py::test_a_key_for_rows_alone_reads_no_notices",
    "opening.comment_publish": _COMMENTS,
    "opening.comment_return": _COMMENTS,
    "opening.comment_take_down": _COMMENTS,
    "opening.grant_by_hand": "tests/opening/test_cases.py::test_where_rules_apply_nobody_grants_by_hand",
    "opening.grant_revoke_by_hand": "tests/opening/test_governing.py::test_access_in_use_is_not_revoked_beside_its_case",
    "opening.need_answer": f"{_NEEDS}test_the_body_it_was_handed_to_answers_and_names_the_dataset_or_the_planned_item",
    "opening.need_decline": _CALLS,
    "opening.need_file_case": f"{_NEEDS}test_who_wrote_a_need_can_have_the_body_answer_it_within_the_laws_limit",
    "opening.need_hand_over": _CALLS,
    "opening.need_publish": _CALLS,
    "opening.need_submit": f"{_NEEDS}test_a_key_is_for_what_its_scopes_say",
    "opening.need_support": f"{_NEEDS}test_nobody_decides_on_their_own_need_or_supports_it",
    "opening.plan_accept": _DECIDES,
    "opening.plan_draft": _WRITES,
    "opening.plan_link": _WRITES,
    "opening.plan_return": _DECIDES,
    "opening.plan_submit": _WRITES,
    "opening.rating_give": _RATINGS,
    "opening.rating_withdraw": "tests/opening/test_ratings.py::test_a_key_needs_the_scope",
    "opening.result_file": f"{_RESULTS}test_a_key_does_what_its_scopes_say",
    "opening.result_mend": _ANOTHERS,
    "opening.result_publish": _DECIDED,
    "opening.result_return": _DECIDED,
    "opening.result_take_down": _DECIDED,
    "opening.result_withdraw": _ANOTHERS,
    "opening.subscription_ask_again": _FOLLOWS,
    "opening.subscription_end": _FOLLOWS,
    "opening.subscription_open": "tests/opening/test_mail.py::test_subscriptions_go_with_the_account",
}
"""Services whose roles other tests try."""


@pytest.fixture
def scene(office: Office) -> Scene:
    """Everybody tries on the same case."""
    bureau = office.bureau
    cast = everybody(bureau)
    case, again = office.apply(cast["filer"]), office.apply(cast["filer"])
    cases.case_refer(actor=bureau.examiner, case=case.id, question="请论证")
    incident = services.incident_open(
        actor=cast["operator"], title_zh="检修", text_zh="检修", components=list(Component)[:1]
    )
    year = {"division": bureau.authority.division, "year": timezone.localdate().year - 1}
    return Scene(office, case, again, cast, casework.adoptions()[0].id, incident.id, year)


def test_every_service_is_tried_by_everybody():
    assert untried(services_with_an_actor(cases, services), TRIES, OUTCOMES, ELSEWHERE) == []


@pytest.mark.parametrize("service", TRIES)
def test_each_does_what_is_theirs_and_whatever_is_refused_leaves_nothing_behind(
    scene: Scene, service: str
):
    act = partial(TRIES[service], scene)
    outcomes = OUTCOMES[service]
    assert gone_wrong(service, act, scene.cast, outcomes, "casework", "opening") == []
