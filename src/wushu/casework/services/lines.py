"""A line in a case's timeline that is no step, with its act in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from wushu.casework import refusals as no
from wushu.casework.models import Case, CaseEvent
from wushu.casework.types import HappenedKind
from wushu.evidence.services import record
from wushu.parties.types import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says beside who did it."""

    kind: HappenedKind
    act: str
    """Of the log, after ``casework.case.``."""
    text: str = ""
    values: Mapping[str, Any] | None = None


def line_add(
    actor: Actor, row: Case, seat: str, told: Told, *, rows: Iterable[Any] = (),
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Write the line and record it; the text stays out of the log. Called with the case locked.

    One act a line, in the same order: a page shows each line with its proof.
    """
    last = row.events.order_by("-number").values_list("number", "at").first()
    number, before = last if last is not None else (0, row.opened_at)
    event = CaseEvent.objects.create(
        case=row, number=number + 1, kind=told.kind.value, at=max(at or timezone.now(), before),
        actor=actor.urn, actor_name=actor.name[:100], person=actor.person, seat=seat,
        state=row.state, values=dict(told.values or {}), text=told.text,
    )  # fmt: skip
    record(
        f"casework.case.{told.act}", actor=actor, subject=f"urn:uuid:{row.pk}",
        data={"number": row.number, "event": str(event.pk)}, rows=[*rows, event],
    )  # fmt: skip


def require_open(row: Case) -> None:
    """Refuse what makes sense only while somebody decides (``case-merged``, ``case-closed``)."""
    require_not_merged(row)
    if row.closed_at is not None:
        raise no.CASE_CLOSED(number=row.number)


def require_not_merged(row: Case) -> None:
    """Refuse what would be said where nobody looks any more (``case-merged``)."""
    if row.merged_into is not None:
        raise no.CASE_MERGED(number=row.number, into=row.merged_into.number)
