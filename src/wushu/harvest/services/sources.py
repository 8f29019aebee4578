"""Naming a catalogue, activating it by a second person, stopping it."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from wushu.evidence.services import record
from wushu.harvest import rules
from wushu.harvest.models import Source
from wushu.harvest.place import node_place
from wushu.harvest.presenting import source_view
from wushu.harvest.reading import base_of
from wushu.harvest.refusals import SOURCE_NAME_TAKEN
from wushu.harvest.types import SourceKind, SourceState, SourceView
from wushu.kernel.errors import INVALID_VALUE, NOT_FOUND, Refusal, Said
from wushu.parties.types import Actor

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")
_ARGUMENT = re.compile(r"[A-Za-z0-9\-_.!~*'():]*")
MONTH_HOURS = 31 * 24
"""The rarest a catalogue is read."""


def source_propose(
    *,
    actor: Actor,
    name: str,
    kind: SourceKind,
    url: str,
    title_zh: str,
    title_en: str = "",
    reason: str,
    every_hours: int = 24,
    prefix: str = "",
    set: str = "",
) -> SourceView:
    """Name a catalogue to be harvested; nothing is asked of it before a second person activates it.

    Refusals: ``harvester-lacks-role``, ``invalid-value``, ``source-name-taken``, and those of the
    guarded client for an address that is never asked.
    """
    rules.require_manager(actor, node_place())
    name, title_zh, title_en, reason = (one.strip() for one in (name, title_zh, title_en, reason))
    url, prefix, set = url.strip(), prefix.strip(), set.strip()
    _require_texts(name, title_zh, title_en, reason, prefix, set)
    if not 1 <= every_hours <= MONTH_HOURS:
        raise _invalid(Said("间隔小时数", "the hours between", "every_hours"), str(every_hours),
                       f"须在 1 至 {MONTH_HOURS} 之间", f"it lies between 1 and {MONTH_HOURS}")  # fmt: skip
    row = Source(
        name=name,
        kind=kind.value,
        url=base_of(kind, settings.OUTGOING.accept(url).url),
        prefix=prefix if kind is SourceKind.OAI_PMH else "",
        set=set if kind is SourceKind.OAI_PMH else "",
        title_zh=title_zh,
        title_en=title_en,
        every_hours=every_hours,
        state=SourceState.PROPOSED.value,
        reason=reason,
        proposed_by=actor.urn,
        proposed_person=actor.person,
        proposed_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _record("proposed", actor, row)
    except IntegrityError:
        raise SOURCE_NAME_TAKEN(name=name) from None
    return source_view(row)


def source_activate(*, actor: Actor, name: str) -> SourceView:
    """Let the source be harvested, from now on by its schedule; for a second person.

    Refusals: ``not-found``, ``activator-lacks-role``, ``activator-is-proposer``,
    ``source-state-wrong``.
    """
    with transaction.atomic():
        row = _locked(name)
        rules.require_activator(
            actor, node_place(), proposed_by=row.proposed_by, proposed_person=row.proposed_person
        )
        rules.require_state(
            name, row.state, rules.ACTIVATE, SourceState.PROPOSED, SourceState.STOPPED
        )
        row.state = SourceState.ACTIVE.value
        row.activated_by, row.activated_person = actor.urn, actor.person
        row.activated_at = timezone.now()
        row.save()
        _record("activated", actor, row, proposed_by=row.proposed_by)
    return source_view(row)


def source_stop(*, actor: Actor, name: str, reason: str) -> SourceView:
    """Harvest the source no more; what came from it is no longer shown until it is activated again.

    Refusals: ``not-found``, ``harvester-lacks-role``, ``invalid-value``, ``source-state-wrong``.
    """
    rules.require_manager(actor, node_place())
    reason = reason.strip()
    if not reason:
        raise _invalid(Said("理由", "the reason", "reason"), "", "不能为空", "it is empty")
    with transaction.atomic():
        row = _locked(name)
        rules.require_state(name, row.state, rules.STOP, SourceState.PROPOSED, SourceState.ACTIVE)
        row.state = SourceState.STOPPED.value
        row.stopped_by, row.stopped_at, row.stop_reason = actor.urn, timezone.now(), reason
        row.save()
        _record("stopped", actor, row)
    return source_view(row)


def _locked(name: str) -> Source:
    found = Source.objects.select_for_update().filter(name=name).first()
    if found is None:
        raise NOT_FOUND(what=name[:80])
    return found


def _record(act: str, actor: Actor, row: Source, **data: str) -> None:
    """The address stands in the log: everybody may know whom this node asks."""
    facts = {"name": row.name, "kind": row.kind, "url": row.url, **data}
    record(
        f"harvest.source.{act}", actor=actor, subject=f"urn:uuid:{row.pk}", data=facts, rows=[row]
    )


def _require_texts(
    name: str, title_zh: str, title_en: str, reason: str, prefix: str, set_: str
) -> None:
    if not _NAME.fullmatch(name):
        raise _invalid(
            Said("名称", "the name", "name"), name[:80],
            "只用小写字母、数字和连字符，最多 60 个", "small letters, digits and hyphens, at most 60",
        )  # fmt: skip
    for field, text, most, required in (
        (Said("中文名称", "the Chinese title", "title_zh"), title_zh, 200, True),
        (Said("英文名称", "the English title", "title_en"), title_en, 200, False),
        (Said("理由", "the reason", "reason"), reason, 2_000, True),
        (Said("元数据格式", "the metadata prefix", "metadata_prefix"), prefix, 100, False),
        (Said("集合", "the set", "set"), set_, 200, False),
    ):
        if required and not text:
            raise _invalid(field, "", "不能为空", "it is empty")
        if len(text) > most or any(ord(one) < 32 and one not in "\r\n\t" for one in text):
            raise _invalid(
                field, text[:40], f"超过 {most} 个字符或含有控制字符",
                f"it has more than {most} characters or a control character",
            )  # fmt: skip
    for field, text in ((Said("元数据格式", "the metadata prefix", "metadata_prefix"), prefix),
                        (Said("集合", "the set", "set"), set_)):  # fmt: skip
        if not _ARGUMENT.fullmatch(text):
            raise _invalid(
                field, text[:40], "含有协议不允许的字符", "the protocol forbids a character of it"
            )


def _invalid(field: Said, value: str, zh: str, en: str) -> Refusal:
    return INVALID_VALUE(field=field, value=value, reason_zh=zh, reason_en=en)
