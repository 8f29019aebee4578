"""What a confirmation binds. A load's row is work in progress, in no digest of the log; so the act says it.

Between the confirmation and the work somebody with the database's password could have another
schema loaded, or the same one for another dataset or under another clerk's name.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.conf import settings

from wushu.dataplane.ingest.refusals import LOAD_ALTERED
from wushu.dataplane.models import Load
from wushu.evidence.selectors import acts_said
from wushu.kernel import cursors
from wushu.kernel.canonical import canonical_json
from wushu.parties.types import account_urn

CONFIRMED = "dataplane.load.confirmed"


def subject_of(row: Load) -> str:
    """Whom the act of confirming is about: the dataset."""
    return f"urn:uuid:{row.entry}"


def facts_of(row: Load) -> dict[str, Any]:
    """What the act of confirming says of a load; its actor is the account that the load acts for.

    The log is public and the file may never be opened: what was confirmed stands in it under a MAC of
    the node (RFC 2104), so that nobody can try guesses of a small file or of its columns against it.
    """
    bound = [str(row.entry), row.upload.sha256, row.found, row.confirmed]
    key = cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY)
    return {
        "load": str(row.pk),
        "upload": str(row.upload_id),
        "confirmed_hmac": hmac.digest(key, canonical_json(bound), "sha256").hex(),
    }


def require_as_confirmed(row: Load) -> None:
    """Refuse a load that is not the one its newest confirmation speaks of (``load-altered``)."""
    acts = acts_said(subject_of(row), CONFIRMED)
    act = next((act for act in acts if act.data.get("load") == str(row.pk)), None)
    if (
        act is None
        or row.account is None
        or act.actor != account_urn(row.account)
        or "fields" not in row.confirmed
        or not facts_of(row).items() <= act.data.items()
    ):
        raise LOAD_ALTERED(load=row.pk)
