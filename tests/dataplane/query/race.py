"""Readers at once under one quota, in a database of its own: run as a program by ``test_quota.py``.

Prints how many reads were given and refused, and what was counted, as one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from wushu.dataplane.models import Grant, GrantUse, Receipt  # noqa: E402
from wushu.dataplane.query.receipts import receipt_write  # noqa: E402
from wushu.dataplane.query.types import QUOTA_USED_UP, Access, Surface  # noqa: E402
from wushu.dataplane.types import Quota  # noqa: E402
from wushu.kernel.errors import Refusal  # noqa: E402

READERS, READS, ROWS, LEFT = 8, 48, 7, 100


def read(access: Access) -> bool:
    """Whether a read was given."""
    try:
        receipt_write(access, surface=Surface.ROWS, columns=["a"], query="", rows=ROWS)
    except Refusal as refusal:
        if refusal.kind is not QUOTA_USED_UP:
            raise
        return False
    finally:
        connection.close()
    return True


def main() -> None:
    with connection.schema_editor() as editor:
        for table in (Grant, GrantUse, Receipt):
            editor.create_model(table)
    now = timezone.now()
    grant = Grant.objects.create(
        dataset=uuid4(), grantee_kind="person", grantee=uuid4(), basis="", valid_from=now,
        created_at=now,
    )  # fmt: skip
    access = Access(
        dataset=grant.dataset, slug="a", title="", version=uuid4(), number=1, manifest_sha256="",
        grant=grant.pk, public=False, columns=None, row_filter=(), quota=Quota(rows=LEFT),
    )  # fmt: skip
    with ThreadPoolExecutor(READERS) as threads:
        given = list(threads.map(read, [access] * READS))
    use = GrantUse.objects.get()
    told = {
        "given": sum(given), "rows": use.rows, "requests": use.requests,
        "receipts": Receipt.objects.count(),
    }  # fmt: skip
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
