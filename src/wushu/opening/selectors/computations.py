"""Reads of computations: one's own, what waits for an official, a result before it is decided on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from wushu.catalog.types import FieldType
from wushu.dataplane import selectors as dataplane
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import NOT_FOUND, Refusal, Said
from wushu.kernel.paging import page_of
from wushu.opening.computed import cell, csv_of, file_of, table_of
from wushu.opening.computing import computation_views
from wushu.opening.models import Computation, ComputedContent
from wushu.opening.rules import computations as rules
from wushu.opening.types import (
    ComputationPage,
    ComputationState,
    ComputationView,
    ComputedFile,
    ComputedTable,
)
from wushu.parties.types import Actor

RESULT_SHOWN = 100
"""Rows of a result on the official's page; the file has all of them."""


def computations_mine(
    *, actor: Actor, dataset: UUID | None = None, cursor: str | None = None, limit: int = 20
) -> ComputationPage:
    """What the actor submitted, newest first.

    Refusals: ``sign-in-first``, ``key-lacks-scope``, ``cursor-invalid``, ``cursor-of-another-query``.
    """
    rules.require_submitter(actor)
    rows = Computation.objects.filter(submitter=actor.person)
    if dataset is not None:
        rows = rows.filter(dataset=dataset)
    context = ["computations-mine", str(actor.person), str(dataset)]
    held, following = page_of(rows, "-submitted_at", context, cursor=cursor, limit=limit)
    return ComputationPage(tuple(computation_views(held, actor=actor)), following)


def computations_waiting(
    *, actor: Actor, cursor: str | None = None, limit: int = 20
) -> ComputationPage:
    """Results that wait for officials of the actor's bodies, the longest waiting first.

    Those on which a colleague has to decide stand there too, with nothing of their result.
    Refusals: ``key-lacks-scope``, ``not-permitted``, ``cursor-invalid``, ``cursor-of-another-query``.
    """
    return _of_bodies(actor, ComputationState.WAITING, "ran_at", cursor, limit)


def computations_failed(
    *, actor: Actor, cursor: str | None = None, limit: int = 20
) -> ComputationPage:
    """Programs over data of the actor's bodies that did not run to their end, the newest first.

    For officials: a failed run tells a little that nobody released. Refusals as ``computations_waiting``.
    """
    return _of_bodies(actor, ComputationState.FAILED, "-ran_at", cursor, limit)


def _of_bodies(
    actor: Actor, state: ComputationState, by: str, cursor: str | None, limit: int
) -> ComputationPage:
    rows = Computation.objects.filter(body__in=rules.decided_bodies(actor), state=state.value)
    context = [f"computations-{state.value}", str(actor.person)]
    held, following = page_of(rows, by, context, cursor=cursor, limit=limit)
    return ComputationPage(tuple(computation_views(held, actor=actor)), following)


def may_decide_computations(actor: Actor | None) -> bool:
    """Whether the actor is one of those who decide on results, of some body."""
    if actor is None:
        return False
    try:
        rules.decided_bodies(actor)
    except Refusal:
        return False
    return True


def computation(key: UUID, *, actor: Actor) -> ComputationView:
    """One, for who submitted it and for the officials of the opening body; ``not-found``."""
    row = _row(key)
    if row.submitter_id != actor.person and not _is_official(row, actor):
        raise NOT_FOUND(what=str(key))
    found = computation_views([row], actor=actor)
    if not found:
        raise NOT_FOUND(what=str(key))
    return found[0]


def computation_obstacle(key: UUID, *, actor: Actor) -> Refusal | None:
    """Why the actor may not decide on a result, or None; ``not-found``."""
    row = _row(key)
    return rules.decision_obstacle(
        actor, body=row.body, submitter=row.submitter_id, organisation=row.organisation
    )


def computation_shown(
    key: UUID, *, actor: Actor, limit: int | None = RESULT_SHOWN
) -> ComputedTable | None:
    """The result, or its first rows, for who decides on it; None where none is kept.

    Refusals: ``not-found``, those of the decision itself: who may not decide does not look.
    """
    obstacle = computation_obstacle(key, actor=actor)
    if obstacle is not None:
        raise obstacle
    held = ComputedContent.objects.filter(computation=key).values_list("content", flat=True).first()
    return None if held is None else table_of(bytes(held), limit)


def computable_here(dataset: UUID, *, actor: Actor | None) -> Refusal | None:
    """Why the actor has no computation to submit for a dataset, or None: they may."""
    try:
        if actor is None:
            raise NOT_FOUND(what=str(dataset))
        rules.require_submitter(actor)
        dataplane.computable(dataset, actor, timezone.now())
    except Refusal as refusal:
        return refusal
    return None


def computable_columns(dataset: UUID, *, actor: Actor) -> tuple[tuple[str, FieldType], ...]:
    """Names and types of the columns of the table ``data``, as the grant shows them.

    Refusals: those of ``dataplane.computable``.
    """
    return dataplane.computable(dataset, actor, timezone.now()).columns


def computed_cells(found: ComputedTable) -> list[list[str]]:
    """Its values as a page shows them: as they are."""
    return [[cell(value) for value in row] for row in found.rows]


def computed_csv(found: ComputedTable) -> str:
    """A result, or its first rows, as CSV."""
    return csv_of(found)


def computed_file(document: bytes, form: str) -> ComputedFile:
    """A result that was downloaded, as a file in one of ``COMPUTED_FORMS``."""
    return file_of(document, form)


def computed_faults() -> Iterator[tuple[str, Said]]:
    """Results that are missing or are other bytes than their recorded SHA-256 says, each with its place.

    For the node's own check of itself (``wushu doctor``); asks nobody.
    """
    kept = (ComputationState.WAITING.value, ComputationState.RELEASED.value)
    rows = Computation.objects.filter(state__in=kept).order_by("pk")
    for pk, sha256 in rows.values_list("pk", "result_sha256").iterator(chunk_size=500):
        held = ComputedContent.objects.filter(pk=pk).values_list("content", flat=True).first()
        if held is None or sha256_hex(bytes(held)) != sha256:
            sentence = Said(
                f"计算 {pk} 的结果缺失或与计算时不同",
                f"the result of the computation {pk} is missing or not what was computed",
            )
            yield f"opening_computedcontent {pk}", sentence


def computation_document(one: ComputationView) -> dict[str, Any]:
    """A computation for programs."""
    result = None
    if one.rows is not None:
        result = {
            "rows": one.rows,
            "bytes": one.bytes,
            "columns": [{"name": name, "type": type_} for name, type_ in one.columns],
            "smallest_group": one.smallest_group,
        }
    return {
        "id": one.id,
        "dataset": one.dataset.slug,
        "grant": one.grant,
        "state": one.state.value,
        "program": one.program,
        "program_sha256": one.program_sha256,
        "submitted_at": one.submitted_at,
        "ran_at": one.ran_at,
        "decided_at": one.decided_at,
        "reason": one.reason or None,
        "refusal": one.refusal,
        "version": one.version,
        "manifest_sha256": one.manifest_sha256 or None,
        "result_sha256": one.result_sha256 or None,
        "result": result,
        "self": f"{settings.BASE_URL}/api/v1/computations/{one.id}",
    }


def _row(key: UUID) -> Computation:
    row = Computation.objects.filter(pk=key).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return row


def _is_official(row: Computation, actor: Actor) -> bool:
    try:
        return row.body in rules.decided_bodies(actor)
    except Refusal:
        return False
