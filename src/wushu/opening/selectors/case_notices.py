"""What somebody was told of cases: their own, and those that waited for them."""

from __future__ import annotations

from wushu.kernel.errors import Said
from wushu.kernel.paging import page_of
from wushu.opening import rules
from wushu.opening.models import CaseNotice
from wushu.opening.types import CaseNoticePage, CaseNoticeView
from wushu.parties.types import Actor

COUNTED_MOST = 100
"""So many unread notices are counted, and no more: a number nobody reads costs nothing."""


def case_notices(*, actor: Actor, cursor: str | None = None, limit: int = 50) -> CaseNoticePage:
    """A page of what the actor was told, the newest first; nobody sees another's.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``cursor-invalid``, ``cursor-of-another-query``.
    """
    rules.require_told(actor)
    rows = CaseNotice.objects.filter(person=actor.person)
    context = ["case-notices", str(actor.person)]
    held, following = page_of(rows, "-at", context, cursor=cursor, limit=limit)
    return CaseNoticePage(tuple(map(_view, held)), following)


def case_notices_unread(*, actor: Actor | None) -> int:
    """How many the actor has not read, up to ``COUNTED_MOST``; 0 for who is told nothing."""
    if actor is None or actor.person is None:
        return 0
    unread = CaseNotice.objects.filter(person=actor.person, read_at=None)
    return len(unread.order_by("pk").values_list("pk", flat=True)[:COUNTED_MOST])


def _view(row: CaseNotice) -> CaseNoticeView:
    return CaseNoticeView(
        id=row.pk, number=row.number, computation=None if row.number else row.case, title=row.title, words=Said(row.words_zh, row.words_en),
        at=row.at, is_read=row.read_at is not None,
    )  # fmt: skip
