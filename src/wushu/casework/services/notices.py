"""Publishing a notice on working days that came after the program."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from wushu.casework.models import CalendarNotice
from wushu.casework.refusals import NOTICE_PUBLISHED
from wushu.casework.selectors.counting import notice_read
from wushu.casework.types import Notice
from wushu.evidence.services import record
from wushu.kernel.canonical import sha256_hex
from wushu.parties.types import NODE, NODE_ONLY, Actor


def notice_publish(*, actor: Actor, text: str, file: str) -> Notice:
    """Keep a notice (TOML text) in the database and in the log; from now on days count by it.

    For whoever keeps the node, as they lay regulations beside it. The worker counts open cases again
    and each timeline says where its due day moved. Refusals: ``node-only``, ``work-calendar-faulty``,
    ``notice-published``.
    """
    if actor.urn != NODE.urn:
        raise NODE_ONLY()
    found = notice_read(text, file)
    digest = sha256_hex(text.encode())
    with transaction.atomic():
        row, made = CalendarNotice.objects.get_or_create(
            sha256=digest,
            defaults={
                "number": found.number, "document": text,
                "published_at": timezone.now(), "published_by": actor.urn,
            },
        )  # fmt: skip
        if not made:
            raise NOTICE_PUBLISHED(number=found.number, sha256=digest)
        record(
            "casework.notice.published", actor=actor, subject=f"urn:uuid:{row.pk}",
            data={"number": found.number, "year": found.year, "sha256": digest}, rows=[row],
        )  # fmt: skip
    return found
