"""What people are told of cases: in the portal, by mail and by webhook."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.casework.conftest import Bureau, bureau, node
from tests.opening.conftest import Receiver, _Inbox
from wushu.casework import services as casework
from wushu.casework.models import CaseTurn
from wushu.evidence.services import sequence
from wushu.kernel.errors import Refusal
from wushu.opening import links, selectors, services
from wushu.opening.models import Reached
from wushu.opening.types import Channel, Target, TargetKind
from wushu.parties.types import Actor, Role, Scope

__all__ = ["bureau", "node"]

pytestmark = pytest.mark.django_db
CASES = Target(TargetKind.CASES)


def work() -> None:
    """What the worker does, once."""
    sequence()
    services.case_notices_take()
    services.notices_send()


def told(actor: Actor) -> list[str]:
    work()
    return [one.words.en for one in selectors.case_notices(actor=actor).notices]


def test_a_new_application_is_news_for_who_reviews_it_and_for_nobody_else(bureau: Bureau) -> None:
    case = bureau.file()
    assert told(bureau.examiner) == ["Applied"]
    (one,) = selectors.case_notices(actor=bureau.examiner).notices
    assert (one.number, one.title, one.is_read) == (case.number, "停车诱导研究", False)
    for other in (bureau.clerk, bureau.stranger, bureau.user, bureau.other_user):
        assert told(other) == []


def test_who_filed_learns_every_step_of_others_and_none_of_their_own(bureau: Bureau) -> None:
    bureau.in_use()
    assert len(told(bureau.user)) == 3, "passed, agreed and signed by the body; not their own two"


def test_whoever_s_turn_it_becomes_is_told_until_somebody_is_in_charge(bureau: Bureau) -> None:
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    assert len(told(bureau.clerk)) == 1
    assert len(told(bureau.colleague)) == 1
    assert bureau.colleague.person is not None
    casework.case_assign(actor=bureau.clerk, case=case.id, person=bureau.colleague.person)
    assert told(bureau.colleague)[0] == "assigned"
    casework.case_write(actor=bureau.user, case=case.id, text="请问何时答复？")
    assert told(bureau.colleague)[0] == "wrote"
    assert len(told(bureau.clerk)) == 1, "their colleague is in charge"


def test_a_message_of_the_body_is_news_for_who_filed_and_a_note_is_not(bureau: Bureau) -> None:
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    before = told(bureau.user)
    casework.case_write(actor=bureau.clerk, case=case.id, text="内部", among_officials=True)
    assert told(bureau.user) == before
    casework.case_write(actor=bureau.clerk, case=case.id, text="材料齐了")
    assert told(bureau.user) == ["wrote", *before]


def test_a_delay_is_told_the_head_of_the_body_and_then_everybody_of_the_authority(
    bureau: Bureau,
) -> None:
    head = bureau.person("首席数据官", Role.CHIEF_DATA_OFFICER, bureau.transport)
    elsewhere = bureau.person("别家首席数据官", Role.CHIEF_DATA_OFFICER, bureau.health)
    bureau.step(bureau.file(), "pass", bureau.examiner)
    before = len(told(bureau.examiner))
    turn = CaseTurn.objects.get()
    assert turn.due is not None
    casework.turns_watch(_noon(turn.due + timedelta(days=1)))
    assert told(head) == [f"nobody acted in time: told above ({turn.due})"]
    assert len(told(bureau.examiner)) == before
    casework.turns_watch(_noon(turn.due + timedelta(days=20)))
    assert len(told(bureau.examiner)) == before + 1
    assert told(elsewhere) == []
    assert f"the due day has passed ({turn.due})" in told(bureau.user)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def test_nobody_is_told_twice_however_often_the_log_is_read(bureau: Bureau) -> None:
    bureau.file()
    first = told(bureau.examiner)
    Reached.objects.filter(pk=2).update(log_index=0)
    assert told(bureau.examiner) == first


def test_what_was_read_is_marked_up_to_what_was_seen(bureau: Bureau) -> None:
    bureau.file()
    told(bureau.examiner)
    (seen,) = selectors.case_notices(actor=bureau.examiner).notices
    bureau.file()
    told(bureau.examiner)
    assert selectors.case_notices_unread(actor=bureau.examiner) == 2
    assert services.case_notices_read(actor=bureau.examiner, through=seen.id) == 1
    assert selectors.case_notices_unread(actor=bureau.examiner) == 1
    assert services.case_notices_read(actor=bureau.user, through=seen.id + 9) == 0
    assert selectors.case_notices_unread(actor=bureau.examiner) == 1


def test_notices_come_a_page_at_a_time(bureau: Bureau) -> None:
    for _ in range(3):
        bureau.file()
    assert len(told(bureau.examiner)) == 3
    first = selectors.case_notices(actor=bureau.examiner, limit=2)
    second = selectors.case_notices(actor=bureau.examiner, cursor=first.cursor, limit=2)
    assert [len(first.notices), len(second.notices)] == [2, 1]
    assert second.cursor is None
    assert first.notices[1].id > second.notices[0].id
    with pytest.raises(Refusal, match="cursor"):
        selectors.case_notices(actor=bureau.clerk, cursor=first.cursor)


def test_a_key_for_rows_alone_reads_no_notices(bureau: Bureau) -> None:
    with_key = replace(bureau.user, scopes=frozenset({Scope.ROWS_READ}))
    for ask in (
        lambda: selectors.case_notices(actor=with_key),
        lambda: services.case_notices_read(actor=with_key, through=1),
    ):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.name == "key-lacks-scope"


def test_a_mailbox_that_agreed_is_told_of_cases_in_both_languages(
    bureau: Bureau, inbox: _Inbox
) -> None:
    view, _ = services.subscription_open(
        actor=bureau.user, channel=Channel.MAIL, target=CASES, address="shen@mail.example"
    )
    work()
    assert "与我有关的办件" in inbox.mails[0].get_content()
    services.subscription_confirm(links.confirm_link(view.id).rsplit("/", 1)[1])
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    work()
    (mail,) = inbox.mails[1:]
    assert case.number in mail["Subject"]
    text = mail.get_content()
    assert f"{case.number} 停车诱导研究：" in text
    assert f"/cases/{case.number}" in text
    assert "To receive no more" in text
    work()
    assert len(inbox.mails) == 2, "once"


def test_a_webhook_is_told_of_each_line_of_a_case_signed(
    bureau: Bureau, receiver: Receiver
) -> None:
    _, secret = services.subscription_open(
        actor=bureau.clerk, channel=Channel.WEBHOOK, target=CASES, address=receiver.url
    )
    work()
    case = bureau.step(bureau.file(), "pass", bureau.examiner)
    work()
    (one,) = receiver.checked(secret)
    assert one["type"] == "case.step"
    assert one["data"]["case"]["number"] == case.number
    assert one["data"]["happened_zh"]
    assert set(one["data"]["case"]) == {"number", "title", "page", "api"}
