"""Writes of this app."""

from __future__ import annotations

from wushu.opening.services.assessments import (
    assessment_begin,
    assessment_comment,
    assessment_publish,
    survey_enter,
)
from wushu.opening.services.bulk import cases_act
from wushu.opening.services.case_notices import case_notices_read, case_notices_take
from wushu.opening.services.cases import (
    case_file_on_dataset,
    case_file_on_grant,
    case_file_to_body,
    case_take,
)
from wushu.opening.services.computations import (
    computation_download,
    computation_release,
    computation_run,
    computation_submit,
    computation_withhold,
    computations_resume,
)
from wushu.opening.services.contests import (
    contest_announce,
    contest_award,
    contest_change,
    contest_enter,
    contest_leave,
)
from wushu.opening.services.delivering import notices_send
from wushu.opening.services.ending import cases_end_due
from wushu.opening.services.events import events_fan_out, events_take
from wushu.opening.services.favourites import favourite_add, favourite_remove
from wushu.opening.services.grants import grant_by_hand, grant_revoke_by_hand
from wushu.opening.services.incidents import incident_close, incident_open, incident_update
from wushu.opening.services.needs import (
    call_open,
    need_answer,
    need_decline,
    need_file_case,
    need_hand_over,
    need_publish,
    need_submit,
    need_support,
)
from wushu.opening.services.plans import (
    plan_accept,
    plan_draft,
    plan_link,
    plan_return,
    plan_submit,
)
from wushu.opening.services.ratings import (
    comment_publish,
    comment_return,
    comment_take_down,
    rating_give,
    rating_withdraw,
)
from wushu.opening.services.results import (
    result_file,
    result_mend,
    result_publish,
    result_return,
    result_take_down,
    result_withdraw,
)
from wushu.opening.services.subscriptions import (
    subscription_ask_again,
    subscription_confirm,
    subscription_end,
    subscription_end_by_link,
    subscription_open,
)
from wushu.opening.services.sweeping import belongings_sweep, demand_refresh
from wushu.opening.services.transfer import staff_transfer

__all__ = [
    "assessment_begin",
    "assessment_comment",
    "assessment_publish",
    "belongings_sweep",
    "call_open",
    "case_file_on_dataset",
    "case_file_on_grant",
    "case_file_to_body",
    "case_notices_read",
    "case_notices_take",
    "case_take",
    "cases_act",
    "cases_end_due",
    "comment_publish",
    "comment_return",
    "comment_take_down",
    "computation_download",
    "computation_release",
    "computation_run",
    "computation_submit",
    "computation_withhold",
    "computations_resume",
    "contest_announce",
    "contest_award",
    "contest_change",
    "contest_enter",
    "contest_leave",
    "demand_refresh",
    "events_fan_out",
    "events_take",
    "favourite_add",
    "favourite_remove",
    "grant_by_hand",
    "grant_revoke_by_hand",
    "incident_close",
    "incident_open",
    "incident_update",
    "need_answer",
    "need_decline",
    "need_file_case",
    "need_hand_over",
    "need_publish",
    "need_submit",
    "need_support",
    "notices_send",
    "plan_accept",
    "plan_draft",
    "plan_link",
    "plan_return",
    "plan_submit",
    "rating_give",
    "rating_withdraw",
    "result_file",
    "result_mend",
    "result_publish",
    "result_return",
    "result_take_down",
    "result_withdraw",
    "staff_transfer",
    "subscription_ask_again",
    "subscription_confirm",
    "subscription_end",
    "subscription_end_by_link",
    "subscription_open",
    "survey_enter",
]
