"""The sequencer: acts get their place, the tree grows, a checkpoint is signed and published.

Three stages, each safe to repeat after a crash, all under one lock:

1. every act without an index gets the next ones, in one database transaction;
2. the tiles on disk grow from the published size to the database's size;
3. the new root is signed, kept as a row, and published as a file outside the database.

Before anything, the published checkpoint must be the database's own and the tiles must give its
root: what does not extend the published log is refused by name, never signed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from wushu.evidence import refusals, signers
from wushu.evidence.locks import sequencer_lock
from wushu.evidence.models import Checkpoint, Detail, Entry, Node
from wushu.evidence.rules import leaves, merkle, notes, tiles
from wushu.evidence.rules.notes import VerifierKey
from wushu.evidence.store import FileMissing, Store, write_file
from wushu.evidence.types import SequenceResult
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.failpoints import failpoint

CHUNK = 2048
"""Entries read at once while the tree grows."""
_DETAIL = re.compile(rb'"(?:data|rows)_sha256":"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Log:
    """The node's log as the sequencer sees it."""

    key: VerifierKey
    store: Store

    @classmethod
    def of_node(cls) -> Log:
        """Refused as node-not-initialised when there is none, as node-altered when unreadable."""
        node = Node.objects.first()
        if node is None:
            raise refusals.NODE_NOT_INITIALISED()
        try:
            return cls(VerifierKey.parse(node.verifier_key), Store.of_node())
        except notes.NoteError as error:
            raise refusals.NODE_ALTERED(**error.facts) from error

    def published(self) -> notes.Checkpoint:
        """The checkpoint outside the database; refused when missing or not validly signed."""
        path = self.store.checkpoint_path
        note = self.store.checkpoint()
        if note is None:
            raise refusals.CHECKPOINT_MISSING(path=path)
        try:
            return notes.open_checkpoint(note, self.key)
        except notes.NoteError as error:
            raise refusals.CHECKPOINT_INVALID(path=path, **error.facts) from error


def sequence(*, wait: bool = True) -> SequenceResult:
    """Place, hash, sign and publish all acts committed so far.

    ``wait``: wait for another sequencer to finish, rather than leave the work to it. Refusals:
    node-not-initialised, log-key-*, checkpoint-*, database-behind, database-diverged,
    entries-missing, entry-unreadable, detail-lost, tiles-disagree. Not to be called inside a transaction.
    """
    log = Log.of_node()
    published = log.published()
    if _is_idle(published):
        return SequenceResult(size=published.size)
    with sequencer_lock(log.store.lock_path, wait=wait) as held:
        if not held:
            return SequenceResult(size=published.size, busy=True)
        failpoint("evidence.locked")
        return _sequence(log)


def _sequence(log: Log) -> SequenceResult:
    signer = signers.load(log.key.name)
    if signer.key != log.key:
        raise refusals.LOG_KEY_FOREIGN(path=signers.key_path())
    published = log.published()
    current = catch_up(log, published)
    assign_indexes()
    size = sequenced_size()
    if size > current.size:
        root = extend(log.store, current, size)
        publish(log, signer, current, notes.Checkpoint(log.key.name, size, root))
    return SequenceResult(size=size, added=size - published.size)


def _is_idle(published: notes.Checkpoint) -> bool:
    """Whether nothing waits: asked several times a second, so without reading a tile."""
    return (
        not Entry.objects.filter(index__isnull=True).exists()
        and sequenced_size() == published.size
        and (not published.size or _is_stored(published))
        and not Checkpoint.objects.filter(size__gt=published.size).exists()
    )


def catch_up(log: Log, published: notes.Checkpoint) -> notes.Checkpoint:
    """Make sure that the database continues the published log; returns where it stands.

    A checkpoint that was stored but not published before a crash is published now.
    """
    latest = Checkpoint.objects.order_by("-size").first()
    held = latest.size if latest else 0
    if held < published.size or sequenced_size() < held:
        raise refusals.DATABASE_BEHIND(
            database=min(held, sequenced_size()), published=max(held, published.size)
        )
    if published.size and not _is_stored(published):
        raise refusals.DATABASE_DIVERGED(index=published.size - 1)
    verify_tiles(log.store, published)
    if latest is None or held == published.size:
        return published
    try:
        stored = notes.open_checkpoint(latest.note.encode(), log.key)
    except notes.NoteError as error:
        raise refusals.CHECKPOINT_INVALID(
            path=f"evidence_checkpoint/{held}", **error.facts
        ) from error
    verify_extension(log.store, published, stored)
    log.store.publish(latest.note)
    return stored


def _is_stored(published: notes.Checkpoint) -> bool:
    root = base64.b64encode(published.root).decode()
    return Checkpoint.objects.filter(size=published.size, root=root).exists()


def verify_tiles(store: Store, checkpoint: notes.Checkpoint) -> None:
    """Refuse unless the tiles on disk give the checkpoint's root."""
    try:
        root = store.root(checkpoint.size)
    except (FileMissing, tiles.TileError):
        root = b""
    if root != checkpoint.root:
        raise refusals.TILES_DISAGREE(folder=store.folder, size=checkpoint.size)


def verify_extension(store: Store, old: notes.Checkpoint, new: notes.Checkpoint) -> None:
    """Refuse unless the tiles prove that ``new`` extends ``old``: the gate before every signature."""
    verify_tiles(store, new)
    if not old.size:
        return
    proof = merkle.consistency_proof(old.size, new.size, store.subtrees(new.size))
    try:
        merkle.verify_consistency(
            first=old.size, second=new.size, first_root=old.root, second_root=new.root, proof=proof
        )
    except merkle.ProofError as error:
        raise refusals.TILES_DISAGREE(folder=store.folder, size=old.size) from error


def sequenced_size() -> int:
    """How many places of the tree the database has given away."""
    last = Entry.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def assign_indexes() -> None:
    """Give every act without an index the next ones, in the order they were written.

    Whatever is not sequenced is taken, never "id > last": ids are handed out before their
    transactions commit, so an earlier id may become visible later.
    """
    if not Entry.objects.filter(index__isnull=True).exists():
        return
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A burst of acts is there before PostgreSQL has counted it; for the few rows that it knows
            # of it would join each with each, which takes the square of their number.
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(
            """
            UPDATE evidence_entry SET "index" = waiting.place
            FROM (
                SELECT id, (SELECT COALESCE(MAX("index") + 1, 0) FROM evidence_entry)
                           + ROW_NUMBER() OVER (ORDER BY id) - 1 AS place
                FROM evidence_entry WHERE "index" IS NULL
            ) AS waiting
            WHERE evidence_entry.id = waiting.id
            """
        )
        failpoint("evidence.assigning")
    failpoint("evidence.assigned")


def leaves_between(start: int, end: int) -> Iterator[bytes]:
    """Leaves of the database in order; refused as entries-missing at the first gap."""
    for first in range(start, end, CHUNK):
        last = min(first + CHUNK, end)
        found = list(
            Entry.objects.filter(index__gte=first, index__lt=last)
            .order_by("index")
            .values_list("leaf", flat=True)
        )
        if len(found) != last - first:
            raise refusals.ENTRIES_MISSING(first=first, last=last - 1)
        yield from (bytes(leaf) for leaf in found)


def extend(store: Store, current: notes.Checkpoint, size: int) -> bytes:
    """Write the tiles of the tree of ``size`` that the current one lacks; returns its root."""
    builder = tiles.Builder.resume(current.size, store.read)
    root = grow(store, builder, _with_details(store, leaves_between(current.size, size)))
    verify_extension(store, current, notes.Checkpoint(current.origin, size, root))
    failpoint("evidence.tiles-extended")
    return root


def grow(store: Store, builder: tiles.Builder, added: Iterator[bytes]) -> bytes:
    """Add leaves to a tree on disk, from where the builder stands; returns the new root."""
    width = builder.size % tiles.WIDTH
    bundle = store.entries(builder.size // tiles.WIDTH, width) if width else []
    for leaf in added:
        bundle.append(leaf)
        for tile, data in builder.push(merkle.leaf_hash(leaf)):
            store.write(tile, data)
        if len(bundle) == tiles.WIDTH:
            number = builder.size // tiles.WIDTH - 1
            store.write(tiles.Tile(tiles.ENTRIES, number), tiles.join_entries(bundle))
            bundle = []
    for tile, data in builder.partials():
        store.write(tile, data)
    if bundle:
        tile = tiles.Tile(tiles.ENTRIES, builder.size // tiles.WIDTH, len(bundle))
        store.write(tile, tiles.join_entries(bundle))
    return builder.root()


def _with_details(store: Store, added: Iterator[bytes]) -> Iterator[bytes]:
    """Put the details that leaves name beside the tiles, so that the log is whole outside."""
    for leaf in added:
        for sha256 in details_of(leaf):
            write_detail(store, sha256)
        yield leaf


def write_detail(store: Store, sha256: str) -> None:
    """Write a detail of the database to its file; refused as detail-lost."""
    detail = Detail.objects.filter(sha256=sha256).first()
    if detail is None or sha256_hex(bytes(detail.body)) != sha256:
        raise refusals.DETAIL_LOST(sha256=sha256)
    write_file(store.detail_path(sha256), bytes(detail.body))


def details_of(leaf: bytes) -> tuple[str, ...]:
    """Hashes of the details that a leaf names; refused as entry-unreadable."""
    if not _DETAIL.search(leaf):  # most leaves name none: spare them the parsing
        return ()
    try:
        return leaves.parse(leaf).details
    except leaves.LeafError as error:
        raise refusals.ENTRY_UNREADABLE(**error.facts) from error


def publish(log: Log, signer: signers.Signer, old: notes.Checkpoint, new: notes.Checkpoint) -> None:
    """Sign, keep as a row, then replace the published file; then drop what became superfluous."""
    text = new.text
    line = notes.signature_line(signer.key.name, signer.key.key_id, signer.sign(text.encode()))
    note = notes.signed_note(text, [line])
    failpoint("evidence.signed")
    with transaction.atomic(durable=True):
        root = base64.b64encode(new.root).decode()
        Checkpoint.objects.create(size=new.size, previous=old.size, root=root, note=note)
        failpoint("evidence.checkpoint-storing")
    failpoint("evidence.checkpoint-stored")
    log.store.publish(note)
    failpoint("evidence.published")
    for tile in tiles.tiles_between(old.size, new.size):
        if tile.full:
            log.store.prune(tile)
    failpoint("evidence.pruned")
