"""Versions of the data, as the data plane reports them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wushu.catalog import refusals as no
from wushu.catalog import rules
from wushu.catalog.models import Entry, Version
from wushu.catalog.presenting import version_view
from wushu.catalog.services.common import locked_entry, record_act
from wushu.catalog.types import EntryState, VersionView
from wushu.parties.types import NODE, Actor


def version_add(
    *,
    actor: Actor,
    entry: UUID,
    number: int,
    manifest_sha256: str,
    source_name: str,
    source_sha256: str,
    source_bytes: int,
    rows_declared: int,
    rows_loaded: int,
    rows_rejected: int,
    parquet_bytes: int,
    parquet_sha256: str = "",
) -> VersionView:
    """Enter a version whose files are written. It is not public before a listed revision names it.

    For a clerk of the body, and for the node in its background work. The same version again is
    the same row. Refusals: ``not-found``, ``not-of-body``, ``act-not-possible`` on a withdrawn
    entry, ``version-number-taken``.
    """
    with transaction.atomic():
        held = locked_entry(entry)
        _require_loader(actor, held)
        row = Version(
            entry=held,
            number=number,
            manifest_sha256=manifest_sha256,
            source_name=source_name,
            source_sha256=source_sha256,
            source_bytes=source_bytes,
            rows_declared=rows_declared,
            rows_loaded=rows_loaded,
            rows_rejected=rows_rejected,
            parquet_bytes=parquet_bytes,
            parquet_sha256=parquet_sha256,
            created_at=timezone.now(),
        )
        existing = Version.objects.filter(entry=held, number=number).first()
        if existing is not None:
            if existing.manifest_sha256 != manifest_sha256:
                raise no.VERSION_NUMBER_TAKEN(number=number)
            return version_view(existing)
        row.save(force_insert=True)
        # Hashes enter the log with the listing: of a small file they could be guessed from.
        record_act(
            "version.added", actor, held, rows=[row], version=str(row.pk), version_number=number
        )
    return version_view(row)


def _require_loader(actor: Actor, entry: Entry) -> None:
    if actor != NODE:
        rules.require_editor(actor, entry.body_id)
    if entry.state == EntryState.WITHDRAWN.value:
        state_zh, state_en = rules.STATE_WORDS[EntryState.WITHDRAWN]
        raise no.ACT_NOT_POSSIBLE(
            state_zh=state_zh, state_en=state_en, act_zh="添加数据", act_en="add data to"
        )
