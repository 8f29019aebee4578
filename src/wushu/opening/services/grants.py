"""Grants written and revoked by hand: only where no rules and no case say how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wushu.catalog import selectors as catalog
from wushu.dataplane import selectors as dataplane_selectors
from wushu.dataplane import services as dataplane
from wushu.dataplane.types import NO_QUOTA, Delivery, GranteeKind, Quota, Watermark
from wushu.kernel.errors import Said
from wushu.opening.refusals import GRANT_BY_PROCEDURE, GRANT_IN_A_CASE
from wushu.opening.selectors.cases import granting_rule
from wushu.opening.selectors.governing import granting_case
from wushu.parties.types import Actor


def grant_by_hand(
    *,
    actor: Actor,
    dataset: UUID,
    grantee_kind: GranteeKind,
    grantee: UUID | None,
    columns: Sequence[str] | None,
    row_filter: Sequence[dict[str, Any]],
    purpose: str,
    basis: str,
    valid_from: datetime,
    valid_until: datetime | None,
    watermark: Watermark = Watermark.NONE,
    masks: Sequence[dict[str, Any]] = (),
    quota: Quota = NO_QUOTA,
    delivery: Delivery = Delivery.ROWS,
) -> UUID:
    """Let somebody read conditional data without a case, where no rules for that apply.

    Where the place has adopted some, nobody slips past their steps. Refusals: ``grant-by-procedure``
    and those of ``dataplane.services.grant_write``, which asks whether the actor may.
    """
    found = granting_rule(catalog.entry_by_id(dataset, actor=actor).body)
    if found is not None:
        rule, procedure = found
        raise GRANT_BY_PROCEDURE(
            regulation=Said(rule.title.zh, rule.title.en), procedure=procedure.title
        )
    return dataplane.grant_write(
        actor=actor, dataset=dataset, grantee_kind=grantee_kind, grantee=grantee, columns=columns,
        row_filter=row_filter, purpose=purpose, basis=basis, valid_from=valid_from,
        valid_until=valid_until, watermark=watermark, masks=masks, quota=quota,
        delivery=delivery,
    )  # fmt: skip


def grant_revoke_by_hand(*, actor: Actor, grant: UUID, reason: str) -> None:
    """Take a grant back that no open case governs; a case would go on saying that it is in use.

    Refusals: ``grant-not-overseen``, ``grant-in-a-case`` and those of
    ``dataplane.services.grant_revoke``, which asks whether the actor may.
    """
    dataplane_selectors.grant_overseen(grant, actor=actor)  # of others no case is named
    found = granting_case(grant)
    if found is not None:
        raise GRANT_IN_A_CASE(number=found.number, title=found.title)
    dataplane.grant_revoke(actor=actor, grant=grant, reason=reason)
