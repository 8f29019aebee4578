"""``/catalog.csv``, ``.json``, ``.ndjson``: the whole catalogue as a dataset of its own.

Every field of each listed entry that the public may see, in the order of the slugs, in constant memory. An
entry that is listed or closed meanwhile may be in it or not.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import fields
from typing import Any

import orjson
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from wushu.catalog import selectors, vocabulary
from wushu.catalog.api.responses import absolute, answering, require_known
from wushu.catalog.api.rest import entry_json, files_json
from wushu.catalog.files import files_of_entries
from wushu.catalog.refusals import PARAMETER_WRONG
from wushu.catalog.types import EntryView, FileFacts, Metadata
from wushu.evidence import selectors as evidence
from wushu.kernel.formulas import guarded

PAGE = 200
"""Entries that are read at once."""

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
}
_LIST_SIGN = "|"
_METADATA = tuple(one.name for one in fields(Metadata))
COLUMNS = (
    "identifier", "slug", "page", "body_code", "body_zh", "body_en", *_METADATA, "theme_zh", "theme_en",
    "issued", "modified", "revision", "version", "version_created", "rows", "rows_rejected",
    "source_sha256", "manifest_sha256", "columns", "formats", "csv", "csv_bytes", "csv_sha256",
)  # fmt: skip
"""Of the CSV. Several values in one cell are divided by ``|``."""

Files = tuple[FileFacts, ...]


@answering
def catalogue(request: HttpRequest, suffix: str) -> HttpResponseBase:
    """The whole catalogue; ``bom=on`` puts a byte order mark before the CSV, for spreadsheets."""
    require_known(request, ("bom",) if suffix == "csv" else ())
    mark = request.GET.get("bom", "off")
    if mark not in ("on", "off"):
        raise PARAMETER_WRONG(name="bom", value=mark[:80], allowed="on, off")
    has_mark = mark == "on"
    headers = {"ETag": _etag(suffix, has_mark), "Access-Control-Allow-Origin": "*"}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="catalog.{suffix}"'
    if request.method == "HEAD":
        return HttpResponse(content_type=MEDIA_TYPES[suffix], headers=headers)
    pieces = _WRITERS[suffix]()
    return StreamingHttpResponse(
        _with_mark(pieces) if has_mark else pieces,
        content_type=MEDIA_TYPES[suffix],
        headers=headers,
    )


def _etag(suffix: str, has_mark: bool) -> str:
    """Weak: the same entries, whatever is known of their files.

    JSON says of each how many days are left until it is due: a new day is another answer.
    """
    day = "" if suffix == "csv" else timezone.localdate()
    known = f"{selectors.catalogue_changed()} {day} {suffix} {has_mark} {' '.join(COLUMNS)}"
    return f'W/"{hashlib.sha256(known.encode()).hexdigest()[:32]}"'


async def _with_mark(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield "\ufeff".encode()
    async for piece in pieces:
        yield piece


async def _pages(written: Callable[[EntryView, Files, str], bytes]) -> AsyncIterator[list[bytes]]:
    """Entries as they are written, page by page; the event loop waits for no database."""
    base = (await sync_to_async(evidence.node)()).identifier_base

    def page(after: str) -> tuple[list[bytes], str]:
        entries = selectors.listed_after(after, limit=PAGE)
        files = files_of_entries(entries)
        lines = [written(one, _files_of(one, files), base) for one in entries]
        return lines, entries[-1].slug if entries else ""

    lines, last = await sync_to_async(page)("")
    while lines:
        yield lines
        lines, last = await sync_to_async(page)(last)


def _files_of(entry: EntryView, files: dict[Any, Files]) -> Files:
    """None are told of data that are not everybody's."""
    assert entry.revision is not None
    version = entry.revision.version
    return () if version is None else files.get(version.id, ())


async def _ndjson() -> AsyncIterator[bytes]:
    async for lines in _pages(_json_line):
        yield b"".join(line + b"\n" for line in lines)


async def _json() -> AsyncIterator[bytes]:
    before = b"[\n"
    async for lines in _pages(_json_line):
        yield before + b",\n".join(lines)
        before = b",\n"
    yield b"\n]\n" if before != b"[\n" else b"[]\n"


async def _csv() -> AsyncIterator[bytes]:
    yield _csv_line(COLUMNS)
    async for lines in _pages(_csv_entry):
        yield b"".join(lines)


_WRITERS = {"csv": _csv, "json": _json, "ndjson": _ndjson}


def _json_line(entry: EntryView, files: Files, base: str) -> bytes:
    document = entry_json(entry, base)
    assert entry.revision is not None
    document["fields"] = [spec.as_json() for spec in entry.revision.fields]
    document["files"] = files_json(entry, files)
    return orjson.dumps(document)


def _csv_entry(entry: EntryView, files: Files, base: str) -> bytes:
    revision = entry.revision
    assert revision is not None
    m, version = revision.metadata, revision.version
    told, forms = files_json(entry, files), selectors.forms_of(revision)
    usual = next((one for one in told if one["format"] == "csv" and not one["variant"]), {})
    table = {} if version is None else {
        "version": version.number,
        "version_created": version.created_at.isoformat(timespec="seconds"),
        "rows": version.rows_loaded,
        "rows_rejected": version.rows_rejected,
        "source_sha256": version.source_sha256,
        "manifest_sha256": version.manifest_sha256,
        "formats": [one.suffix for one in forms],
        "csv": absolute(f"/data/{entry.slug}.csv") if forms else "",
        "csv_bytes": usual.get("bytes"),
        "csv_sha256": usual.get("sha256"),
    }  # fmt: skip
    known: dict[str, Any] = {
        "identifier": f"{base}/id/{entry.id}",
        "slug": entry.slug,
        "page": absolute(f"/datasets/{entry.slug}"),
        "body_code": entry.body_code,
        "body_zh": entry.body_name_zh,
        "body_en": entry.body_name_en,
        **{name: getattr(m, name) for name in _METADATA},
        "theme_zh": vocabulary.themes().label(m.theme, "zh"),
        "theme_en": vocabulary.themes().label(m.theme, "en"),
        "issued": entry.listed_at.isoformat(timespec="seconds") if entry.listed_at else "",
        "modified": entry.changed_at.isoformat(timespec="seconds"),
        "revision": revision.number,
        "columns": [one.name for one in revision.fields],
        **table,
    }
    return _csv_line(_cell(known.get(name)) for name in COLUMNS)


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        value = _LIST_SIGN.join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else guarded(str(value))


def _csv_line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
