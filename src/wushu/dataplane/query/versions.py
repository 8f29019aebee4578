"""Versions of data as readers need them: what is immutable is kept, never what is decided."""

from __future__ import annotations

import asyncio
import logging
import tarfile
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from uuid import UUID

import pyarrow as pa
from pyarrow import parquet

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest import store
from wushu.dataplane.query import engine, masking
from wushu.dataplane.query.reader import Reader
from wushu.dataplane.query.sql import Column
from wushu.dataplane.query.types import GRANT_DOES_NOT_FIT, VERSION_DAMAGED, Access
from wushu.privacy.types import Mask

KEPT = 256
"""Versions a process keeps open; the one not asked for longest is let go."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Version:
    """One immutable version: its columns, its Parquet file and, where it is there, its serving file.

    Or such a version as a grant with ``masks`` shows it: with other values and types, and without files.
    """

    id: UUID
    dataset: UUID
    number: int
    manifest_sha256: str
    path: Path
    """Of the Parquet file: every value as it is."""
    parquet_sha256: str
    serving: Path
    fields: tuple[FieldSpec, ...]
    columns: dict[str, Column]
    """By name, in table order."""
    rows: int
    masks: tuple[Mask, ...] = ()
    source: str = ""
    """FROM clause with ``c0`` … and ``pos``: the one way to its rows by the engine."""
    types: dict[str, FieldType] = field(init=False)
    _reader: Reader | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.types = {name: column.type for name, column in self.columns.items()}
        self.source = self.source or engine.table(self.path, self.fields)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names in table order."""
        return tuple(self.columns)

    @property
    def parquet(self) -> Path:
        """The stored file; ``RuntimeError`` where a grant masks what stands in it."""
        if self.masks:
            raise RuntimeError("a masked version is read by its source alone")
        return self.path

    @property
    def reader(self) -> Reader | None:
        """The serving file, or None while it is missing: the Parquet file then answers, slower.

        None too where values are masked: those in the file are the true ones.
        """
        if self.masks:
            return None
        if self._reader is None and self.serving.is_file():
            try:
                found = Reader(self.serving)
            except (OSError, KeyError, ValueError, tarfile.TarError, pa.ArrowInvalid):
                _log.exception("the serving file %s cannot be read", self.serving)
                return None
            if found.rows != self.rows or tuple(found.names) != self.names:
                _log.error("the serving file %s is not of its version", self.serving)
                return None
            self._reader = found
        return self._reader


_kept: OrderedDict[tuple[UUID, str], Version] = OrderedDict()
_lock = threading.Lock()


def version_of(access: Access) -> Version:
    """The version an access is for.

    Refusals: ``version-damaged`` when its files are not the manifest's, ``grant-does-not-fit`` when
    the grant filters by columns, or allows only columns, that this version does not have, or masks
    columns that are of another type here.
    """
    found = version_by_manifest(
        access.dataset, access.number, access.version, access.manifest_sha256, access.slug
    )
    if not access.whole:
        filtered = all(one.column in found.types for one in access.row_filter)
        visible = access.columns is None or any(name in found.types for name in access.columns)
        if not (filtered and visible and masking.fits(access.masks, found.columns)):
            raise GRANT_DOES_NOT_FIT(dataset=access.slug, version=access.number)
    return _masked(found, access) if access.masks else found


def _masked(whole: Version, access: Access) -> Version:
    """The version as the grant shows it."""
    shown = masking.fields(whole.fields, access.masks)
    columns = {
        name: replace(one, type=field.type)
        for (name, one), field in zip(whole.columns.items(), shown, strict=True)
    }
    return replace(
        whole, fields=shown, columns=columns, masks=access.masks,
        source=masking.source(
            whole.source, whole.columns, access.masks, access.dataset, access.reading
        ),
    )  # fmt: skip


def version_by_manifest(
    entry: UUID, number: int, version: UUID, manifest_sha256: str, slug: str
) -> Version:
    """A version by what the catalogue says of it, for who has decided that its rows may be read.

    Refusals: ``version-damaged``, which says the slug; ``storage-unavailable``.
    """
    key = (version, manifest_sha256)
    found = _ready(key)
    if found is not None:
        return found
    opened = _open(entry, number, version, manifest_sha256, slug)
    with _lock:
        _kept[key] = opened
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return opened


def readable_names(access: Access, version: Version) -> tuple[str, ...]:
    """Columns the reader may read, in the order of the table."""
    allowed = access.columns
    return version.names if allowed is None else tuple(n for n in version.names if n in allowed)


async def version_for(access: Access) -> Version:
    """``version_of`` for the event loop, which waits for no object storage: a thread does."""
    if store.opens_at_once() or _ready((access.version, access.manifest_sha256)) is not None:
        return version_of(access)
    return await asyncio.to_thread(version_of, access)


def _ready(key: tuple[UUID, str]) -> Version | None:
    """The version if it is open here and its Parquet file is still on this host."""
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
    return found if found is not None and store.in_use(found.path) else None


def _open(entry: UUID, number: int, version: UUID, manifest_sha256: str, slug: str) -> Version:
    named = store.Named(entry, number, manifest_sha256)
    try:
        manifest = store.manifest_of(named)
        data = next(one for one in manifest["files"] if one["role"] == "data")
        path = store.version_file(named, data["path"], data["sha256"])
        fields = tuple(FieldSpec.from_json(one) for one in manifest["fields"])
        described = parquet.ParquetFile(path)
        columns = _columns(fields, described.schema_arrow)
        return Version(
            id=version,
            dataset=entry,
            number=number,
            manifest_sha256=manifest_sha256,
            path=path,
            parquet_sha256=data["sha256"],
            serving=store.serving_path(entry, number),
            fields=fields,
            columns=columns,
            rows=described.metadata.num_rows,
        )
    except (OSError, KeyError, ValueError, TypeError, StopIteration, pa.ArrowInvalid) as error:
        _log.exception("version %s of %s (%s) cannot be served", number, slug, entry)
        raise VERSION_DAMAGED(dataset=slug, version=number) from error


def _columns(fields: tuple[FieldSpec, ...], schema: pa.Schema) -> dict[str, Column]:
    """The fields with their places; ``ValueError`` when the Parquet file has others."""
    if len(schema) != len(fields) + 1:
        raise ValueError("the Parquet file has other columns than the manifest")
    columns = {}
    for place, one in enumerate(fields):
        stored = schema.field(place + 1)
        if stored.name != one.name:
            raise ValueError(f"the Parquet file has {stored.name!r} where {one.name!r} is due")
        scale = stored.type.scale if pa.types.is_decimal(stored.type) else 0
        columns[one.name] = Column(place, one.name, one.type, scale)
    return columns
