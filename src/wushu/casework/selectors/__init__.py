"""Reads of casework: regulations, cases, the work calendar, and clocks counted by it."""

from wushu.casework.drawing import (
    LimitRow,
    StateRow,
    StepRow,
    flow_chart,
    limit_rows,
    state_rows,
    step_rows,
    tables_as_text,
)
from wushu.casework.files import REGULATIONS, read_folder, regulation_folders
from wushu.casework.rules.articles import article_words
from wushu.casework.rules.cases import ground_words, is_filing_office, is_for_several
from wushu.casework.rules.clock import local_day
from wushu.casework.rules.officials import experts as expert_seats
from wushu.casework.rules.officials import offices as office_seats
from wushu.casework.rules.officials import officials as official_seats
from wushu.casework.rules.regulations import faults as regulation_faults
from wushu.casework.rules.regulations import regulation_of
from wushu.casework.rules.saying import answer_words, public_fields
from wushu.casework.rules.telling import WORDS as HAPPENED_WORDS
from wushu.casework.selectors.about import cases_about, open_case_about
from wushu.casework.selectors.cases import (
    Filter,
    OfficeFilter,
    case,
    case_by_number,
    cases_filed,
    filed_page,
    inbox,
    inbox_page,
    inbox_size,
    office_page,
    paper,
    public_case,
    public_cases,
    public_page,
)
from wushu.casework.selectors.counting import (
    clock,
    keeps_notices,
    notice,
    notice_faults,
    notice_files,
    notice_text,
    shipped_calendar,
    work_calendar,
)
from wushu.casework.selectors.figures import case_figures, closed_in_time
from wushu.casework.selectors.governing import open_case_of, open_case_that_did
from wushu.casework.selectors.office import (
    assigning_obstacle,
    cases_in_charge,
    cases_like,
    cases_referred,
    colleagues,
    filing_for,
    runs_counter,
    step_obstacle,
    writing_obstacle,
)
from wushu.casework.selectors.papers import paper_faults
from wushu.casework.selectors.publishing import published_page
from wushu.casework.selectors.recurring import last_answers, under_way
from wushu.casework.selectors.regulations import (
    adoptions,
    all_applying,
    applying,
    document,
    priorities,
    procedures_known,
    published,
    regulation,
)
from wushu.casework.selectors.telling import news_of
from wushu.casework.selectors.versions import published_version

__all__ = [
    "HAPPENED_WORDS",
    "REGULATIONS",
    "Filter",
    "LimitRow",
    "OfficeFilter",
    "StateRow",
    "StepRow",
    "adoptions",
    "all_applying",
    "answer_words",
    "applying",
    "article_words",
    "assigning_obstacle",
    "case",
    "case_by_number",
    "case_figures",
    "cases_about",
    "cases_filed",
    "cases_in_charge",
    "cases_like",
    "cases_referred",
    "clock",
    "closed_in_time",
    "colleagues",
    "document",
    "expert_seats",
    "filed_page",
    "filing_for",
    "flow_chart",
    "ground_words",
    "inbox",
    "inbox_page",
    "inbox_size",
    "is_filing_office",
    "is_for_several",
    "keeps_notices",
    "last_answers",
    "limit_rows",
    "local_day",
    "news_of",
    "notice",
    "notice_faults",
    "notice_files",
    "notice_text",
    "office_page",
    "office_seats",
    "official_seats",
    "open_case_about",
    "open_case_of",
    "open_case_that_did",
    "paper",
    "paper_faults",
    "priorities",
    "procedures_known",
    "public_case",
    "public_cases",
    "public_fields",
    "public_page",
    "published",
    "published_page",
    "published_version",
    "read_folder",
    "regulation",
    "regulation_faults",
    "regulation_folders",
    "regulation_of",
    "runs_counter",
    "shipped_calendar",
    "state_rows",
    "step_obstacle",
    "step_rows",
    "tables_as_text",
    "under_way",
    "work_calendar",
    "writing_obstacle",
]
