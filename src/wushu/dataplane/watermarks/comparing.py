"""A file compared with the deliveries that the receipts know of."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import QuerySet

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView, VersionView
from wushu.dataplane.ingest.refusals import FILE_TOO_LARGE
from wushu.dataplane.ingest.store import Readable, working
from wushu.dataplane.models import Grant, Receipt
from wushu.dataplane.query.marked import key_for
from wushu.dataplane.query.types import VERSION_NOT_FOUND, Surface
from wushu.dataplane.query.versions import Version, version_by_manifest
from wushu.dataplane.types import Watermark
from wushu.dataplane.watermarks.refusals import WATERMARK_NOT_DELIVERED
from wushu.dataplane.watermarks.tracing import trace
from wushu.dataplane.watermarks.types import Traced
from wushu.parties.types import Actor

_CHUNK = 1024 * 1024


def delivered(entry: UUID, version: UUID) -> tuple[UUID, ...]:
    """Grants under which a version was downloaded in an order of its reader's own; asks nobody."""
    of_version = _downloads(entry).filter(version=version)
    return tuple(of_version.order_by("grant").values_list("grant", flat=True).distinct())


def _downloads(entry: UUID) -> QuerySet[Receipt]:
    return Receipt.objects.filter(
        grant__dataset=entry,
        grant__watermark=Watermark.ORDER.value,
        surface=Surface.DOWNLOAD.value,
    )


def compare(
    entry: EntryView, actor: Actor, stream: Readable, name: str, number: int | None, encoding: str
) -> tuple[Traced, UUID, str]:
    """What a file says, of which version, and the file's SHA-256; asks nobody.

    Refusals: ``version-not-found``, ``watermark-not-delivered``, ``file-too-large``, ``version-damaged``,
    and those of ``tracing.trace``.
    """
    shown = _version(entry, number, actor)
    grants = delivered(entry.id, shown.id)
    if not grants:
        raise WATERMARK_NOT_DELIVERED(dataset=entry.slug, version=shown.number)
    opened = version_by_manifest(
        entry.id, shown.number, shown.id, shown.manifest_sha256, entry.slug
    )
    opened = _unmasked(opened, grants)
    keys = {grant: key_for(grant, shown.id) for grant in grants}
    with working(f"trace-{uuid4().hex}") as work:
        file = work / "file"
        digest = _copied(stream, file, name)
        return trace(file, name, work, opened, keys, encoding=encoding), shown.id, digest


def _unmasked(version: Version, grants: tuple[UUID, ...]) -> Version:
    """The version without columns that were masked in a download: what is in such a file is not in them."""
    rows = Grant.objects.filter(pk__in=grants).values_list("masks", flat=True)
    masked = {one["column"] for masks in rows for one in masks}
    left = {name: column for name, column in version.columns.items() if name not in masked}
    return replace(version, columns=left) if masked and left else version


def _version(entry: EntryView, number: int | None, actor: Actor) -> VersionView:
    """The version with this number, else the newest that was downloaded under a marked grant."""
    every = catalog.versions(entry.id, actor=actor)
    if number is None:
        read = set(_downloads(entry.id).values_list("version", flat=True).distinct())
        chosen = next((one for one in every if one.id in read), every[0] if every else None)
    else:
        chosen = next((one for one in every if one.number == number), None)
    if chosen is None:
        raise VERSION_NOT_FOUND(dataset=entry.slug, version=number or 1)
    return chosen


def _copied(stream: Readable, target: Path, name: str) -> str:
    """Keep the file for the work; its SHA-256. Refusal ``file-too-large``."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > settings.UPLOAD_MAX_BYTES:
                raise FILE_TOO_LARGE(name=name, limit=settings.UPLOAD_MAX_BYTES)
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()
