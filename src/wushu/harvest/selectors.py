"""Reads of the harvest. Records are public; proposals and runs are for who manages harvests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from wushu.harvest import rules
from wushu.harvest.labels import RUN_STATES, SOURCE_KINDS, SOURCE_STATES
from wushu.harvest.models import Record, Run, Source
from wushu.harvest.place import node_place
from wushu.harvest.presenting import record_line, record_view, run_view, source_view, source_views
from wushu.harvest.types import (
    RecordPage,
    RecordState,
    RecordView,
    RunState,
    RunView,
    SourceCount,
    SourceState,
    SourceTrouble,
    SourceView,
)
from wushu.kernel import cursors
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.kernel.text import normalise
from wushu.kernel.text import runs as runs_of_text
from wushu.parties.types import Actor

__all__ = [
    "COUNT_CAP",
    "RUN_STATES",
    "SOURCE_KINDS",
    "SOURCE_STATES",
    "STATE_WORDS",
    "activation_obstacle",
    "last_runs",
    "proposal_obstacle",
    "record",
    "records",
    "runs",
    "source",
    "source_counts",
    "sources",
    "to_activate",
    "troubles",
]

STATE_WORDS = rules.STATE_WORDS
COUNT_CAP = 1_000
"""Records are counted no further."""
QUERY_MAX = 200


# For everybody


def records(
    *, query: str = "", source: str = "", cursor: str | None = None, limit: int = 20
) -> RecordPage:
    """Records that active sources have now, the last changed first.

    ``query``: every word must be in title, description, keywords or publisher, or be the title's
    pinyin. ``source``: name of one. Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    wanted = _wanted(query, source)
    context = {"list": "harvested", "query": normalise(query[:QUERY_MAX]), "source": source}
    key = cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)
    rows = Record.objects.filter(wanted)
    total = rows.order_by()[: COUNT_CAP + 1].count()
    if not total:
        return RecordPage((), None, 0)
    if cursor:
        rows = rows.filter(_after(cursors.decode(cursor, context, key=key)))
    held = list(rows.select_related("source").order_by("-changed_at", "-pk")[: limit + 1])
    following = None
    if len(held) > limit:
        last = held[limit - 1]
        following = cursors.encode([last.changed_at, str(last.pk)], context, key=key)
    items = tuple(record_line(row) for row in held[:limit])
    return RecordPage(items, following, min(total, COUNT_CAP), total > COUNT_CAP)


def record(record: UUID) -> RecordView:
    """One record, gone ones too (their state says so); ``not-found``."""
    row = Record.objects.select_related("source").filter(pk=record).first()
    if row is None or row.source.activated_at is None:
        raise NOT_FOUND(what=str(record))
    return record_view(row)


def source_counts(*, query: str = "") -> list[SourceCount]:
    """How many records of each active source fit, those with none included."""
    counted = _counted(_wanted(query, ""))
    rows = Source.objects.filter(state=SourceState.ACTIVE.value).order_by("name")
    return [
        SourceCount(one.name, one.title_zh, one.title_en, counted.get(one.pk, 0)) for one in rows
    ]


def _counted(wanted: Q) -> dict[UUID, int]:
    found = Record.objects.filter(wanted).values_list("source").annotate(count=Count("pk"))
    return dict(found.order_by())


def _wanted(query: str, source: str) -> Q:
    active = Source.objects.filter(state=SourceState.ACTIVE.value)
    if source:
        active = active.filter(name=source)
    # Sources are few, and a join would be made for every record that is looked at.
    wanted = Q(
        state=RecordState.PRESENT.value, source__in=list(active.values_list("pk", flat=True))
    )
    text = query[:QUERY_MAX].encode("utf-8", "ignore").decode().replace("\x00", "")
    for word in runs_of_text(text):
        # Not `contains`: SQLite's LIKE decodes every character and takes four times as long.
        wanted &= Q(GreaterThan(StrIndex(F("words"), Value(word)), 0))
    return wanted


def _after(values: Sequence[Any]) -> Q:
    changed, record = values
    if not isinstance(changed, datetime):
        raise cursors.CURSOR_INVALID()
    return Q(changed_at__lt=changed) | Q(changed_at=changed, pk__lt=UUID(str(record)))


# For the node's operator


def troubles() -> list[SourceTrouble]:
    """Active sources that nobody reads though they are due, or whose last reading was refused."""
    now = timezone.now()
    active = Source.objects.filter(state=SourceState.ACTIVE.value).order_by("name")
    of_these = Run.objects.filter(source__in=active).order_by()
    asked = dict(of_these.values_list("source").annotate(last=Max("asked_at")))
    waiting = dict(of_these.filter(state=RunState.WAITING.value).values_list("source", "asked_at"))
    ended = Run.objects.filter(source=OuterRef("source"), finished_at__isnull=False)
    last_ended = of_these.filter(pk=Subquery(ended.order_by("-finished_at").values("pk")[:1]))
    refused = {row.source_id: run_view(row) for row in last_ended.exclude(refusal="")}
    found = []
    for row in active:
        assert row.activated_at is not None  # it is active
        due = rules.due_since(
            activated_at=row.activated_at,
            every_hours=row.every_hours,
            last_asked_at=asked.get(row.pk),
            waiting_since=waiting.get(row.pk),
        )
        if rules.is_overdue(due, now):
            found.append(SourceTrouble(row.name, due, None))
        elif row.pk in refused:
            found.append(SourceTrouble(row.name, None, refused[row.pk]))
    return found


# For who manages harvests


def proposal_obstacle(*, actor: Actor) -> Refusal | None:
    """Why the actor may not propose a source; None: they may."""
    return rules.management_obstacle(actor, node_place())


def sources(*, actor: Actor) -> list[SourceView]:
    """All sources by name; ``harvester-lacks-role``."""
    rules.require_manager(actor, node_place())
    return source_views(list(Source.objects.order_by("name")))


def source(name: str, *, actor: Actor) -> SourceView:
    """One source; ``harvester-lacks-role``, ``not-found``."""
    rules.require_manager(actor, node_place())
    return source_view(_source(name))


def runs(name: str, *, actor: Actor, limit: int = 20) -> list[RunView]:
    """The last runs of a source, the newest first; ``harvester-lacks-role``, ``not-found``."""
    rules.require_manager(actor, node_place())
    found: QuerySet[Run] = _source(name).runs.order_by("-asked_at")[:limit]
    return [run_view(row) for row in found]


def last_runs(*, actor: Actor) -> dict[UUID, RunView]:
    """The newest run of each source that has one; ``harvester-lacks-role``."""
    rules.require_manager(actor, node_place())
    newest = Run.objects.filter(source=OuterRef("source")).order_by("-asked_at").values("pk")[:1]
    return {row.source_id: run_view(row) for row in Run.objects.filter(pk=Subquery(newest))}


def activation_obstacle(name: str, *, actor: Actor) -> Refusal | None:
    """Why the actor may not activate the source; None: they may. ``not-found``."""
    return _activation_obstacle(_source(name), actor)


def to_activate(*, actor: Actor) -> list[SourceView]:
    """Proposed sources that wait for the actor as the second person; empty for who is none."""
    proposed = Source.objects.filter(state=SourceState.PROPOSED.value).order_by("proposed_at")
    return source_views([row for row in proposed if _activation_obstacle(row, actor) is None])


def _activation_obstacle(row: Source, actor: Actor) -> Refusal | None:
    return rules.activation_obstacle(
        actor, node_place(), proposed_by=row.proposed_by, proposed_person=row.proposed_person
    )


def _source(name: str) -> Source:
    row = Source.objects.filter(name=name).first()
    if row is None:
        raise NOT_FOUND(what=name[:80])
    return row
