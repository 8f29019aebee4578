"""The call for needs: opened by an authority, filled by the public, looked at, handed over, answered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.evidence.services import record
from wushu.kernel.errors import INVALID_VALUE, NOT_FOUND, Said
from wushu.kernel.identifiers import parse_division
from wushu.opening.models import Need, NeedCall, NeedSupport, Plan
from wushu.opening.planning_refusals import CALL_NOT_OPEN, NEED_STATE, NEEDS_FULL
from wushu.opening.rules import needs as rules
from wushu.opening.selectors import needs as selectors
from wushu.opening.selectors.cases import rule_applying
from wushu.opening.selectors.needs import OUTSIDE, call_view
from wushu.opening.selectors.plans import plan
from wushu.opening.services.cases import case_file_to_body
from wushu.opening.types import NeedAnswer, NeedCallView, NeedGiven, NeedState, NeedView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_TITLE = Said("标题", "title", "title")
_DATA = Said("需要什么数据", "which data", "data")
_PURPOSE = Said("用途", "what for", "purpose")
_ANSWER = Said("答复", "answer", "text")


def call_open(
    *, actor: Actor, division: str, title: str, text: str, begins: date, ends: date
) -> NeedCallView:
    """Ask the public of a division from day to day which data it needs; for its authority.

    Refusals: ``not-permitted``, ``key-lacks-scope``, ``invalid-value``, those of a division's code.
    """
    code = parse_division(division).code
    rules.require_overseer(actor, code)
    if ends < max(begins, timezone.localdate()):
        raise INVALID_VALUE(
            field=Said("截止日期", "last day", "ends"), value=ends.isoformat(),
            reason_zh="早于开始日期或者今天", reason_en="it lies before the first day or before today",
        )  # fmt: skip
    with transaction.atomic():
        row = NeedCall.objects.create(
            division=code, title=rules.filled(_TITLE, title, rules.TITLE_LENGTH),
            text=rules.filled(Said("说明", "text", "text"), text), begins=begins, ends=ends,
        )  # fmt: skip
        record(
            "opening.call.opened", actor=actor, subject=f"urn:uuid:{row.pk}",
            data={"begins": begins.isoformat(), "ends": ends.isoformat()}, rows=[row],
        )  # fmt: skip
    return call_view(row)


def need_submit(*, actor: Actor, call: UUID, given: NeedGiven) -> NeedView:
    """Say into an open call which data one needs; the authority looks at it before it is public.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``call-not-open``, ``needs-full``,
    ``invalid-value``.
    """
    account = rules.require_author(actor)
    to = NeedCall.objects.filter(pk=call).first()
    if to is None:
        raise NOT_FOUND(what=str(call))
    if not rules.is_open(to.begins, to.ends, timezone.localdate()):
        raise CALL_NOT_OPEN(title=to.title, begins=to.begins, ends=to.ends)
    if given.body is not None:
        parties.organisation(given.body)
    with transaction.atomic():
        waiting = Need.objects.filter(account=account, state=NeedState.WAITING.value)
        if waiting.count() >= rules.WAITING_MOST:
            raise NEEDS_FULL(limit=rules.WAITING_MOST)
        row = Need.objects.create(
            call=to, account_id=account, title=rules.filled(_TITLE, given.title, rules.TITLE_LENGTH),
            data=rules.filled(_DATA, given.data), purpose=rules.filled(_PURPOSE, given.purpose),
            body_id=given.body, state=NeedState.WAITING.value, submitted_at=timezone.now(),
        )  # fmt: skip
        _record("submitted", actor, row)
    return _after(row, actor)


def need_publish(*, actor: Actor, need: UUID) -> NeedView:
    """Let everybody see a need: nothing in it says who somebody is.

    Refusals: ``not-found``, ``not-permitted``, ``key-lacks-scope``, ``own-need``, ``need-state``.
    """
    with transaction.atomic():
        row = _taken_up(actor, need, Said("公开", "published"), NeedState.WAITING)
        row.state, row.published_at = NeedState.PUBLISHED.value, timezone.now()
        row.save(update_fields=["state", "published_at"])
        _record("published", actor, row)
    return _after(row, actor)


def need_decline(*, actor: Actor, need: UUID, reasons: str) -> NeedView:
    """Keep a need from the public, with reasons for who wrote it; refusals as ``need_publish``."""
    with transaction.atomic():
        row = _taken_up(actor, need, Said("退回", "declined"), NeedState.WAITING)
        row.reasons = rules.filled(Said("理由", "reasons", "reasons"), reasons)
        row.state = NeedState.DECLINED.value
        row.save(update_fields=["state", "reasons"])
        _record("declined", actor, row)
    return _after(row, actor)


def need_hand_over(*, actor: Actor, need: UUID, body: UUID) -> NeedView:
    """Give a published need to the body that is to answer it; refusals as ``need_publish``."""
    to = parties.organisation(body)
    with transaction.atomic():
        row = _taken_up(
            actor, need, Said("转交", "handed over"), NeedState.PUBLISHED, NeedState.HANDED
        )
        row.state, row.body_id = NeedState.HANDED.value, to.id
        row.save(update_fields=["state", "body"])
        _record("handed-over", actor, row, body=str(to.id))
    return _after(row, actor)


def need_answer(*, actor: Actor, need: UUID, answer: NeedAnswer) -> NeedView:
    """Answer a public need, as the authority or the body it was handed to; a later answer replaces it.

    Refusals: ``not-found``, ``not-permitted``, ``own-need``, ``need-state``, ``invalid-value``.
    """
    with transaction.atomic():
        row = _locked(need)
        rules.require_answerer(
            actor, division=row.call.division, body=row.body_id, state=NeedState(row.state)
        )
        what = Said("答复", "answer it")
        rules.require_not_own(actor, row.account_id, what)
        _require_state(row, Said("答复", "answered"), *rules.PUBLIC)
        row.answer = rules.filled(_ANSWER, answer.text)
        row.dataset = None if answer.dataset is None else catalog.entry_by_id(answer.dataset).id
        row.plan, row.plan_item = _planned(answer)
        row.state, row.answered_at = NeedState.ANSWERED.value, timezone.now()
        row.save()
        _record("answered", actor, row)
    return _after(row, actor)


def need_file_case(*, actor: Actor, need: UUID) -> NeedView:
    """Have the body answer one's own handed-over need within the law's limit, as a case of its procedure.

    Refusals: ``not-found``, ``not-permitted``, ``need-state``, and those of ``case_file_to_body``.
    """
    account = rules.require_author(actor)
    with transaction.atomic():
        row = _locked(need)
        if row.account_id != account:
            raise NOT_FOUND(what=str(need))
        _require_state(row, Said("转为办件", "made a case"), NeedState.HANDED)
        if row.case or row.body_id is None:
            raise NEED_STATE(title=row.title, what=Said("再次转为办件", "made a case again"))
        step = next(one.id for one in rule_applying(row.body_id, OUTSIDE).steps if one.starts)
        made = case_file_to_body(
            actor=actor, body=row.body_id, procedure=OUTSIDE, step=step, organisation=None,
            values={"title": row.title, "need": row.data, "purpose": row.purpose},
        )  # fmt: skip
        row.case = made.number
        row.save(update_fields=["case"])
        _record("became-case", actor, row, case=made.number)
    return _after(row, actor)


def need_support(*, actor: Actor, need: UUID, supports: bool = True) -> NeedView:
    """Say that one needs the same, or no longer; each account counts once.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``own-need``.
    """
    account = rules.require_author(actor)
    row = Need.objects.filter(pk=need, state__in=[one.value for one in rules.PUBLIC]).first()
    if row is None:
        raise NOT_FOUND(what=str(need))
    rules.require_not_own(actor, row.account_id, Said("支持它", "support it"))
    if supports:
        NeedSupport.objects.get_or_create(need=row, account_id=account)
    else:
        NeedSupport.objects.filter(need=row, account=account).delete()
    return _after(row, actor)


def _planned(answer: NeedAnswer) -> tuple[Plan | None, UUID | None]:
    """The plan with the item that is to meet the need; ``not-found``."""
    if answer.plan_item is None or answer.plan_body is None:
        return None, None
    found = plan(answer.plan_body, answer.plan_year)
    if answer.plan_item not in {one.item.key for one in found.items}:
        raise NOT_FOUND(what=str(answer.plan_item))
    return Plan.objects.get(pk=found.id), answer.plan_item


def _taken_up(actor: Actor, key: UUID, what: Said, *states: NeedState) -> Need:
    row = _locked(key)
    rules.require_overseer(actor, row.call.division)
    rules.require_not_own(actor, row.account_id, Said("审核它", "decide on it"))
    _require_state(row, what, *states)
    return row


def _locked(key: UUID) -> Need:
    row = Need.objects.select_for_update(of=("self",)).select_related("call").filter(pk=key).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return row


def _require_state(row: Need, what: Said, *states: NeedState) -> None:
    if NeedState(row.state) not in states:
        raise NEED_STATE(title=row.title, what=what)


def _after(row: Need, actor: Actor) -> NeedView:
    return selectors.need(row.pk, actor=actor)


def _record(act: str, actor: Actor, row: Need, **more: Any) -> None:
    """What was written enters as the row's digest: people name themselves without being asked."""
    rows: list[models.Model] = [row]
    record(
        f"opening.need.{act}", actor=actor, subject=f"urn:uuid:{row.pk}",
        data={"call": str(row.call_id), **more}, rows=rows,
    )  # fmt: skip
