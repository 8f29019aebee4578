"""Cases as who asks may see them: their own, those of their seats, and what everybody may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from wushu.casework.models import Case, CasePaper, CaseTurn, PaperContent, RegulationVersion
from wushu.casework.presenting import case_view, counted, happened_of, paper_view, sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import officials
from wushu.casework.rules.clock import local_day
from wushu.casework.rules.saying import public_act
from wushu.casework.selectors.counting import work_calendar
from wushu.casework.selectors.regulations import content
from wushu.casework.selectors.seated import (
    governed,
    versions,
    where_it_is_their_turn,
    where_their_office_sits,
)
from wushu.casework.types import (
    NODE_SEAT,
    CaseLine,
    CasePage,
    CaseView,
    HappenedKind,
    Paper,
    PublicCase,
    Regulation,
)
from wushu.kernel import cursors
from wushu.kernel.errors import NOT_FOUND
from wushu.kernel.paging import page_of
from wushu.parties.types import Actor, Scope

RELATED = ("body", "filer", "filer_organisation", "version", "merged_into")


def case(case_id: UUID, *, actor: Actor, now: datetime | None = None) -> CaseView:
    """A case with its timeline and clocks, for who filed it and for who has a seat in it; ``not-found``.

    Who is no official does not see what officials write among themselves.
    """
    row = _related().filter(pk=case_id).first()
    if row is None:
        raise NOT_FOUND(what=str(case_id))
    return _view(row, actor, now, str(case_id))


def case_by_number(number: str, *, actor: Actor, now: datetime | None = None) -> CaseView:
    """The same by its number; ``not-found``."""
    row = _related().filter(number=number.strip().upper()).first()
    if row is None:
        raise NOT_FOUND(what=number)
    return _view(row, actor, now, number)


def _related() -> QuerySet[Case]:
    """Cases with what their view names; the text of the regulation is read once a process."""
    return Case.objects.select_related(*RELATED).defer("version__document")


def _view(row: Case, actor: Actor, now: datetime | None, asked: str) -> CaseView:
    regulation = content(row.version.sha256)
    sides = sides_of(row, regulation)
    seats = rules.seats_of(actor, regulation, sides)
    if not seats:
        raise NOT_FOUND(what=asked)  # the same as for what is not there
    history = [happened_of(one) for one in row.events.order_by("number")]
    papers = (
        CasePaper.objects.filter(event__case=row).select_related("event").order_by("event__number")
    )
    clocks = counted(
        regulation.procedure(row.procedure),
        history,
        work_calendar(),
        local_day(now or timezone.now()),
    )
    history = [one for one in history if officials.may_read(one, actor, regulation, seats)]
    return case_view(
        row,
        regulation,
        history=history,
        papers=[paper_view(one) for one in papers],
        clocks=clocks,
        seats=seats,
    )


def paper(number: str, paper_id: UUID, *, actor: Actor) -> Paper:
    """A paper of a case with its content, for who may see the case; ``not-found``."""
    found = case_by_number(number, actor=actor)
    row = CasePaper.objects.filter(pk=paper_id, event__case=found.id).first()
    if row is None:
        raise NOT_FOUND(what=str(paper_id))
    kept = PaperContent.objects.get(pk=row.pk)
    return Paper(row.kind, row.name, bytes(kept.content))


# Lists


@dataclass(frozen=True, slots=True)
class Filter:
    """What the inbox is narrowed to."""

    procedure: str = ""
    assignee: UUID | None = None


@dataclass(frozen=True, slots=True)
class OfficeFilter:
    """What an office's cases are narrowed to."""

    procedure: str = ""
    body: UUID | None = None
    number: str = ""
    is_open: bool | None = None
    """None: those that have ended too."""
    overdue: bool = False


def cases_filed(*, actor: Actor, limit: int = 100) -> list[CaseLine]:
    """The first of ``filed_page``."""
    return list(filed_page(actor=actor, limit=limit).lines)


def filed_page(*, actor: Actor, cursor: str | None = None, limit: int = 50) -> CasePage:
    """Cases that the actor filed: for themselves, an organisation, or at the counter; newest first.

    Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    if actor.person is None or not actor.allows(Scope.CASES_FILE):
        return CasePage((), None)
    mine = Q(filer=actor.person) | Q(filer_organisation__in=actor.organisations)
    # Who has left the counter, or runs another place's, follows nothing there.
    counters = governed(actor, *rules.COUNTER_ROLES, column="body__division")
    if counters:
        mine |= Q(counter=actor.person) & counters
    rows = Case.objects.filter(mine)
    return _newest_first(rows, ["filed", str(actor.person)], cursor, limit)


def office_page(
    *, actor: Actor, narrowed: OfficeFilter | None = None, cursor: str | None = None,
    limit: int = 50,
) -> CasePage:  # fmt: skip
    """Cases in which the actor's office has a part, whoever's turn it is, ended ones too; newest first.

    Those that their office filed or decides, of every procedure. What they filed for themselves, and on
    what they are asked as an expert, stands elsewhere. Refusals: ``cursor-invalid``,
    ``cursor-of-another-query``.
    """
    wanted = narrowed or OfficeFilter()
    sits = where_their_office_sits(actor)
    if sits is None:
        return CasePage((), None)
    rows = Case.objects.filter(sits)
    if wanted.procedure:
        rows = rows.filter(procedure=wanted.procedure)
    if wanted.body is not None:
        rows = rows.filter(body=wanted.body)
    if wanted.number:
        rows = rows.filter(number=wanted.number.strip().upper())
    if wanted.is_open is not None:
        rows = rows.filter(closed_at__isnull=wanted.is_open)
    if wanted.overdue:
        rows = rows.filter(turn__due__lt=local_day(timezone.now()))
    asked = (wanted.procedure, wanted.body, wanted.number, wanted.is_open, wanted.overdue)
    context = ["office", str(actor.person), *map(str, asked)]
    return _newest_first(rows, context, cursor, limit)


def _newest_first(
    rows: QuerySet[Case], context: list[str], cursor: str | None, limit: int, *, titled: bool = True
) -> CasePage:
    """A page of cases in the order they were filed, from the cursor of the page before."""
    held, following = page_of(rows, "-opened_at", context, cursor=cursor, limit=limit)
    return CasePage(tuple(lines_of(held, titled=titled)), following)


def inbox(*, actor: Actor, narrowed: Filter | None = None, limit: int = 50) -> list[CaseLine]:
    """The first of ``inbox_page``."""
    return list(inbox_page(actor=actor, narrowed=narrowed, limit=limit).lines)


def inbox_size(*, actor: Actor, most: int) -> int:
    """How many cases ``inbox_page`` has for them, counted to ``most``."""
    theirs = where_it_is_their_turn(actor)
    return 0 if theirs is None else CaseTurn.objects.filter(theirs).values("pk")[:most].count()


def inbox_page(
    *, actor: Actor, narrowed: Filter | None = None, cursor: str | None = None, limit: int = 50
) -> CasePage:
    """Open cases in which it is the turn of the actor's office, or of its experts; due soonest first.

    What their office filed is among them, what they filed for themselves is not. The cursor keeps its place also
    when the case it ended at is decided meanwhile. Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    wanted = narrowed or Filter()
    theirs = where_it_is_their_turn(actor)
    if theirs is None:
        return CasePage((), None)
    turns = CaseTurn.objects.filter(theirs)
    if wanted.procedure:
        turns = turns.filter(case__procedure=wanted.procedure)
    if wanted.assignee is not None:
        turns = turns.filter(case__assignee=wanted.assignee)
    context = ["inbox", str(actor.person), wanted.procedure, str(wanted.assignee)]
    if cursor:
        due, last = cursors.decode(cursor, context, key=_cursor_key())
        later = Q(due=due, pk__gt=last)
        turns = turns.filter(later if due is None else later | Q(due__gt=due) | Q(due=None))
    turns = turns.order_by(F("due").asc(nulls_last=True), "case_id")
    # Ids first: whole rows would all go through the sort, of which only a page is wanted.
    found = list(turns.values_list("due", "case_id")[: limit + 1])
    rows = Case.objects.in_bulk([one for _due, one in found[:limit]])
    following = None
    if len(found) > limit:
        end, key = found[limit - 1]
        following = cursors.encode([end, str(key)], context, key=_cursor_key())
    return CasePage(
        tuple(lines_of(rows[one] for _, one in found[:limit] if one in rows)), following
    )


def _cursor_key() -> bytes:
    return cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)


def public_procedures() -> Q:
    """Cases that everybody may know of, as one condition.

    Without a join where a procedure is kept from the ledger under every version that has it.
    """
    public: dict[str, set[UUID]] = {}
    hidden: dict[str, set[UUID]] = {}
    for version, regulation in versions():
        for one in regulation.procedures:
            (public if one.public else hidden).setdefault(one.id, set()).add(version)
    found = ~Q(procedure__in=sorted(set(hidden) - set(public)))
    for name in sorted(set(hidden) & set(public)):
        found &= ~Q(procedure=name, version__in=hidden[name])
    return found


def public_cases(
    *, procedure: str = "", subject: UUID | None = None, limit: int = 50
) -> list[CaseLine]:
    """The first of ``public_page``."""
    return list(public_page(procedure=procedure, subject=subject, limit=limit).lines)


def public_page(
    *, procedure: str = "", body: UUID | None = None, subject: UUID | None = None,
    number: str = "", cursor: str | None = None, limit: int = 50,
) -> CasePage:  # fmt: skip
    """What everybody may know of cases, newest first: no names, no reasons, no papers.

    Titles are the applicants' own words and are left out. Refusals: ``cursor-invalid``,
    ``cursor-of-another-query``.
    """
    rows = Case.objects.filter(public_procedures())
    if procedure:
        rows = rows.filter(procedure=procedure)
    if number:
        rows = rows.filter(number=number.strip().upper())
    if body is not None:
        rows = rows.filter(body=body)
    if subject is not None:
        rows = rows.filter(subject=subject)
    context = ["cases", procedure, number, str(body), str(subject)]
    return _newest_first(rows, context, cursor, limit, titled=False)


def public_case(number: str) -> PublicCase:
    """What everybody may know of one case: its steps, and what was answered where all may read it.

    Fields that the regulation makes public, of officials' steps; of users' steps the choices alone,
    since their own words may name somebody. Refusal: ``not-found``.
    """
    row = _related().filter(public_procedures(), number=number.strip().upper()).first()
    if row is None:
        raise NOT_FOUND(what=number)
    regulation = content(row.version.sha256)
    procedure = regulation.procedure(row.procedure)
    taken = [happened_of(one) for one in row.events.order_by("number")]
    acts = [
        public_act(regulation, procedure, one) for one in taken if one.kind is HappenedKind.STEP
    ]
    return PublicCase(lines_of([row], titled=False)[0], tuple(acts))


def lines_of(rows: Iterable[Case], *, titled: bool = True) -> list[CaseLine]:
    """Cases as lines of a list: two queries, however many there are."""
    held = list(rows)
    turns = CaseTurn.objects.in_bulk([one.pk for one in held])
    hashes = dict(RegulationVersion.objects.order_by().values_list("pk", "sha256"))
    return [
        _line(one, content(hashes[one.version_id]), turns.get(one.pk), titled=titled)
        for one in held
    ]


def _line(row: Case, regulation: Regulation, turn: CaseTurn | None, *, titled: bool) -> CaseLine:
    procedure = regulation.procedure(row.procedure)
    state = procedure.state(row.state)
    seat = turn.seat if turn is not None else ""
    return CaseLine(
        id=row.pk, number=row.number, title=row.title if titled else "", procedure=procedure.id,
        procedure_title=procedure.title, state=state.id, state_label=state.label, turn=seat,
        turn_label=regulation.seat(seat).label if seat and seat != NODE_SEAT else None,
        body=row.body_id, subject=row.subject, opened_at=row.opened_at, closed_at=row.closed_at,
        due=turn.due if turn is not None else None,
        provisional=turn.provisional if turn is not None else False, assignee=row.assignee,
    )  # fmt: skip
