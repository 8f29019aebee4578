"""Who filed and who decides write to each other; officials note among themselves."""

from __future__ import annotations

import pytest

from tests.casework.conftest import Bureau
from tests.casework.test_cases import refused
from wushu.casework import selectors, services
from wushu.casework.models import CaseEvent
from wushu.casework.types import CaseView, HappenedKind
from wushu.evidence import selectors as evidence
from wushu.evidence.models import Entry
from wushu.parties.types import NODE, Actor

pytestmark = pytest.mark.django_db


def said(case: CaseView, actor: Actor) -> list[tuple[str, str]]:
    """What somebody reads that is no step."""
    history = selectors.case(case.id, actor=actor).history
    return [(one.kind.value, one.text) for one in history if one.kind is not HappenedKind.STEP]


def test_both_sides_read_messages_and_only_officials_read_notes(bureau: Bureau) -> None:
    case = bureau.file()
    services.case_write(actor=bureau.examiner, case=case.id, text="  请说明用途。\r\n谢谢 ")
    services.case_write(actor=bureau.user, case=case.id, text="用于课题")
    services.case_write(
        actor=bureau.clerk, case=case.id, text="与去年的申请相同", among_officials=True
    )
    messages = [("message", "请说明用途。\n谢谢"), ("message", "用于课题")]
    assert said(case, bureau.user) == messages
    for official in (bureau.examiner, bureau.clerk):
        assert said(case, official) == [*messages, ("note", "与去年的申请相同")]


def test_strangers_write_nothing_and_who_filed_no_notes(bureau: Bureau) -> None:
    case = bureau.file()
    for stranger in (bureau.stranger, bureau.other_user):
        for among in (False, True):
            with refused("not-found"):
                services.case_write(
                    actor=stranger, case=case.id, text="你好", among_officials=among
                )
    with refused("own-case"):
        services.case_write(actor=bureau.user, case=case.id, text="备注", among_officials=True)
    with refused("not-in-seat"):
        services.case_write(actor=NODE, case=case.id, text="备注", among_officials=True)
    with refused("not-in-seat"):
        services.case_write(actor=NODE, case=case.id, text="你好")
    assert CaseEvent.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "字" * 5001])
def test_a_message_says_something_and_is_no_book(bureau: Bureau, text: str) -> None:
    case = bureau.file()
    with refused("answer-wrong"):
        services.case_write(actor=bureau.user, case=case.id, text=text)
    services.case_write(actor=bureau.user, case=case.id, text="字" * 5000)


def test_steps_and_limits_go_on_as_if_nothing_was_said(bureau: Bureau) -> None:
    case = bureau.file()
    before = selectors.case(case.id, actor=bureau.examiner)
    services.case_write(actor=bureau.user, case=case.id, text="请尽快")
    after = selectors.case(case.id, actor=bureau.examiner)
    assert (after.state, after.clocks, after.steps) == (before.state, before.clocks, before.steps)
    assert bureau.step(case, "pass", bureau.examiner).state.id == "answering"


def test_the_log_knows_that_something_was_written_and_not_what(bureau: Bureau) -> None:
    case = bureau.file()
    services.case_write(actor=bureau.examiner, case=case.id, text="内部意见", among_officials=True)
    acts = [one.act for one in evidence.entries_about(case.urn)]
    assert acts == ["casework.case.opened", "casework.case.wrote"]
    leaves = b"".join(bytes(one) for one in Entry.objects.values_list("leaf", flat=True))
    assert "内部意见".encode() not in leaves
    assert str(CaseEvent.objects.get(kind="note").pk).encode() in leaves
