"""All cases about some things, for who accounts for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from wushu.casework.models import Case, CaseEvent, CasePaper
from wushu.casework.presenting import asked_experts, case_view, happened_of, paper_view, sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import officials
from wushu.casework.selectors.cases import RELATED, case
from wushu.casework.selectors.regulations import content
from wushu.casework.types import CasesAbout, CaseView, Happened, PaperView
from wushu.kernel.errors import Refusal
from wushu.parties.types import Actor

CASES_MOST = 500


def open_case_about(subject: UUID, procedure: str, *, actor: Actor) -> CaseView | None:
    """The newest open case of a procedure about something, where the actor has a part in one."""
    rows = Case.objects.filter(
        subject=subject, procedure=procedure, closed_at__isnull=True, merged_into__isnull=True
    )
    for found in rows.order_by("-opened_at", "-id").values_list("pk", flat=True)[:CASES_MOST]:
        with suppress(Refusal):  # of others it is not said that they are there
            return case(found, actor=actor)
    return None


def cases_about(subjects: Collection[UUID], *, actor: Actor) -> CasesAbout:
    """Cases about some things, the oldest first, as far as the actor has a part in each.

    What they have no part in, or may not read, is counted: an account that leaves something out says so.
    At most ``CASES_MOST``, the newest; a few queries, however many there are.
    """
    newest = (
        Case.objects.filter(subject__in=subjects)
        .select_related(*RELATED)
        .defer("version__document")
        .order_by("-opened_at", "-id")
    )
    held = list(newest[: CASES_MOST + 1])
    cut, rows = len(held) > CASES_MOST, held[CASES_MOST - 1 :: -1]
    events, papers = _events(rows), _papers(rows)
    found, unseen, withheld = [], 0, 0
    for row in rows:
        regulation = content(row.version.sha256)
        history = events[row.pk]
        sides = sides_of(row, regulation, asked=asked_experts(row.procedure, regulation, history))
        seats = rules.seats_of(actor, regulation, sides)
        if not seats:
            unseen += 1
            continue
        read = [one for one in history if officials.may_read(one, actor, regulation, seats)]
        withheld += len(history) - len(read)
        found.append(
            case_view(
                row, regulation, history=read, papers=papers[row.pk], seats=seats, sides=sides
            )
        )
    return CasesAbout(tuple(found), unseen, withheld, cut)


def _events(rows: Collection[Case]) -> dict[UUID, list[Happened]]:
    found: dict[UUID, list[Happened]] = defaultdict(list)
    for one in CaseEvent.objects.filter(case__in=rows).order_by("case", "number"):
        found[one.case_id].append(happened_of(one))
    return found


def _papers(rows: Collection[Case]) -> dict[UUID, list[PaperView]]:
    found: dict[UUID, list[PaperView]] = defaultdict(list)
    kept = CasePaper.objects.filter(event__case__in=rows).select_related("event")
    for one in kept.order_by("event__number"):
        found[one.event.case_id].append(paper_view(one))
    return found
