"""Whether the index on disk is whole: every file against its own checksum, its entries against ours.

Whether the node's own synonyms can be read is asked with it. The index is derived, so that nothing is lost with it; but a damaged one may leave entries out of
what people find, and nobody would notice.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import tantivy
from django.conf import settings

from wushu.catalog.models import Entry
from wushu.catalog.search.dictionary import synonym_faults
from wushu.catalog.search.index import Index, catalogue_index
from wushu.catalog.search.schema import schema
from wushu.catalog.types import EntryState, IndexFault
from wushu.kernel.errors import Said

_SEGMENT_FILES = ("fast", "fieldnorm", "idx", "pos", "store", "term")
_META = "meta.json"
_FOOTER_MAGIC = 1337
"""Ends every file of a segment, after the length of a footer that holds the CRC-32 of what precedes
it (tantivy, ``directory/footer.rs``)."""


def index_faults() -> list[IndexFault]:
    """What is wrong with this node's search index; for the node's own check of itself.

    An index that is not there yet, while entries are listed, is ``missing``: the next search builds
    it. Reads every byte while nobody writes.
    """
    index = catalogue_index()
    with index.writing(wait=True):
        of_index = list(_file_faults(index.folder)) or list(_entry_faults(index))
    return [*of_index, *_synonym_faults()]


def _synonym_faults() -> Iterator[IndexFault]:
    for fault in synonym_faults():
        zh, en = (f"第 {fault.line} 行：", f"line {fault.line}: ") if fault.line else ("", "")
        yield IndexFault(
            "synonyms-wrong",
            str(settings.SYNONYMS_FILE),
            Said(zh + fault.reason_zh, en + fault.reason_en),
        )


def _file_faults(folder: Path) -> Iterator[IndexFault]:
    if not (folder / _META).is_file():
        if _listed().exists():
            yield IndexFault(
                "search-missing",
                str(folder / _META),
                Said("还没有检索索引", "there is no search index"),
            )
        return
    try:
        meta = json.loads((folder / _META).read_bytes())
        wanted = set(_files_of(meta)) if meta["schema"] == _schema() else None
    except (OSError, ValueError, KeyError, TypeError):
        wanted = None
    if wanted is None:
        yield _damaged(folder / _META)
        return
    for name in sorted(wanted):
        if not _is_whole(folder / name):
            yield _damaged(folder / name)


@lru_cache(maxsize=1)
def _schema() -> Any:
    """The fields as tantivy writes them down: it opens an index with others without a word."""
    with tempfile.TemporaryDirectory() as folder:
        tantivy.Index(schema(), folder)
        return json.loads((Path(folder) / _META).read_bytes())["schema"]


def _files_of(meta: dict[str, Any]) -> Iterator[str]:
    """Names of the files of the segments that an index consists of."""
    for segment in meta["segments"]:
        stem = UUID(segment["segment_id"]).hex
        yield from (f"{stem}.{ending}" for ending in _SEGMENT_FILES)
        if segment["deletes"] is not None:
            yield f"{stem}.{segment['deletes']['opstamp']}.del"


def _is_whole(path: Path) -> bool:
    """Whether a segment's file has the checksum that its footer says."""
    try:
        data = path.read_bytes()
        length = int.from_bytes(data[-8:-4], "little")
        footer, body = data[-8 - length : -8], data[: -8 - length]
        is_footed = int.from_bytes(data[-4:], "little") == _FOOTER_MAGIC
        return is_footed and bool(json.loads(footer)["crc"] == zlib.crc32(body))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _entry_faults(index: Index) -> Iterator[IndexFault]:
    """Entries the index lacks or has too many, unless it is about to read them."""
    if not (index.folder / _META).is_file():
        return
    held = index.holdings()
    if held is None:
        yield _damaged(index.folder / _META)
    elif held.current and held.entries != set(_listed().values_list("pk", flat=True)):
        yield IndexFault(
            "search-damaged",
            str(index.folder),
            Said("内容与已上架的目录不符", "it does not hold what is listed"),
        )


def _listed() -> Any:
    return Entry.objects.filter(state=EntryState.LISTED.value, listed_revision__isnull=False)


def _damaged(path: Path) -> IndexFault:
    return IndexFault(
        "search-damaged", str(path), Said("文件缺失或已损坏", "the file is missing or damaged")
    )
