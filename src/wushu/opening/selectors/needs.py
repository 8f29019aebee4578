"""Calls for needs, and needs: public ones for everybody, others for who wrote them and the authority."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wushu.casework.types import SubjectKind
from wushu.catalog import selectors as catalog
from wushu.kernel.errors import NOT_FOUND
from wushu.kernel.identifiers import parse_division
from wushu.kernel.paging import page_of
from wushu.opening.models import Need, NeedCall, NeedSupport
from wushu.opening.rules import needs as rules
from wushu.opening.selectors.cases import to_file
from wushu.opening.selectors.plans import plan
from wushu.opening.types import NeedCallView, NeedPage, NeedState, NeedView, PlannedItem
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, Role, Scope

PAGE, PAGE_MOST = 20, 100
DESK_LIMIT = 200
OUTSIDE = "outside-catalogue"
"""The procedure by which a body must answer within the law's limit, where the rules have it."""
_PUBLIC = [one.value for one in rules.PUBLIC]


def need_calls(*, only_open: bool = False) -> list[NeedCallView]:
    """Calls, the newest first."""
    today = timezone.localdate()
    rows = NeedCall.objects.all()
    if only_open:
        rows = rows.filter(begins__lte=today, ends__gte=today)
    return [call_view(one) for one in rows[:DESK_LIMIT]]


def need_call(call: UUID) -> NeedCallView:
    """One call; ``not-found``."""
    row = NeedCall.objects.filter(pk=call).first()
    if row is None:
        raise NOT_FOUND(what=str(call))
    return call_view(row)


def call_view(row: NeedCall) -> NeedCallView:
    """A call as others see it."""
    return NeedCallView(
        id=row.pk, division=row.division, title=row.title, text=row.text, begins=row.begins,
        ends=row.ends, is_open=rules.is_open(row.begins, row.ends, timezone.localdate()),
    )  # fmt: skip


def may_open_call(actor: Actor | None) -> bool:
    """Whether the actor opens calls somewhere."""
    return actor is not None and any(
        rules.may_oversee(actor, one) for one in actor.divisions(Role.DATA_AUTHORITY)
    )


def needs_page(
    *, call: UUID | None = None, cursor: str | None = None, limit: int = PAGE,
    actor: Actor | None = None,
) -> NeedPage:  # fmt: skip
    """Published needs (of one call), the newest first.

    Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    rows = Need.objects.filter(state__in=_PUBLIC)
    if call is not None:
        rows = rows.filter(call=call)
    context = ["needs", str(call)]
    held, following = page_of(
        _with_counts(rows), "-published_at", context, cursor=cursor, limit=limit
    )
    return NeedPage(tuple(_views(held, actor)), following)


def need(key: UUID, *, actor: Actor | None = None) -> NeedView:
    """One need; ``not-found`` for who may not see it."""
    row = _with_counts(Need.objects.filter(pk=key)).first()
    if row is None or not _may_see(row, actor):
        raise NOT_FOUND(what=str(key))
    (view,) = _views([row], actor)
    return view


def _may_see(row: Need, actor: Actor | None) -> bool:
    if row.state in _PUBLIC:
        return True
    if actor is None:
        return False
    own = actor.account == row.account_id and actor.allows(Scope.CASES_FILE)
    return own or rules.may_oversee(actor, row.call.division)


def needs_mine(*, actor: Actor) -> list[NeedView]:
    """What the actor wrote, the newest first; refusals ``sign-in-first``, ``key-lacks-scope``."""
    rows = Need.objects.filter(account=rules.require_author(actor))
    return _views(_with_counts(rows).order_by("-submitted_at", "-id")[:DESK_LIMIT], actor)


def needs_waiting(*, actor: Actor) -> list[NeedView]:
    """What the actor is to look at as the authority, or to answer for a body; the oldest first."""
    asked = Q(pk__in=[])
    if actor.allows(Scope.CASES_HANDLE):
        for one in actor.divisions(Role.DATA_AUTHORITY):
            within = Q(call__division__startswith=parse_division(one).short)
            asked |= within & Q(state__in=[NeedState.WAITING.value, NeedState.PUBLISHED.value])
        bodies = actor.organisations_as(Role.OPENING_BODY)
        asked |= Q(state=NeedState.HANDED.value, body__in=bodies)
    rows = _with_counts(Need.objects.filter(asked)).exclude(account=actor.account)
    return _views(rows.order_by("submitted_at", "id")[:DESK_LIMIT], actor)


def may_answer_need(found: NeedView, *, actor: Actor | None) -> bool:
    """Whether the actor may answer it, and it is public."""
    return (
        actor is not None
        and not found.is_own
        and found.state in rules.PUBLIC
        and rules.may_answer(
            actor, division=found.call.division, state=found.state,
            body=found.body.id if found.body else None,
        )
    )  # fmt: skip


def may_decide_need(found: NeedView, *, actor: Actor | None) -> bool:
    """Whether the actor is the authority that looks at it, hands it over, answers it."""
    return actor is not None and not found.is_own and rules.may_oversee(actor, found.call.division)


def need_may_become_case(found: NeedView, *, actor: Actor | None) -> bool:
    """Whether its own writer can have the body answer it within the law's limit."""
    if actor is None or not found.is_own or found.case or found.body is None:
        return False
    if found.state is not NeedState.HANDED:
        return False
    return OUTSIDE in {one.id for one in to_file(found.body.id, SubjectKind.BODY)}


def _with_counts(rows: QuerySet[Need]) -> QuerySet[Need]:
    return rows.select_related("call", "plan").annotate(support_count=Count("supports"))


def _views(rows: Iterable[Need], actor: Actor | None) -> list[NeedView]:
    """Needs for a reader: four queries, and one plan for each that a planned item meets."""
    held = list(rows)
    bodies = parties.organisations_by_id({one.body_id for one in held if one.body_id})
    shown = catalog.entries_by_id([one.dataset for one in held if one.dataset])
    datasets = {one.id: one for one in shown}
    account = actor.account if actor is not None else None
    supported = set(
        NeedSupport.objects.filter(account=account, need__in=[one.pk for one in held])
        .values_list("need_id", flat=True)
        if account is not None else ()
    )  # fmt: skip
    return [
        NeedView(
            id=row.pk, call=call_view(row.call), title=row.title, data=row.data,
            purpose=row.purpose, body=bodies.get(row.body_id) if row.body_id else None,
            state=NeedState(row.state), submitted_at=row.submitted_at,
            published_at=row.published_at, supports=getattr(row, "support_count", 0),
            answer=row.answer, answered_at=row.answered_at,
            dataset=datasets.get(row.dataset) if row.dataset else None, planned=_planned(row),
            plan_year=row.plan.year if row.plan else None, case=row.case,
            is_own=account is not None and row.account_id == account,
            is_supported=row.pk in supported, reasons=row.reasons,
        )
        for row in held
    ]  # fmt: skip


def _planned(row: Need) -> PlannedItem | None:
    """The planned item as it stands; None where an amendment took it out."""
    if row.plan is None:
        return None
    items = plan(row.plan.body_id, row.plan.year).items
    return next((one for one in items if one.item.key == row.plan_item), None)


# As a document


def call_document(one: NeedCallView) -> dict[str, Any]:
    """A call for programs."""
    return {
        "id": str(one.id), "division": one.division, "title": one.title, "text": one.text,
        "begins": one.begins.isoformat(), "ends": one.ends.isoformat(), "is_open": one.is_open,
    }  # fmt: skip


def need_document(one: NeedView) -> dict[str, Any]:
    """A need for programs; nothing of who wrote it."""
    planned = one.planned
    return {
        "id": str(one.id), "call": str(one.call.id), "title": one.title, "data": one.data,
        "purpose": one.purpose, "body": one.body.code if one.body else None,
        "state": one.state.value, "submitted_at": one.submitted_at.isoformat(),
        "published_at": one.published_at and one.published_at.isoformat(),
        "supports": one.supports, "answer": one.answer,
        "answered_at": one.answered_at and one.answered_at.isoformat(),
        "dataset": one.dataset.slug if one.dataset else None,
        "planned": None if planned is None else {
            "key": str(planned.item.key), "title": planned.item.title, "year": one.plan_year,
            "standing": planned.standing.value,
        },
        "case": one.case or None, "is_own": one.is_own, "is_supported": one.is_supported,
        "reasons": one.reasons if one.state is NeedState.DECLINED else "",
        "self": f"/api/v1/needs/{one.id}",
    }  # fmt: skip
