"""Computations: a user's program is run where the data are, an official lets the result out or does not.

What the log says of one names the dataset, its version and digests, never the program or the result.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.dataplane import selectors as dataplane_selectors
from wushu.dataplane import services as dataplane
from wushu.evidence.services import record
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import NOT_FOUND, Refusal
from wushu.opening import computing_refusals as no
from wushu.opening.computed import document_of
from wushu.opening.computing import computation_view, grant_today
from wushu.opening.models import Agreement, Computation, ComputationTurn, ComputedContent
from wushu.opening.rules import computations as rules
from wushu.opening.rules.showing import reason_of
from wushu.opening.services.case_notices import computation_told
from wushu.opening.types import ComputationState, ComputationView
from wushu.parties import selectors as parties
from wushu.parties.types import NODE, Actor, Channel
from wushu.privacy import services as privacy
from wushu.privacy.types import Computed, ProgramLimits

logger = logging.getLogger(__name__)


def limits() -> ProgramLimits:
    """What this node lets a program take."""
    return ProgramLimits(
        characters=rules.CHARACTERS, seconds=settings.COMPUTATION_SECONDS,
        memory_mb=settings.COMPUTATION_MEMORY_MB, threads=settings.COMPUTATION_THREADS,
        rows=settings.COMPUTATION_ROWS, bytes=settings.COMPUTATION_BYTES,
    )  # fmt: skip


def computation_submit(
    *, actor: Actor, dataset: UUID, program: str, grant: UUID | None = None
) -> ComputationView:
    """Hand in a program for what a grant of results covers; a worker runs it.

    ``grant`` names one of several. Refusals: ``sign-in-first``, those of ``dataplane.computable``,
    ``computations-full``, those of ``privacy.program_check``.
    """
    rules.require_submitter(actor)
    assert actor.person is not None
    assert actor.account is not None
    now = timezone.now()
    found = dataplane_selectors.computable(dataset, actor, now, grant=grant)
    entry = catalog.entry_by_id(dataset)
    _require_room(actor.person, dataset, entry.title_zh)
    privacy.program_check(program, limits())
    with transaction.atomic():
        _wait_for_turn(actor.person, dataset)
        _require_room(actor.person, dataset, entry.title_zh)
        salt = secrets.token_hex(32)
        row = Computation.objects.create(
            dataset=dataset, body=entry.body, grant=found.access.grant,
            case=_case_of(found.access.grant), organisation=found.organisation,
            purpose=found.purpose,
            submitter_id=actor.person, account=actor.account, program=program, salt=salt,
            program_sha256=rules.digest_of_program(program, salt),
            state=ComputationState.QUEUED.value, submitted_at=now,
        )  # fmt: skip
        ComputationTurn.objects.create(computation=row, since=now)
        _record(actor, row, "submitted")
        _enqueue(row.pk)
    return computation_view(row, actor=actor)


def computation_run(computation: UUID) -> None:
    """Run a program that waits, and keep its result or the name of its error.

    Background work for who submitted it, whose grant is asked for again; nothing happens to one that
    another worker has taken or that has run.
    """
    if not _taken(computation):
        return
    row = Computation.objects.get(pk=computation)
    try:
        _run(row)
    except Refusal as refusal:
        _fail(row, refusal)
    except Exception:
        logger.exception("computation %s failed", row.pk)
        _fail(row, no.COMPUTATION_BROKE())


def computations_resume() -> int:
    """Queue once more what a worker that is gone had taken; how many. Background work, steadily.

    What no worker has taken stands in the queue since it was handed in. One that has outlived
    ``TRIES`` workers is given up: it would end the next one too.
    """
    now = timezone.now()
    queued = 0
    left = rules.left_since(now, settings.COMPUTATION_SECONDS)
    for turn in ComputationTurn.objects.filter(since__lt=left).select_related("computation"):
        if turn.tries >= rules.TRIES:
            _fail(turn.computation, no.COMPUTATION_GIVEN_UP(tries=turn.tries))
            continue
        with transaction.atomic():
            again = ComputationTurn.objects.filter(pk=turn.pk, since=turn.since)
            if again.update(is_taken=False, since=now):
                _enqueue(turn.pk)
                queued += 1
    return queued


def computation_release(*, actor: Actor, computation: UUID, reason: str) -> ComputationView:
    """Let a result out to who submitted the program; ``reason`` says what was looked at.

    Refusals: ``not-found``, ``key-lacks-scope``, ``not-permitted``, ``computation-of-ones-own``,
    ``computation-stands-otherwise``, ``reason-missing``.
    """
    with transaction.atomic():
        row = _to_decide(actor, computation)
        rules.require_state(ComputationState(row.state), (ComputationState.WAITING,), rules.RELEASE)
        return _decide(actor, row, ComputationState.RELEASED, reason)


def computation_withhold(*, actor: Actor, computation: UUID, reason: str) -> ComputationView:
    """Keep a result in; its bytes are erased, its digest stays. Refusals as ``computation_release``."""
    with transaction.atomic():
        row = _to_decide(actor, computation)
        rules.require_state(
            ComputationState(row.state), (ComputationState.WAITING,), rules.WITHHOLD
        )
        decided = _decide(actor, row, ComputationState.WITHHELD, reason)
        ComputedContent.objects.filter(computation=row).delete()
        return decided


def computation_download(*, actor: Actor, computation: UUID) -> bytes:
    """A released result, for who submitted the program; a receipt is left before the first byte.

    The grant is asked for anew: where it ended, so did this. Refusals: ``sign-in-first``,
    ``not-found``, ``computation-not-released``, those of ``dataplane.computable``.
    """
    rules.require_submitter(actor)
    row = Computation.objects.filter(pk=computation, submitter=actor.person).first()
    if row is None:
        raise NOT_FOUND(what=str(computation))
    state = ComputationState(row.state)
    if state is not ComputationState.RELEASED:
        raise no.COMPUTATION_NOT_RELEASED(state=rules.STATE_WORDS[state])
    dataplane.computed_delivered(
        actor=actor, dataset=row.dataset, version=row.version_number, grant=grant_today(row),
        columns=[name for name, _ in row.columns], rows=row.rows or 0,
        query=f"program {row.program_sha256} result {row.result_sha256}",
    )  # fmt: skip
    return bytes(ComputedContent.objects.get(computation=row).content)


# Running


def _taken(computation: UUID) -> bool:
    """Whether the computation is this worker's now: of all that try, one statement takes it."""
    free = ComputationTurn.objects.filter(pk=computation, is_taken=False)
    return bool(free.update(is_taken=True, since=timezone.now(), tries=F("tries") + 1))


def _run(row: Computation) -> None:
    actor = parties.actor_for_account(row.account, Channel.BACKGROUND)
    with dataplane.granted_copy(
        actor=actor, dataset=row.dataset, grant=grant_today(row), query=row.program,
        name=f"computation-{row.pk}",
    ) as copy:  # fmt: skip
        found = privacy.program_run(
            row.program, table=copy.table, folder=copy.folder, limits=limits(),
            may_run=_asking(actor, row),
        )  # fmt: skip
    _keep(actor, row, copy, found)


def _asking(actor: Actor, row: Computation) -> Callable[[], bool]:
    def may_run() -> bool:
        try:
            dataplane_selectors.computable(
                row.dataset, actor, timezone.now(), grant=grant_today(row)
            )
        except Refusal:
            return False
        return True

    return may_run


def _keep(
    actor: Actor, row: Computation, copy: dataplane_selectors.GrantedCopy, found: Computed
) -> None:
    content = document_of(found, program=row.program, salt=row.salt)
    with transaction.atomic():
        # Between its end and this line the grant may have ended too.
        dataplane_selectors.computable(row.dataset, actor, timezone.now(), grant=grant_today(row))
        if not _ends(row):
            return
        read = copy.access
        row.version, row.version_number = read.version, read.number
        row.manifest_sha256 = read.manifest_sha256
        row.columns = [list(one) for one in found.columns]
        row.rows, row.bytes = len(found.rows), len(content)
        row.smallest_group, row.result_sha256 = found.smallest_group, sha256_hex(content)
        row.state, row.ran_at = ComputationState.WAITING.value, timezone.now()
        row.save()
        ComputedContent.objects.create(computation=row, content=content)
        _record(actor, row, "ran", version=row.manifest_sha256, result=row.result_sha256)


def _fail(row: Computation, refusal: Refusal) -> None:
    with transaction.atomic():
        if not _ends(row):
            return
        row.state, row.ran_at = ComputationState.FAILED.value, timezone.now()
        row.refusal = {**refusal.as_problem("zh"), "way_out_en": refusal.way_out("en")}
        row.save()
        _record(NODE, row, "failed", refusal=refusal.name)
        _tell(row)


def _ends(row: Computation) -> bool:
    """Whether nobody else has ended it meanwhile; its turn is over, and the row locked from here on."""
    ComputationTurn.objects.filter(pk=row.pk).delete()
    waiting = Computation.objects.select_for_update().filter(
        pk=row.pk, state=ComputationState.QUEUED.value
    )
    return waiting.exists()


# Deciding


def _to_decide(actor: Actor, computation: UUID) -> Computation:
    row = Computation.objects.select_for_update().filter(pk=computation).first()
    if row is None:
        raise NOT_FOUND(what=str(computation))
    obstacle = rules.decision_obstacle(
        actor, body=row.body, submitter=row.submitter_id, organisation=row.organisation
    )
    if obstacle is not None:
        raise obstacle
    return row


def _decide(
    actor: Actor, row: Computation, state: ComputationState, reason: str
) -> ComputationView:
    row.reason = reason_of(reason)
    row.state, row.decided_at, row.decided_by = state.value, timezone.now(), actor.person
    row.save()
    _record(actor, row, state.value, version=row.manifest_sha256, result=row.result_sha256)
    _tell(row)
    return computation_view(row, actor=actor)


def _case_of(grant: UUID) -> UUID | None:
    """The case whose agreement led to a grant; None where it was written by hand."""
    return Agreement.objects.filter(grant=grant).values_list("case", flat=True).first()


def _tell(row: Computation) -> None:
    """Who submitted it hears what became of it."""
    ended = row.decided_at or row.ran_at
    assert ended is not None
    computation_told(row, catalog.entry_by_id(row.dataset).title_zh, ended)


def _wait_for_turn(person: UUID, dataset: UUID) -> None:
    """Let one person's programs for one dataset be counted and added one after the other.

    SQLite's writers take turns; on PostgreSQL there may be no row yet to lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            name = f"computation {person} {dataset}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _require_room(person: UUID, dataset: UUID, title: str) -> None:
    """A failed program tells a little that nobody released; so there are only so many in a day."""
    given = Computation.objects.filter(submitter=person, dataset=dataset)
    day = given.filter(submitted_at__gt=timezone.now() - timedelta(days=1)).count()
    waiting = given.filter(state=ComputationState.QUEUED.value).count()
    if day >= settings.COMPUTATIONS_PER_DAY or waiting >= rules.OPEN_MOST:
        raise no.COMPUTATIONS_FULL(
            title=title, given=day, limit=settings.COMPUTATIONS_PER_DAY, open=rules.OPEN_MOST
        )


def _record(actor: Actor, row: Computation, act: str, **data: Any) -> None:
    record(
        f"opening.computation.{act}", actor=actor, subject=f"urn:uuid:{row.pk}",
        data={"dataset": f"urn:uuid:{row.dataset}", "program": row.program_sha256, **data}, rows=[row],
    )  # fmt: skip


def _enqueue(computation: UUID) -> None:
    from wushu.opening import tasks  # noqa: PLC0415  (tasks call these services)

    tasks.computation_run.enqueue(str(computation))
