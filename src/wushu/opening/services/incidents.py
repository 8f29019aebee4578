"""Incidents: what the operator tells the public of the node itself. Each word is in the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from wushu.evidence.services import record
from wushu.kernel.errors import INVALID_VALUE, NOT_FOUND, Said
from wushu.opening import rules
from wushu.opening.models import Incident, IncidentUpdate
from wushu.opening.presenting import incident_view
from wushu.opening.types import Component, IncidentStage, IncidentView
from wushu.parties.types import Actor

TITLE_LENGTH = 200
TEXT_LENGTH = 4000
_TITLE = Said("标题", "title", "title_zh")
_TITLE_EN = Said("英文标题", "title in English", "title_en")
_TEXT = Said("说明", "text", "text_zh")
_TEXT_EN = Said("英文说明", "text in English", "text_en")
_BEGUN = Said("开始时间", "beginning", "begun_at")
_COMPONENTS = Said("涉及的部分", "parts touched", "components")


def incident_open(
    *,
    actor: Actor,
    title_zh: str,
    text_zh: str,
    components: Iterable[Component],
    title_en: str = "",
    text_en: str = "",
    begun_at: datetime | None = None,
) -> IncidentView:
    """Announce that something does not work as it should, from ``begun_at`` on (now, if not told).

    For the platform operator. Refusals: ``not-permitted``, ``invalid-value``.
    """
    rules.require_announcer(actor)
    now = timezone.now()
    touched = sorted({component.value for component in components})
    if not touched:
        raise _wrong(_COMPONENTS, "", "没有选择", "none is chosen")
    if begun_at is not None and begun_at > now:
        raise _wrong(_BEGUN, f"{begun_at:%Y-%m-%d %H:%M}", "在将来", "it lies in the future")
    with transaction.atomic():
        incident = Incident.objects.create(
            title_zh=_filled(_TITLE, title_zh, TITLE_LENGTH),
            title_en=_short(_TITLE_EN, title_en, TITLE_LENGTH),
            components=touched, begun_at=begun_at or now, created_at=now,
        )  # fmt: skip
        first = _word(incident, IncidentStage.INVESTIGATING, text_zh, text_en, now)
        _record("opened", actor, incident, first, rows=[incident, first])
    return incident_view(incident)


def incident_update(
    *, actor: Actor, incident: UUID, stage: IncidentStage, text_zh: str, text_en: str = ""
) -> IncidentView:
    """Say how far it is; the stage by which it ends is that of ``incident_close`` alone.

    Refusals: ``not-permitted``, ``not-found``, ``incident-closed``, ``invalid-value``.
    """
    rules.require_announcer(actor)
    if stage is IncidentStage.RESOLVED:
        raise _wrong(
            Said("阶段", "stage", "stage"), stage.value, "结束事件请用“结束”", "close it instead"
        )
    with transaction.atomic():
        row = _locked(incident)
        word = _word(row, stage, text_zh, text_en, timezone.now())
        _record("updated", actor, row, word, rows=[word])
    return incident_view(row)


def incident_close(
    *, actor: Actor, incident: UUID, text_zh: str, text_en: str = ""
) -> IncidentView:
    """Say that it is over.

    Refusals: ``not-permitted``, ``not-found``, ``incident-closed``, ``invalid-value``.
    """
    rules.require_announcer(actor)
    now = timezone.now()
    with transaction.atomic():
        row = _locked(incident)
        word = _word(row, IncidentStage.RESOLVED, text_zh, text_en, now)
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        _record("closed", actor, row, word, rows=[row, word])
    return incident_view(row)


def _locked(incident: UUID) -> Incident:
    row = Incident.objects.select_for_update().filter(pk=incident).first()
    if row is None:
        raise NOT_FOUND(what=str(incident))
    rules.require_open(ended=row.ended_at is not None, title=row.title_zh)
    return row


def _word(
    incident: Incident, stage: IncidentStage, text_zh: str, text_en: str, at: datetime
) -> IncidentUpdate:
    return IncidentUpdate.objects.create(
        incident=incident, stage=stage.value, text_zh=_filled(_TEXT, text_zh, TEXT_LENGTH),
        text_en=_short(_TEXT_EN, text_en, TEXT_LENGTH), at=at,
    )  # fmt: skip


def _filled(field: Said, text: str, most: int) -> str:
    text = _short(field, text, most)
    if not text:
        raise _wrong(field, "", "没有填写", "it is empty")
    return text


def _short(field: Said, text: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise _wrong(
            field, text[:20] + "…", f"超过 {most} 字", f"it has more than {most} characters"
        )
    return text


def _wrong(field: Said, value: str, reason_zh: str, reason_en: str) -> Exception:
    return INVALID_VALUE(field=field, value=value, reason_zh=reason_zh, reason_en=reason_en)


def _record(
    act: str, actor: Actor, incident: Incident, word: IncidentUpdate, *, rows: list[models.Model]
) -> None:
    """What was said enters as the rows' digests: words typed in haste may name somebody."""
    record(
        f"opening.incident.{act}", actor=actor, subject=f"urn:uuid:{incident.pk}",
        data={"stage": word.stage, "components": incident.components}, rows=rows,
    )  # fmt: skip
