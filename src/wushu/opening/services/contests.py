"""Contests: announced, entered with published results while they run, won with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND, Said
from wushu.opening.models import Contest, ContestChange, ContestEntry, ContestTheme, Result
from wushu.opening.refusals import CONTEST_NOT_FOR_THIS
from wushu.opening.rules import contests as rules
from wushu.opening.rules import showing
from wushu.opening.selectors.contests import contest as contest_view
from wushu.opening.services.results import listed_datasets
from wushu.opening.types import Award, ContestGiven, ContestView, Moderation
from wushu.parties.types import Actor

_TITLE = Said("标题", "title", "title_zh")
_TITLE_EN = Said("英文标题", "title in English", "title_en")
_TEXT = Said("说明", "text", "text_zh")
_TEXT_EN = Said("英文说明", "text in English", "text_en")
_AWARD = Said("奖项", "award", "award")


def contest_announce(*, actor: Actor, organiser: UUID, given: ContestGiven) -> ContestView:
    """Announce a contest to everybody, as an authority or a body.

    Refusals: ``key-lacks-scope``, ``not-permitted``, ``invalid-value``, ``result-datasets``.
    """
    rules.require_organiser(actor, organiser)
    now = timezone.now()
    rules.require_days(given.begins, given.ends, timezone.localdate(now))
    themes = listed_datasets(given.datasets) if given.datasets else []
    with transaction.atomic():
        row = Contest.objects.create(
            organiser_id=organiser,
            title_zh=showing.filled(_TITLE, given.title_zh, showing.TITLE_LENGTH),
            title_en=showing.short(_TITLE_EN, given.title_en, showing.TITLE_LENGTH),
            text_zh=showing.filled(_TEXT, given.text_zh, showing.SUMMARY_LENGTH),
            text_en=showing.short(_TEXT_EN, given.text_en, showing.SUMMARY_LENGTH),
            begins=given.begins, ends=given.ends, announced_at=now,
        )  # fmt: skip
        rows = [ContestTheme.objects.create(contest=row, dataset=one.id) for one in themes]
        days = {"begins": given.begins.isoformat(), "ends": given.ends.isoformat()}
        _record(actor, row, "announced", [row, *rows], **days)
    return contest_view(row.pk)


def contest_change(
    *, actor: Actor, contest: UUID, text_zh: str, text_en: str, ends: date, reason: str
) -> ContestView:
    """Correct what an announced contest says, and make its last day later; what it said stays readable.

    Refusals: ``not-found``, ``key-lacks-scope``, ``not-permitted``, ``contest-change``,
    ``invalid-value``, ``reason-missing``.
    """
    with transaction.atomic():
        row = _locked(contest)
        rules.require_organiser(actor, row.organiser_id)
        texts = (
            showing.filled(_TEXT, text_zh, showing.SUMMARY_LENGTH),
            showing.short(_TEXT_EN, text_en, showing.SUMMARY_LENGTH),
        )
        before = (row.text_zh, row.text_en)
        rules.require_changeable(
            title=row.title_zh, ends=row.ends, later=ends, today=timezone.localdate(),
            is_same=(*before, row.ends) == (*texts, ends),
        )  # fmt: skip
        change = ContestChange.objects.create(
            contest=row, text_zh=before[0], text_en=before[1], ends=row.ends,
            reason=showing.reason_of(reason), at=timezone.now(),
        )  # fmt: skip
        (row.text_zh, row.text_en), row.ends = texts, ends
        row.save(update_fields=["text_zh", "text_en", "ends"])
        _record(actor, row, "changed", [row, change], ends=ends.isoformat())
    return contest_view(contest)


def contest_enter(*, actor: Actor, contest: UUID, result: UUID) -> None:
    """Enter one's own published result while the contest runs; entering it twice changes nothing.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``contest-not-running``,
    ``contest-not-for-this``.
    """
    showing.require_contributor(actor, rules.ENTER)
    with transaction.atomic():
        row = _running(contest, rules.ENTER)
        made = _own(actor, result)
        if made.state != Moderation.PUBLISHED.value:
            reason = Said("还没有公开", "it is not public")
            raise CONTEST_NOT_FOR_THIS(result=made.title_zh, title=row.title_zh, reason=reason)
        rules.require_on_theme(
            (one.dataset for one in made.datasets.all()),
            (one.dataset for one in row.themes.all()),
            result=made.title_zh, title=row.title_zh,
        )  # fmt: skip
        entry, new = ContestEntry.objects.get_or_create(
            contest=row, result=made, defaults={"entered_at": timezone.now()}
        )
        if new:
            _record(actor, row, "entered", [entry], result=f"urn:uuid:{result}")


def contest_leave(*, actor: Actor, contest: UUID, result: UUID) -> None:
    """Take one's result out while the contest runs.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``not-found``, ``contest-not-running``.
    """
    showing.require_contributor(actor, rules.LEAVE)
    with transaction.atomic():
        row = _running(contest, rules.LEAVE)
        entry = row.entries.filter(result=_own(actor, result)).first()
        if entry is None:
            raise NOT_FOUND(what=str(result))
        _record(actor, row, "left", [], [entry], result=f"urn:uuid:{result}")
        entry.delete()


def contest_award(*, actor: Actor, contest: UUID, awards: Sequence[Award]) -> None:
    """Name the winners, each with a reason; once, after the last day.

    Refusals: ``not-found``, ``key-lacks-scope``, ``not-permitted``, ``contest-awards``,
    ``invalid-value``, ``reason-missing``.
    """
    with transaction.atomic():
        row = _locked(contest)
        rules.require_organiser(actor, row.organiser_id)
        shown = row.entries.filter(result__state=Moderation.PUBLISHED.value)
        entries = {one.result_id: one for one in shown}
        rules.require_awardable(
            title=row.title_zh, ends=row.ends, today=timezone.localdate(),
            awarded=row.awarded_at is not None, entered=entries,
            winners=[one.result for one in awards],
        )  # fmt: skip
        for one in awards:
            entry = entries[one.result]
            entry.award = showing.filled(_AWARD, one.award, rules.AWARD_LENGTH)
            entry.reason = showing.reason_of(one.reason)
            entry.save()
        row.awarded_at = timezone.now()
        row.save()
        won = [entries[one.result] for one in awards]
        names = sorted(f"urn:uuid:{one.result}" for one in awards)
        _record(actor, row, "awarded", [row, *won], winners=names)


def _running(contest: UUID, what: Said) -> Contest:
    row = _locked(contest)
    obstacle = rules.running_obstacle(
        row.begins, row.ends, timezone.localdate(), what, title=row.title_zh
    )
    if obstacle is not None:
        raise obstacle
    return row


def _locked(contest: UUID) -> Contest:
    row = Contest.objects.select_for_update().filter(pk=contest).first()
    if row is None:
        raise NOT_FOUND(what=str(contest))
    return row


def _own(actor: Actor, result: UUID) -> Result:
    row = Result.objects.filter(pk=result, filer=actor.person).first()
    if row is None:
        raise NOT_FOUND(what=str(result))
    return row


def _record(
    actor: Actor,
    row: Contest,
    act: str,
    rows: Sequence[Any],
    gone: Sequence[Any] = (),
    **data: Any,
) -> None:
    record(
        f"opening.contest.{act}", actor=actor, subject=f"urn:uuid:{row.pk}", data=data, rows=rows,
        deleted=gone,
    )  # fmt: skip
