"""What users made of the data: asked for as a task of theirs, and shown where they agreed."""

from __future__ import annotations

import pytest

from tests.casework.conftest import bureau, node
from tests.opening.test_cases import Office, office, refused
from wushu.casework import selectors as casework
from wushu.casework.types import CaseView, Paper
from wushu.opening import selectors, services

__all__ = ["bureau", "node", "office"]

pytestmark = pytest.mark.django_db

HANDED = {"title": "停车诱导", "form": "paper", "use": "写了论文", "cites": True}
PAPER = [Paper("material", "论文.txt", b"paper")]


def hand_in(office: Office, show: str) -> CaseView:
    made = services.case_file_on_dataset(
        actor=office.bureau.user, dataset=office.dataset, procedure="result-materials",
        step="hand-in", organisation=None, values={**HANDED, "show": show}, papers=PAPER,
    )  # fmt: skip
    return office.take(made, "accept", office.bureau.clerk)


def test_who_is_asked_for_materials_has_a_task_of_their_own(office: Office) -> None:
    user, examiner = office.bureau.user, office.bureau.examiner
    case = office.in_use()
    office.take(case, "request-results", examiner, what="论文全文")
    line = next(one for one in casework.cases_filed(actor=user) if one.turn == "user")
    task = casework.case(line.id, actor=user)
    assert (task.procedure.id, task.state.turn) == ("result-materials", "user")
    assert task.history[0].values == {"case": case.number, "what": "论文全文"}
    with refused("not-found"):
        casework.case(task.id, actor=office.bureau.other_user)
    with refused("own-case"):
        office.take(task, "accept", user)
    services.case_take(
        actor=user, case=task.id, step="provide", values={**HANDED, "show": "yes"}, papers=PAPER
    )
    office.take(task, "accept", office.bureau.clerk)
    office.take(task, "show", examiner, text="停车诱导")
    assert casework.case(case.id, actor=user).state.id == "in-use"


def test_nobody_begins_such_a_task_but_by_asking_in_the_case(office: Office) -> None:
    for by, whom in ((office.bureau.clerk, office.bureau.transport.id), (office.bureau.user, None)):
        with refused("file-for-whom"):
            services.case_file_on_dataset(
                actor=by, dataset=office.dataset, procedure="result-materials", step="ask",
                organisation=whom, values={"case": "x", "what": "x"},
            )  # fmt: skip
    body = office.bureau.transport.id
    assert selectors.first_step(body, "result-materials", actor=office.bureau.user).id == "hand-in"


def test_materials_are_shown_only_where_who_handed_them_in_agreed(office: Office) -> None:
    with refused("not-to-be-shown"):
        office.take(hand_in(office, "no"), "show", office.bureau.clerk, text="某成果")
    shown = office.take(hand_in(office, "yes"), "show", office.bureau.clerk, text="某成果")
    assert shown.happened("show") is not None
