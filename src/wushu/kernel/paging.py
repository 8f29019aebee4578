"""Keyset pages of rows in the order of a time, as every list of the node has them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet

from wushu.kernel import cursors

M = TypeVar("M", bound=Model)


def page_of(
    rows: QuerySet[M], by: str, context: list[str], *, cursor: str | None, limit: int
) -> tuple[list[M], str | None]:
    """A page in the order of a time (``-time``: newest first), and the cursor of the next.

    Refusals: ``cursor-invalid``, ``cursor-of-another-query``.
    """
    name, beyond = by.removeprefix("-"), "lt" if by.startswith("-") else "gt"
    key = cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)
    if cursor:
        moment, last = cursors.decode(cursor, context, key=key)
        same: Any = {name: moment, f"pk__{beyond}": last}
        rows = rows.filter(Q(**{f"{name}__{beyond}": moment}) | Q(**same))
    order = (by, "-pk" if by.startswith("-") else "pk")
    held = list(rows.order_by(*order)[: limit + 1])
    if len(held) <= limit:
        return held, None
    end = held[limit - 1]
    return held[:limit], cursors.encode([getattr(end, name), str(end.pk)], context, key=key)
