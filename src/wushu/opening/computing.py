"""Computations as others see them, and the grant that counts for one today."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.opening.models import Agreement, Computation
from wushu.opening.rules import computations as rules
from wushu.opening.types import ComputationState, ComputationView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, OrganisationView


def grant_today(row: Computation) -> UUID:
    """The grant under which it runs and is delivered: after a restoration its agreement has another."""
    if row.case is None:
        return row.grant
    signed = Agreement.objects.filter(case=row.case, body_signed_at__isnull=False)
    today = signed.order_by("-number").values_list("grant", flat=True).first()
    return today or row.grant


def computation_view(row: Computation, *, actor: Actor) -> ComputationView:
    """One of them."""
    return computation_views([row], actor=actor)[0]


def computation_views(rows: Iterable[Computation], *, actor: Actor) -> list[ComputationView]:
    """Computations with their datasets, three queries however many there are.

    What is known of a result is for who decides on it; who submitted the program, official or not,
    is told it once the result is released, for names and numbers of columns and rows can say much.
    """
    held = list(rows)
    known = catalog.entries_known({row.dataset for row in held})
    organisations = parties.organisations_by_id(
        {row.organisation for row in held if row.organisation}
    )
    return [
        _view(
            row, known[row.dataset], organisations.get(row.organisation) if row.organisation else None,
            actor,
        )
        for row in held
        if row.dataset in known
    ]  # fmt: skip


def _view(
    row: Computation, entry: EntryView, organisation: OrganisationView | None, actor: Actor
) -> ComputationView:
    decides = rules.decides(
        actor, body=row.body, submitter=row.submitter_id, organisation=row.organisation
    )
    told = decides or row.state == ComputationState.RELEASED.value
    return ComputationView(
        id=row.pk, dataset=entry, grant=row.grant, purpose=row.purpose,
        organisation=organisation, state=ComputationState(row.state),
        program=row.program, submitted_at=row.submitted_at, ran_at=row.ran_at,
        decided_at=row.decided_at, reason=row.reason, refusal=row.refusal,
        version=row.version_number, manifest_sha256=row.manifest_sha256,
        program_sha256=row.program_sha256, result_sha256=row.result_sha256,
        columns=tuple((name, type_) for name, type_ in row.columns) if told else (),
        rows=row.rows if told else None, bytes=row.bytes if told else None,
        smallest_group=row.smallest_group if decides else None,
        is_own=actor.person == row.submitter_id, is_decided_here=decides,
    )  # fmt: skip
