"""Series: proposed and filled by the body, listed by a second person (decision 19)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.catalog import arranging_refusals as no
from wushu.catalog import refusals, rules
from wushu.catalog.models import Entry, Series, SeriesMember
from wushu.catalog.presenting import write_words
from wushu.catalog.rules.series import SeriesAct, require_members, require_possible
from wushu.catalog.selectors.arranged import deciding_obstacle, series_view
from wushu.catalog.services.common import (
    changed_now,
    insert_under_slug,
    locked_entry,
    refuse_first,
    with_author,
)
from wushu.catalog.types import EntryState, SeriesState, SeriesView, Words
from wushu.evidence.services import record
from wushu.kernel.errors import NOT_FOUND
from wushu.parties.types import Actor


def series_propose(
    *, actor: Actor, body: UUID, words: Words, slug: str | None = None
) -> SeriesView:
    """A series of the body, which the public sees once a second person has listed it.

    Refusals: ``not-of-body``, ``slug-wrong``, ``slug-taken``, and those of ``rules.words_problems``.
    """
    rules.require_editor(actor, body)
    refuse_first(rules.words_problems(words))
    with transaction.atomic():
        row = Series(
            body_id=body,
            state=SeriesState.PROPOSED.value,
            proposed_by=actor.urn,
            proposed_at=timezone.now(),
            authors=with_author((), actor),
        )
        write_words(row, words)
        insert_under_slug(row, slug, words.title_zh)
        _record("proposed", actor, row, [row])
    return series_view(row)


def series_change(*, actor: Actor, series: UUID, words: Words) -> SeriesView:
    """Other words for a series that is not listed yet; a returned one is proposed again.

    Refusals: ``not-found``, ``not-of-body``, ``series-state``, and those of ``rules.words_problems``.
    """
    refuse_first(rules.words_problems(words))
    with transaction.atomic():
        row = _locked(series)
        rules.require_editor(actor, row.body_id)
        _require(row, SeriesAct.CHANGE)
        write_words(row, words)
        row.state = SeriesState.PROPOSED.value
        row.proposed_by, row.proposed_at = actor.urn, timezone.now()
        row.authors = with_author(row.authors, actor)
        row.decided_by, row.decided_at, row.reasons = "", None, ""
        row.save()
        _record("proposed", actor, row, [row])
    return series_view(row)


def series_list(*, actor: Actor, series: UUID) -> SeriesView:
    """List what was proposed: the second person's act, with at least two listed datasets in it.

    Refusals: ``not-found``, ``series-state``, ``series-empty``, and those of ``rules.gate_obstacle``.
    """
    with transaction.atomic():
        row = _locked(series)
        _require_second_person(actor, row)
        _require(row, SeriesAct.LIST)
        held = [one.entry for one in _members(row)]
        listed = sum(one.state == EntryState.LISTED.value for one in held)
        require_members(listed, row.title_zh)
        row.state = SeriesState.LISTED.value
        row.decided_by, row.decided_at = actor.urn, timezone.now()
        row.listed_at, row.reasons = row.decided_at, ""
        row.save()
        _record("listed", actor, row, [row, *changed_now(held)], slug=row.slug)
    return series_view(row)


def series_return(*, actor: Actor, series: UUID, reasons: str) -> SeriesView:
    """Return what was proposed, with reasons.

    Refusals: those of ``series_list`` but ``series-empty``, and ``reasons-missing``.
    """
    if not reasons.strip():
        raise refusals.REASONS_MISSING()
    with transaction.atomic():
        row = _locked(series)
        _require_second_person(actor, row)
        _require(row, SeriesAct.RETURN)
        row.state = SeriesState.RETURNED.value
        row.decided_by, row.decided_at = actor.urn, timezone.now()
        row.reasons = reasons.strip()
        row.save()
        _record("returned", actor, row, [row])
    return series_view(row)


def series_add(*, actor: Actor, series: UUID, entry: UUID, period: str) -> SeriesView:
    """Put a listed dataset of the same body into the series, for a period.

    At once, for the public too where the series is listed: the dataset has passed its own gate, and a
    period is a date of a fixed form. Refusals: ``not-found``, ``not-of-body``, ``series-state``,
    ``entry-of-another-body``, ``entry-not-listed``, ``already-in-series``, ``series-period-wrong``,
    ``series-period-taken``.
    """
    period = rules.require_period(period)
    with transaction.atomic():
        held = locked_entry(entry)
        row = _locked(series)
        rules.require_editor(actor, row.body_id)
        _require(row, SeriesAct.FILL)
        _require_fit(row, held, period)
        member = SeriesMember(
            entry=held, series=row, period=period, added_by=actor.urn, added_at=timezone.now()
        )
        member.save(force_insert=True)
        _record("filled", actor, row, [member, *_seen(row, [held])], entry=f"urn:uuid:{held.pk}")
    return series_view(row)


def series_drop(*, actor: Actor, series: UUID, entry: UUID) -> SeriesView:
    """Take a dataset out. Refusals: ``not-found``, ``not-of-body``, ``not-in-it``."""
    with transaction.atomic():
        held = locked_entry(entry)
        row = _locked(series)
        rules.require_editor(actor, row.body_id)
        member = SeriesMember.objects.filter(series=row, entry=held).first()
        if member is None:
            raise no.NOT_IN_IT(title=held.slug)
        _record(
            "emptied", actor, row, _seen(row, [held]), deleted=[member],
            entry=f"urn:uuid:{held.pk}",
        )  # fmt: skip
        member.delete()
    return series_view(row)


def series_close(*, actor: Actor, series: UUID, reasons: str) -> SeriesView:
    """End a series; its datasets stay as they are. For the body, and for its authority.

    Refusals: ``not-found``, ``not-for-closing``, ``reasons-missing``, ``series-state``.
    """
    if not reasons.strip():
        raise refusals.REASONS_MISSING()
    with transaction.atomic():
        row = _locked(series)
        over = rules.authority_obstacle(actor, body=row.body_id, body_division=row.body.division)
        if over is not None and not rules.may_edit(actor, row.body_id):
            raise refusals.NOT_FOR_CLOSING(who=actor.name, act_zh="关闭", act_en="close")
        _require(row, SeriesAct.CLOSE)
        members = _members(row)
        touched = _seen(row, [one.entry for one in members])
        row.state = SeriesState.CLOSED.value
        row.decided_by, row.decided_at = actor.urn, timezone.now()
        row.reasons = reasons.strip()
        row.save()
        _record("closed", actor, row, [row, *touched], deleted=members)
        for member in members:
            member.delete()
    return series_view(row)


def _locked(series: UUID) -> Series:
    found = (
        Series.objects.select_for_update(of=("self",))
        .select_related("body")
        .filter(pk=series)
        .first()
    )
    if found is None:
        raise NOT_FOUND(what=str(series))
    return found


def _members(row: Series) -> list[SeriesMember]:
    return list(SeriesMember.objects.filter(series=row).select_related("entry__body"))


def _seen(row: Series, entries: Sequence[Entry]) -> list[Entry]:
    """The entries whose public description changes with the series."""
    return changed_now(entries) if row.state == SeriesState.LISTED.value else []


def _require(row: Series, act: SeriesAct) -> None:
    require_possible(act, SeriesState(row.state), row.title_zh)


def _require_second_person(actor: Actor, row: Series) -> None:
    obstacle = deciding_obstacle(row, actor)
    if obstacle is not None:
        raise obstacle


def _require_fit(row: Series, entry: Entry, period: str) -> None:
    listed = entry.listed_revision
    title = entry.slug if listed is None else listed.title_zh
    if entry.body_id != row.body_id:
        raise no.ENTRY_OF_ANOTHER_BODY(title=title)
    if entry.state != EntryState.LISTED.value:
        raise no.ENTRY_NOT_LISTED(title=title)
    other = SeriesMember.objects.filter(entry=entry).select_related("series").first()
    if other is not None:
        raise no.ALREADY_IN_SERIES(title=title, series=other.series.title_zh)
    same = (
        SeriesMember.objects.filter(series=row, period=period)
        .select_related("entry__listed_revision")
        .first()
    )
    if same is not None:
        named = same.entry.listed_revision
        raise no.PERIOD_TAKEN(
            period=period, title=same.entry.slug if named is None else named.title_zh
        )


def _record(
    act: str,
    actor: Actor,
    row: Series,
    rows: Sequence[models.Model],
    *,
    deleted: Sequence[models.Model] = (),
    **data: Any,
) -> None:
    """Append ``catalog.series.<act>``; what it is called enters the log once it is listed."""
    record(
        f"catalog.series.{act}",
        actor=actor,
        subject=f"urn:uuid:{row.pk}",
        data={"state": row.state, **data},
        rows=rows,
        deleted=deleted,
    )
