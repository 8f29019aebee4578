"""How much may be read under a grant in a day, taken before the first byte leaves and never twice.

One statement takes what a read needs if it is still there, so that readers at once cannot take more than
there is; it is in the transaction of the read's receipt. Days are those of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from wushu.dataplane.models import GrantUse
from wushu.dataplane.query.types import QUOTA_USED_UP, Access
from wushu.dataplane.types import Quota
from wushu.kernel.errors import Refusal, Said

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class QuotaLeft:
    """What may still be read under a grant today; None where that has no limit."""

    rows: int | None
    requests: int | None

    def headers(self) -> list[tuple[bytes, bytes]]:
        """``Wushu-Quota-Left`` as a dictionary (RFC 9651, 3.2)."""
        parts = [f"{name}={n}" for name, n in (("rows", self.rows), ("requests", self.requests))
                 if n is not None]  # fmt: skip
        return [(b"wushu-quota-left", ", ".join(parts).encode())]


def quota_take(access: Access, rows: int) -> QuotaLeft | None:
    """Count a read of so many rows; what is left after it, None where there is no quota.

    In a transaction. Refusal ``quota-used-up``: nothing is counted then.
    """
    if not access.quota:
        return None
    today = timezone.now().astimezone(ZONE).date()
    if not _taken(access, today, rows):
        GrantUse.objects.bulk_create(
            [GrantUse(grant_id=access.grant, day=today)], ignore_conflicts=True
        )
        if not _taken(access, today, rows):
            raise _used_up(access, rows)
    return quota_left(access.grant, access.quota)


def quota_left(grant: UUID, quota: Quota) -> QuotaLeft:
    """What may still be read under a grant today."""
    return quotas_left({grant: quota})[grant]


def quotas_left(quotas: Mapping[UUID, Quota]) -> dict[UUID, QuotaLeft]:
    """The same of several grants."""
    today = timezone.now().astimezone(ZONE).date()
    uses = GrantUse.objects.filter(grant__in=quotas.keys(), day=today)
    used = {one.grant_id: (one.rows, one.requests) for one in uses}
    found = {}
    for grant, quota in quotas.items():
        rows, requests = used.get(grant, (0, 0))
        found[grant] = QuotaLeft(_less(quota.rows, rows), _less(quota.requests, requests))
    return found


def _less(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


def _taken(access: Access, day: date, rows: int) -> bool:
    use = GrantUse.objects.filter(grant=access.grant, day=day)
    if access.quota.rows is not None:
        use = use.filter(rows__lte=access.quota.rows - rows)
    if access.quota.requests is not None:
        use = use.filter(requests__lt=access.quota.requests)
    return bool(use.update(rows=F("rows") + rows, requests=F("requests") + 1))


def _used_up(access: Access, rows: int) -> Refusal:
    now = timezone.now().astimezone(ZONE)
    renews = datetime.combine(now.date() + timedelta(days=1), time.min, ZONE)
    left = quota_left(access.grant, access.quota)
    of_rows = left.requests != 0
    return QUOTA_USED_UP(
        limit=access.quota.rows if of_rows else access.quota.requests,
        what=Said("行", "rows") if of_rows else Said("次读取", "reads"),
        left=left.rows if of_rows else 0,
        needed=rows if of_rows else 1,
        renews=renews.strftime("%Y-%m-%d %H:%M"),
        seconds=max(1, int((renews - now).total_seconds())),
    )
