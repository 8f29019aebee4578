"""After a loss: database and files hold the published log again, so that it can go on.

Nothing here signs anything. What is put back is checked against the published checkpoint first.
What was lost for good, the rows of acts that only the lost database held, is named by the audit
until it is done again or its loss is accepted in a public act.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from wushu.evidence import refusals
from wushu.evidence.auditing.entries import LOG_RECOVERED, Spans
from wushu.evidence.locks import sequencer_lock
from wushu.evidence.models import Checkpoint, Detail, Entry, Node, RowSalt
from wushu.evidence.recording import record
from wushu.evidence.rules import leaves, merkle, notes, tiles
from wushu.evidence.rules.tiles import ENTRIES, WIDTH, Tile
from wushu.evidence.sequencing import Log, details_of, leaves_between, sequenced_size
from wushu.evidence.store import FileMissing, Store, write_file
from wushu.evidence.types import RecoverResult
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import Refusal
from wushu.kernel.failpoints import failpoint
from wushu.parties.types import NODE

Leaves = Callable[[], Iterator[bytes]]


def recover(*, checkpoint: bytes | None = None) -> RecoverResult:
    """Make tiles and database agree with the published checkpoint; safe to repeat.

    ``checkpoint``: a signed note to publish first, where the file was lost. Then files that are
    missing or wrong are written again from whichever of bundles and database gives the published
    root, and entries that the database lacks are imported. Refusals: checkpoint-missing,
    checkpoint-invalid, checkpoint-older, nothing-to-recover-from, database-diverged, detail-lost.
    """
    log = Log.of_node()
    with sequencer_lock(log.store.lock_path, wait=True):
        if checkpoint is not None:
            _put_back(log, checkpoint)
        published = log.published()
        written = _restore_files(log.store, published)
        imported, placed, details = _restore_entries(log.store, published.size)
        _restore_checkpoint_row(log, published)
    return RecoverResult(
        size=published.size,
        imported=imported,
        placed=placed,
        details=details,
        files=written,
        checkpoint=checkpoint is not None,
    )


def _put_back(log: Log, note: bytes) -> None:
    try:
        given = notes.open_checkpoint(note, log.key)
    except notes.NoteError as error:
        raise refusals.CHECKPOINT_INVALID(path="--checkpoint", **error.facts) from error
    latest = Checkpoint.objects.order_by("-size").first()
    known = latest.size if latest else 0
    try:
        known = max(known, log.published().size)
    except Refusal as refusal:
        if refusal.kind not in (refusals.CHECKPOINT_MISSING, refusals.CHECKPOINT_INVALID):
            raise
    if given.size < known:
        raise refusals.CHECKPOINT_OLDER(given=given.size, known=known)
    log.store.publish(note.decode())


def _restore_files(store: Store, published: notes.Checkpoint) -> int:
    """Write again the tiles and bundles that are not as they should be; returns how many."""
    size = published.size
    for source in (_from_bundles(store, size), _from_database(size)):
        try:
            builder = tiles.Builder()
            for leaf in source():
                builder.push(merkle.leaf_hash(leaf))
        except (FileMissing, tiles.TileError, Refusal):
            continue
        if builder.root() == published.root:
            return sum(_rewrite(store, tile, data) for tile, data in _files_of(source()))
    raise refusals.NOTHING_TO_RECOVER_FROM(size=size, folder=store.folder)


def _from_bundles(store: Store, size: int) -> Leaves:
    def read() -> Iterator[bytes]:
        for number in range((size + WIDTH - 1) // WIDTH):
            yield from store.entries(number, tiles.width_in(ENTRIES, number, size))

    return read


def _from_database(size: int) -> Leaves:
    return lambda: leaves_between(0, size)


def _files_of(source: Iterator[bytes]) -> Iterator[tuple[Tile, bytes]]:
    """Every tile and bundle of the tree over the leaves."""
    builder, bundle = tiles.Builder(), list[bytes]()
    for leaf in source:
        bundle.append(leaf)
        yield from builder.push(merkle.leaf_hash(leaf))
        if len(bundle) == WIDTH:
            yield Tile(ENTRIES, builder.size // WIDTH - 1), tiles.join_entries(bundle)
            bundle = []
    yield from builder.partials()
    if bundle:
        yield Tile(ENTRIES, builder.size // WIDTH, len(bundle)), tiles.join_entries(bundle)


def _rewrite(store: Store, tile: Tile, data: bytes) -> bool:
    path = store.path(tile)
    if path.is_file() and path.read_bytes() == data:
        return False
    if tile.full:
        store.prune(tile)
    store.write(tile, data)
    return True


def _restore_entries(store: Store, size: int) -> tuple[int, int, int]:
    """Import the entries that the database lacks: how many were imported, placed, details mended."""
    imported: list[int] = []
    placed = details = 0
    waiting = _waiting_acts()
    for number in range((size + WIDTH - 1) // WIDTH):
        bundle = store.entries(number, tiles.width_in(ENTRIES, number, size))
        start = number * WIDTH
        with transaction.atomic(durable=True):
            lost: list[int] = []
            query = Entry.objects.filter(index__range=(start, start + len(bundle) - 1))
            held = {index: bytes(leaf) for index, leaf in query.values_list("index", "leaf")}
            for index, leaf in enumerate(bundle, start):
                details += sum(_mend_detail(store, sha256) for sha256 in details_of(leaf))
                if index in held:
                    if held[index] != leaf:
                        raise refusals.DATABASE_DIVERGED(index=index)
                    continue
                if waiting[leaf]:
                    Entry.objects.filter(pk=waiting[leaf].pop(0)).update(index=index)
                    placed += 1
                else:
                    _import_entry(index, leaf)
                    lost.append(index)
            _record_recovery(lost)
            failpoint("evidence.importing")
        imported += lost
        failpoint("evidence.imported")
    return len(imported), placed, details


def _record_recovery(lost: Sequence[int]) -> None:
    """Say publicly, together with the import, which entries were taken back without their salts."""
    if not lost:
        return
    record(
        LOG_RECOVERED,
        actor=NODE.urn,
        subject=f"urn:uuid:{Node.objects.get().node_uuid}",
        data={"entries": Spans.of(lost).as_list()},
        rows=[],
    )


def _waiting_acts() -> dict[bytes, list[int]]:
    """Acts without a place, by leaf: the lost database had perhaps placed them already."""
    found: dict[bytes, list[int]] = defaultdict(list)
    for pk, leaf in Entry.objects.filter(index=None).order_by("id").values_list("pk", "leaf"):
        found[bytes(leaf)].append(pk)
    return found


def _import_entry(index: int, leaf: bytes) -> None:
    """An entry as the log has it; its salts are lost, which is how the audit knows its rows."""
    read = leaves.parse(leaf)
    entry = Entry.objects.create(
        index=index,
        act=read.act,
        actor=read.actor,
        subject=read.subject,
        recorded_at=read.at,
        leaf=leaf,
    )
    rows = read.rows
    if rows is None:
        rows = leaves.parse_rows(bytes(Detail.objects.get(sha256=read.rows_sha256).body))
    RowSalt.objects.bulk_create(
        [RowSalt(entry=entry, table=row.table, row=row.key, salt=None) for row in rows]
    )


def _mend_detail(store: Store, sha256: str) -> bool:
    """Make a detail be the same in database and file; True when one of them had to be mended."""
    row = Detail.objects.filter(sha256=sha256).first()
    kept = bytes(row.body) if row else b""
    try:
        filed = store.detail(sha256)
    except FileMissing:
        filed = b""
    sound = next((body for body in (kept, filed) if sha256_hex(body) == sha256), None)
    if sound is None:
        raise refusals.DETAIL_LOST(sha256=sha256)
    if kept != sound:
        Detail.objects.update_or_create(sha256=sha256, defaults={"body": sound})
    if filed != sound:
        write_file(store.detail_path(sha256), sound)
    return kept != sound or filed != sound


def _restore_checkpoint_row(log: Log, published: notes.Checkpoint) -> None:
    """Keep the published checkpoint as a row where the database lost it."""
    if not published.size or sequenced_size() < published.size:
        return
    root = base64.b64encode(published.root).decode()
    row = Checkpoint.objects.filter(size=published.size).first()
    if row is not None:
        if row.root != root:
            raise refusals.DATABASE_DIVERGED(index=published.size - 1)
        return
    before = Checkpoint.objects.filter(size__lt=published.size).order_by("-size").first()
    note = log.store.checkpoint() or b""
    Checkpoint.objects.create(
        size=published.size,
        previous=before.size if before else 0,
        root=root,
        note=note.decode(),
    )
