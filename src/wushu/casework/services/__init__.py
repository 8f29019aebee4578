"""Writes of casework."""

from wushu.casework.services.advising import case_advise, case_refer
from wushu.casework.services.answers import answers_recount
from wushu.casework.services.assigning import case_assign, cases_hand_over
from wushu.casework.services.cases import Given, case_begin, case_open, case_step
from wushu.casework.services.lapsing import cases_lapse
from wushu.casework.services.merging import case_merge
from wushu.casework.services.notices import notice_publish
from wushu.casework.services.regulations import adoption_end, regulation_adopt, regulation_publish
from wushu.casework.services.turns import turns_recount, turns_watch
from wushu.casework.services.writing import case_write

__all__ = [
    "Given",
    "adoption_end",
    "answers_recount",
    "case_advise",
    "case_assign",
    "case_begin",
    "case_merge",
    "case_open",
    "case_refer",
    "case_step",
    "case_write",
    "cases_hand_over",
    "cases_lapse",
    "notice_publish",
    "regulation_adopt",
    "regulation_publish",
    "turns_recount",
    "turns_watch",
]
