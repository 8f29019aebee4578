"""What every import of parties shares: the entry of the log that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from django.db import transaction

from wushu.kernel import acts
from wushu.kernel.sheets import Line, Tally
from wushu.parties.types import Actor


def recorded(
    lines: Iterator[Line], *, actor: Actor, what: str, file_sha256: str, dry_run: bool
) -> Iterator[Line]:
    """The lines; at their end an act that names the file and counts, where anything was written.

    Every row has its own act, in its own transaction; this one ties them to the file.
    """
    tally = Tally()
    yield from tally.of(lines)
    if dry_run or not tally.wrote:
        return
    with transaction.atomic():
        acts.record(
            "parties.import.done",
            actor=actor,
            subject=f"urn:uuid:{uuid4()}",
            data={"what": what, "file_sha256": file_sha256, "rows": tally.as_json()},
            rows=(),
        )
