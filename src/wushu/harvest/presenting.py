"""Rows as others see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max

from wushu.harvest.models import Record, Run, Source
from wushu.harvest.types import (
    Description,
    RecordState,
    RecordView,
    RunState,
    RunView,
    Skipped,
    SourceKind,
    SourceState,
    SourceView,
)


def source_view(row: Source) -> SourceView:
    """A source with the number of its records and when it was last read to the end."""
    return source_views([row])[0]


def source_views(rows: Sequence[Source]) -> list[SourceView]:
    """The same of several, in two queries more however many they are."""
    of_these = Record.objects.filter(source__in=rows).order_by().values_list("source", "state")
    counts = {(pk, state): number for pk, state, number in of_these.annotate(number=Count("pk"))}
    done = Run.objects.filter(source__in=rows, state=RunState.DONE.value).order_by()
    checked = dict(done.values_list("source").annotate(last=Max("finished_at")))
    return [
        SourceView(
            id=row.pk,
            name=row.name,
            kind=SourceKind(row.kind),
            url=row.url,
            prefix=row.prefix,
            set=row.set,
            title_zh=row.title_zh,
            title_en=row.title_en,
            every_hours=row.every_hours,
            state=SourceState(row.state),
            reason=row.reason,
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            activated_by=row.activated_by,
            activated_at=row.activated_at,
            stopped_by=row.stopped_by,
            stopped_at=row.stopped_at,
            stop_reason=row.stop_reason,
            checked_at=checked.get(row.pk),
            present=counts.get((row.pk, RecordState.PRESENT.value), 0),
            gone=counts.get((row.pk, RecordState.GONE.value), 0),
        )
        for row in rows
    ]


def run_view(row: Run) -> RunView:
    """A run with what came of it."""
    counts = row.counts
    return RunView(
        id=row.pk,
        source=row.source_id,
        state=RunState(row.state),
        since=row.since,
        asked_at=row.asked_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        seen=counts.get("seen", 0),
        added=counts.get("added", 0),
        changed=counts.get("changed", 0),
        renamed=counts.get("renamed", 0),
        gone=counts.get("gone", 0),
        unchanged=counts.get("unchanged", 0),
        skipped=tuple(Skipped(**one) for one in row.skipped),
        skipped_count=counts.get("skipped", 0),
        refusal=row.refusal,
        refusal_zh=row.refusal_zh,
        refusal_en=row.refusal_en,
    )


def record_view(row: Record) -> RecordView:
    """A record; ``row.source`` is read with it. ``checked_at`` comes from the source's last run."""
    done = row.source.runs.filter(state=RunState.DONE.value).order_by("-finished_at")
    return _record_view(row, done.values_list("finished_at", flat=True).first())


def record_line(row: Record) -> RecordView:
    """The same for a list, which does not say when the source was last read."""
    return _record_view(row, None)


def _record_view(row: Record, checked: datetime | None) -> RecordView:
    source = row.source
    return RecordView(
        id=row.pk,
        source=source.pk,
        source_name=source.name,
        source_title_zh=source.title_zh,
        source_title_en=source.title_en,
        source_url=source.url,
        is_source_active=source.state == SourceState.ACTIVE.value,
        state=RecordState(row.state),
        description=Description.from_json(row.description),
        former_identifiers=tuple(row.former_identifiers),
        first_seen_at=row.first_seen_at,
        changed_at=row.changed_at,
        gone_at=row.gone_at,
        checked_at=checked,
    )
