"""Receipts: who read what of data that are not public, written before the first byte leaves.

Receipts stay private. Every so often the Merkle root (RFC 6962, 2.1) of the new ones enters the public
log, so that none can be altered, left out or added later without being found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from wushu.dataplane.models import Receipt
from wushu.dataplane.query.quota import QuotaLeft, quota_take
from wushu.dataplane.query.types import QUERY_TOO_LONG, Access, Surface
from wushu.evidence.selectors import acts_said, tree_root
from wushu.evidence.services import record
from wushu.evidence.types import ActView
from wushu.kernel.canonical import canonical_json
from wushu.kernel.errors import Said
from wushu.parties.types import NODE

SEALED = "dataplane.receipts.sealed"
MAX_QUERY = 16_000
"""Characters of a query that a receipt keeps. A longer one is refused: a receipt tells all of it."""
MAX_BATCH = 10_000
"""Receipts sealed by one entry of the log."""


def receipt_write(
    access: Access, *, surface: Surface, columns: Sequence[str], query: str, rows: int
) -> QuotaLeft | None:
    """Note a read of so many rows, durably: the transaction has been committed when this returns.

    What is left of the grant's quota; None where it has none. Refusals: ``query-too-long``,
    ``quota-used-up``.
    """
    if len(query) > MAX_QUERY:
        raise QUERY_TOO_LONG(length=len(query), limit=MAX_QUERY)
    with transaction.atomic():
        left = quota_take(access, rows)
        Receipt.objects.create(
            grant_id=access.grant,
            actor=access.actor,
            surface=surface.value,
            version=access.version,
            columns=list(columns),
            query=query,
            at=timezone.now(),
        )
    return left


@transaction.atomic
def receipts_seal() -> int:
    """Put the root of the receipts that have none yet into the log; returns how many there were.

    Called by background work. Nothing new, no entry.
    """
    new = list(
        Receipt.objects.select_for_update().filter(batch=None).order_by("at", "id")[:MAX_BATCH]
    )
    if not new:
        return 0
    last = Receipt.objects.aggregate(last=Max("batch"))["last"] or 0
    for one in new:
        one.batch = last + 1
    Receipt.objects.bulk_update(new, ["batch"], batch_size=200)
    record(
        SEALED,
        actor=NODE.urn,
        subject=_subject(last + 1),
        data={"batch": last + 1, "count": len(new), "root": root_text(new)},
        rows=(),
    )
    return len(new)


def oldest_unsealed_receipt() -> datetime | None:
    """When the read was whose receipt waits longest for its batch; None when none waits."""
    waiting = Receipt.objects.filter(batch=None)
    oldest: datetime | None = waiting.aggregate(oldest=Min("at"))["oldest"]
    return oldest


def receipt_faults() -> Iterator[Said]:
    """Batches of receipts that are not what the log's entries say, as sentences."""
    for batch in _batches():
        act = _sealed(batch)
        receipts = list(Receipt.objects.filter(batch=batch).order_by("at", "id"))
        if act is None:
            yield Said(
                f"第 {batch} 批读取回执：日志中没有对应的记录",
                f"receipts of batch {batch}: the log has no entry for them",
            )
        elif (len(receipts), root_text(receipts)) != (act.data.get("count"), act.data.get("root")):
            yield Said(
                f"第 {batch} 批读取回执：不是日志中有其根哈希的那一批",
                f"receipts of batch {batch}: they are not those the log has the root of",
            )


def _batches() -> Iterator[int]:
    """Numbers of the batches that receipts or entries speak of; they are given out in order."""
    found = Receipt.objects.order_by().values_list("batch", flat=True).distinct()
    held = {number for number in found if number is not None}
    for number in count(1):
        if number not in held and _sealed(number) is None:
            break
        held.discard(number)
        yield number
    yield from sorted(held)


def _sealed(batch: int) -> ActView | None:
    """What the log says of a batch."""
    return next(acts_said(_subject(batch), SEALED), None)


def root_text(receipts: Sequence[Receipt]) -> str:
    """``batch_root`` as hexadecimal text; empty without receipts."""
    return batch_root(receipts).hex() if receipts else ""


def _subject(batch: int) -> str:
    return f"urn:wushu:receipts:{batch}"


def batch_root(receipts: Sequence[Receipt]) -> bytes:
    """Merkle tree hash over the receipts, which stand in the order of their time, then id."""
    return tree_root(leaf(one) for one in receipts)


def leaf(receipt: Receipt) -> bytes:
    """Canonical JSON of a receipt, the leaf of its batch's tree."""
    return canonical_json(
        {
            "id": str(receipt.pk),
            "grant": str(receipt.grant_id),
            "actor": receipt.actor,
            "surface": receipt.surface,
            "version": str(receipt.version),
            "columns": receipt.columns,
            "query": receipt.query,
            "at": receipt.at.astimezone(UTC).isoformat(),
        }
    )
