"""What somebody may read, as a document for programs."""

from __future__ import annotations

from typing import Any

from wushu.catalog import selectors as catalog
from wushu.dataplane import selectors as dataplane
from wushu.parties.types import Actor


def grant_documents(*, actor: Actor) -> list[dict[str, Any]]:
    """Grants the actor may read by, with what is left of their quotas today; ``key-lacks-scope``."""
    held = dataplane.grants_held(actor=actor)
    entries = {one.id: one.slug for one in catalog.entries_by_id([dataset for dataset, _ in held])}
    return [
        {
            "grant": str(one.id),
            "dataset": entries.get(dataset),
            "organisation": one.organisation.code if one.organisation else None,
            "columns": None if one.columns is None else list(one.columns),
            "rows": [condition.as_json() for condition in one.row_filter],
            "masks": [mask.as_json() for mask in one.masks],
            "purpose": one.purpose,
            "valid_from": one.valid_from.isoformat(),
            "valid_until": one.valid_until.isoformat() if one.valid_until else None,
            "delivery": one.delivery.value or "rows",
            "rows_a_day": one.quota.rows,
            "requests_a_day": one.quota.requests,
            "rows_left": one.left.rows if one.left else None,
            "requests_left": one.left.requests if one.left else None,
        }
        for dataset, one in held
    ]
