"""What happens in cases and with programs, told to whom it concerns: on their page, and where they subscribed to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import News
from wushu.evidence.types import PublishedAct
from wushu.kernel.errors import Said
from wushu.opening import rules
from wushu.opening.models import CaseNotice, Computation, Delivery, Reached, Subscription
from wushu.opening.rules import computations as computing
from wushu.opening.services.events import read_on
from wushu.opening.types import ComputationState, SubscriptionState, TargetKind
from wushu.parties.types import Actor

_CASES = 2
"""The reader for cases, among those that note how far they came in the log."""
_ACTS = tuple(
    f"casework.case.{one}"
    for one in (
        "opened", "stepped", "wrote", "assigned", "referred", "advised", "merged", "taken-in",
        "warned", "overdue", "escalated", "recounted",
    )
)  # fmt: skip


def case_notices_take() -> int:
    """Tell people of the next lines of cases; how many acts of the log were looked at.

    Background work. It begins with the first case: nobody is told of one twice.
    """
    Reached.objects.get_or_create(pk=_CASES, defaults={"log_index": 0})
    return read_on(_CASES, _ACTS, _take)


def case_notices_read(*, actor: Actor, through: int) -> int:
    """Mark as read all that the actor was told up to a notice; how many.

    Refusals: ``sign-in-first``, ``key-lacks-scope``.
    """
    rules.require_told(actor)
    mine = CaseNotice.objects.filter(person=actor.person, pk__lte=through, read_at=None)
    return mine.update(read_at=timezone.now())


def _take(acts: Sequence[PublishedAct]) -> None:
    for act in acts:
        news = casework.news_of(UUID(str(act.data["event"])))
        if news is not None:
            _tell(news)


def _tell(news: News) -> None:
    for person in sorted(news.people):
        _told(
            person, news.case, news.line, kind=news.kind.value, number=news.number,
            title=news.title, words=news.words, at=news.at,
        )  # fmt: skip


def computation_told(row: Computation, title: str, at: datetime) -> None:
    """Tell who handed in a program what became of it, in the transaction of the act; never why.

    Once: what failed is not decided on.
    """
    state = ComputationState(row.state)
    _told(
        row.submitter_id, row.pk, 0, kind=state.value, number="", title=title,
        words=computing.STATE_WORDS[state], at=at,
    )  # fmt: skip


def _told(
    person: UUID, about: UUID, line: int, *,
    kind: str, number: str, title: str, words: Said, at: datetime,
) -> None:  # fmt: skip
    """On the person's page, and in the outboxes of what they subscribed before it happened."""
    notice, is_new = CaseNotice.objects.get_or_create(
        person_id=person, case=about, line=line,
        defaults={
            "kind": kind, "number": number, "title": rules.one_line(title, 200),
            "words_zh": rules.one_line(words.zh, 400), "words_en": rules.one_line(words.en, 400),
            "at": at,
        },
    )  # fmt: skip
    if not is_new:
        return
    wanted = Subscription.objects.filter(
        account__person=person, target_kind=TargetKind.CASES.value,
        state=SubscriptionState.ACTIVE.value, confirmed_at__lte=at,
    )  # fmt: skip
    Delivery.objects.bulk_create(
        [Delivery(subscription=one, notice=notice, created_at=timezone.now()) for one in wanted]
    )
