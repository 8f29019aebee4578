"""Reading a source: now, or when its time has come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from wushu.evidence.services import record
from wushu.harvest import rules
from wushu.harvest.models import Run, Source
from wushu.harvest.place import node_place
from wushu.harvest.presenting import run_view
from wushu.harvest.refusals import HARVEST_BROKEN_OFF, HARVEST_RUNNING
from wushu.harvest.services.applying import apply, plan_of
from wushu.harvest.services.collecting import collect
from wushu.harvest.types import RunState, RunView, SourceState
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.kernel.outgoing.client import Client
from wushu.parties.types import NODE, Actor

RUNS_KEPT = 50
"""Of each source."""
SILENT = timedelta(minutes=5)
"""A run that gave no sign for so long has ended with its process; one answer takes a minute at most."""

logger = logging.getLogger(__name__)


def source_run_ask(*, actor: Actor, name: str, accept_shrink: bool = False) -> RunView:
    """Have the source read by the worker as soon as it can.

    ``accept_shrink``: the actor has looked at the source and takes it as it is now. Refusals:
    ``harvester-lacks-role``, ``not-found``, ``source-state-wrong``.
    """
    rules.require_manager(actor, node_place())
    with transaction.atomic():
        source = _active(name)
        _note_accepted(actor, source, accept_shrink)
        run, _ = Run.objects.get_or_create(
            source=source, state=RunState.WAITING.value, defaults={"asked_at": timezone.now()}
        )
        if accept_shrink and not run.accept_shrink:
            run.accept_shrink = True
            run.save(update_fields=["accept_shrink"])
    return run_view(run)


def source_harvest(
    *,
    actor: Actor,
    name: str,
    accept_shrink: bool = False,
    client: Client | None = None,
    is_ending: Callable[[], bool] = bool,
) -> RunView:
    """Read the source now and write what differs; for the node, and for who manages harvests.

    The same content again writes no record and nothing in the log. A refusal (of the source, of the
    way to it, of what it gave) leaves all records as they were; it stands in the run that is given
    back. Raised are only ``harvester-lacks-role``, ``not-found``, ``source-state-wrong`` and
    ``harvest-running``.
    """
    if actor != NODE:
        rules.require_manager(actor, node_place())
    source, run = _claimed(actor, name, accept_shrink)

    def alive() -> None:
        if is_ending():
            raise HARVEST_BROKEN_OFF(name=source.name)
        Run.objects.filter(pk=run.pk).update(alive_at=timezone.now())

    try:
        _read(actor, source, run, client, alive)
    except Refusal as refusal:
        _end(run, RunState.REFUSED, refusal)
    except BaseException:
        _end(run, RunState.REFUSED, HARVEST_BROKEN_OFF(name=source.name))
        raise
    else:
        _end(run, RunState.DONE, None)
    return run_view(run)


def sources_harvest_due(*, is_ending: Callable[[], bool] = bool) -> int:
    """Read every active source whose time has come or that somebody asked for; how many were read.

    Background work of the node. One that is refused is told in its run and in the node's log.
    """
    read = 0
    now = timezone.now()
    for source in Source.objects.filter(state=SourceState.ACTIVE.value).order_by("name"):
        if is_ending():
            break
        if not _is_due(source, now):
            continue
        try:
            run = source_harvest(actor=NODE, name=source.name, is_ending=is_ending)
        except Refusal as refusal:  # another process has it, or it was stopped meanwhile
            logger.info("%s", refusal)
            continue
        read += 1
        if run.refusal:
            logger.warning("harvest of %s: %s [%s]", source.name, run.refusal_en, run.refusal)
    return read


def _is_due(source: Source, now: datetime) -> bool:
    assert source.activated_at is not None  # it is active
    waiting = source.runs.filter(state=RunState.WAITING.value).first()
    latest = source.runs.order_by("-asked_at").first()
    due = rules.due_since(
        activated_at=source.activated_at,
        every_hours=source.every_hours,
        last_asked_at=None if latest is None else latest.asked_at,
        waiting_since=None if waiting is None else waiting.asked_at,
    )
    return due <= now


def _active(name: str) -> Source:
    source = Source.objects.select_for_update().filter(name=name).first()
    if source is None:
        raise NOT_FOUND(what=name[:80])
    rules.require_state(name, source.state, rules.HARVEST, SourceState.ACTIVE)
    return source


def _note_accepted(actor: Actor, source: Source, accept_shrink: bool) -> None:
    if accept_shrink:
        record(
            "harvest.shrink.accepted",
            actor=actor,
            subject=f"urn:uuid:{source.pk}",
            data={"name": source.name},
            rows=[],
        )


def _claimed(actor: Actor, name: str, accept_shrink: bool) -> tuple[Source, Run]:
    """The source and a run of it that is ours alone; ``harvest-running``."""
    now = timezone.now()
    try:
        with transaction.atomic():
            source = _active(name)
            _note_accepted(actor, source, accept_shrink)
            for silent in source.runs.filter(
                state=RunState.RUNNING.value, alive_at__lt=now - SILENT
            ):
                _end(silent, RunState.REFUSED, HARVEST_BROKEN_OFF(name=name))
            run = source.runs.filter(state=RunState.WAITING.value).first()
            run = run or Run(source=source, asked_at=now)
            run.state = RunState.RUNNING.value
            run.accept_shrink |= accept_shrink
            run.started_at = run.alive_at = now
            run.save()
    except IntegrityError:
        raise HARVEST_RUNNING(name=name) from None
    return source, run


def _read(
    actor: Actor, source: Source, run: Run, client: Client | None, alive: Callable[[], None]
) -> None:
    found = collect(source, client, alive, since=_changed_since(source, run))
    with found.spool:
        run.since, run.until = found.since, found.until
        run.counts = {"seen": len(found.places), "skipped": found.skipped_count}
        run.skipped = [
            {"identifier": one.identifier, "zh": one.zh, "en": one.en} for one in found.skipped
        ]
        plan = plan_of(source, found, accept_shrink=run.accept_shrink)
        apply(actor, source, run.pk, found, plan, alive)
        run.counts |= plan.counts


def _changed_since(source: Source, run: Run) -> str:
    """The day since which changes are enough; who accepts a loss accepts it of the whole."""
    if run.accept_shrink:
        return ""
    done = source.runs.filter(state=RunState.DONE.value).order_by("-finished_at")
    last, whole = done.first(), done.filter(since="").first()
    return rules.changed_since(
        read_until="" if last is None else last.until,
        whole_at=None if whole is None else whole.finished_at,
        now=timezone.now(),
    )


def _end(run: Run, state: RunState, refusal: Refusal | None) -> None:
    run.state, run.finished_at = state.value, timezone.now()
    if refusal is not None:
        run.refusal = refusal.name
        run.refusal_zh = f"{refusal.sentence('zh')}{refusal.way_out('zh')}"
        run.refusal_en = f"{refusal.sentence('en')} {refusal.way_out('en')}"
    run.save()
    _forget_old(run.source_id)


def _forget_old(source: UUID) -> None:
    """Keep the newest, and the last that ended well, which says when the source was last read."""
    runs = Run.objects.filter(source=source)
    kept = list(runs.order_by("-asked_at").values_list("pk", flat=True)[:RUNS_KEPT])
    done = runs.filter(state=RunState.DONE.value).order_by("-finished_at")
    kept += list(done.values_list("pk", flat=True)[:1])
    runs.exclude(pk__in=kept).delete()
