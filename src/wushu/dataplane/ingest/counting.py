"""Numbers of the data plane's tables for who watches the node; nothing of what is in them."""

from __future__ import annotations

from django.db.models import Count

from wushu.dataplane.models import Load, Receipt
from wushu.dataplane.types import UploadState


def loads_by_state() -> dict[str, int]:
    """How many loads stand in each state; each state once, 0 too."""
    counts = Load.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return {state.value: 0 for state in UploadState} | dict(counts)


def receipts_unsealed() -> int:
    """Receipts whose root is not in the log yet."""
    return Receipt.objects.filter(batch=None).count()
