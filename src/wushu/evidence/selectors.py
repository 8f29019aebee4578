"""Reads of the log. All of it is public: no personal data enter an entry."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, Min, QuerySet

from wushu.evidence import refusals
from wushu.evidence.auditing import audit
from wushu.evidence.auditing.entries import data_of
from wushu.evidence.auditing.rows import lost_rows
from wushu.evidence.exporting import log_files, log_snapshot
from wushu.evidence.initialising import node_view
from wushu.evidence.models import Checkpoint, Entry, Node
from wushu.evidence.proving import act_document
from wushu.evidence.rules import leaves, merkle, notes, tiles
from wushu.evidence.sequencing import Log, sequenced_size
from wushu.evidence.store import FileMissing, Store
from wushu.evidence.types import (
    ActView,
    ConsistencyProof,
    EntryNote,
    EntryView,
    Fault,
    InclusionProof,
    NodeView,
    ProvedAct,
    PublishedAct,
)

__all__ = [
    "act_document",
    "acts_following",
    "acts_proved",
    "acts_said",
    "audit",
    "checkpoint",
    "checkpoint_and_size",
    "consistency_proof",
    "entries_about",
    "entry",
    "entry_of_act",
    "inclusion_proof",
    "log_files",
    "log_snapshot",
    "losses",
    "node",
    "node_or_none",
    "oldest_unsequenced",
    "proof_file",
    "published_size",
    "sequenced_size",
    "tree_root",
    "unsequenced_count",
]


def node_or_none() -> NodeView | None:
    """The node, or None before its initialisation."""
    found = Node.objects.first()
    return None if found is None else node_view(found)


def node() -> NodeView:
    """The node; refused as node-not-initialised."""
    found = node_or_none()
    if found is None:
        raise refusals.NODE_NOT_INITIALISED()
    return found


def checkpoint() -> str:
    """The published checkpoint, a signed note; refused as checkpoint-missing."""
    store = Store.of_node()
    note = store.checkpoint()
    if note is None:
        raise refusals.CHECKPOINT_MISSING(path=store.checkpoint_path)
    return note.decode()


def checkpoint_and_size() -> tuple[str, int]:
    """The published checkpoint and how many entries it covers; refused as `checkpoint`."""
    note = checkpoint()
    try:
        return note, notes.parse_checkpoint(note.rpartition("\n\n")[0] + "\n").size
    except notes.NoteError as error:
        path = Store.of_node().checkpoint_path
        raise refusals.CHECKPOINT_INVALID(path=path, **error.facts) from error


def published_size() -> int:
    """Number of entries under the published checkpoint."""
    return Log.of_node().published().size


def unsequenced_count() -> int:
    """Acts that have no place in the tree yet."""
    return Entry.objects.filter(index__isnull=True).count()


def oldest_unsequenced() -> datetime | None:
    """When the act was done that waits longest for its place; None when none waits."""
    waiting = Entry.objects.filter(index__isnull=True)
    oldest: datetime | None = waiting.aggregate(oldest=Min("recorded_at"))["oldest"]
    return oldest


def entry(index: int) -> EntryView:
    """A published entry; refused as entry-not-published, as database-diverged when unreadable."""
    size = published_size()
    try:
        if not 0 <= index < size:
            raise Entry.DoesNotExist
        found = Entry.objects.get(index=index)
    except ObjectDoesNotExist as error:
        raise refusals.ENTRY_NOT_PUBLISHED(index=index, size=size) from error
    leaf = bytes(found.leaf)
    try:
        leaves.parse(leaf)
    except leaves.LeafError as error:
        raise refusals.DATABASE_DIVERGED(index=index) from error
    return EntryView(
        index=index,
        act=found.act,
        actor=found.actor,
        subject=found.subject,
        at=found.recorded_at,
        leaf=leaf,
        leaf_hash=merkle.leaf_hash(leaf),
        document=json.loads(leaf),
    )


def entries_about(subject: str, *, limit: int = 200) -> list[EntryNote]:
    """The newest acts about a subject, at most ``limit``, oldest first."""
    found = Entry.objects.filter(subject=subject).order_by("-id").only(*_NOTED)[:limit]
    latest = _signed_size()
    return [_note(row, latest) for row in reversed(found)]


def entry_of_act(subject: str, act: str) -> EntryNote | None:
    """The newest act of this name about a subject, however many came after it."""
    row = _newest(subject, act).only(*_NOTED).first()
    return None if row is None else _note(row, _signed_size())


def acts_said(subject: str, act: str) -> Iterator[ActView]:
    """What acts of this name said about a subject, newest first, in the tree already or not.

    Taken from the leaves: an entry whose leaf cannot be read or says another act or subject than its
    columns is left out (the audit names it).
    """
    for row in _newest(subject, act).iterator(100):
        try:
            leaf = leaves.parse(bytes(row.leaf))
            if (leaf.act, leaf.subject) == (act, subject):
                yield ActView(index=row.index, actor=leaf.actor, at=leaf.at, data=data_of(leaf))
        except leaves.LeafError:
            continue


def acts_following(
    index: int, *, acts: Iterable[str], limit: int
) -> tuple[list[PublishedAct], int]:
    """Signed acts of these names from an index on, in the log's order, and where to go on.

    What follows is never missed: a place in the tree is given once, and nothing comes before it later.
    An entry whose leaf cannot be read is left out (the audit names it).
    """
    size = _signed_size()
    wanted = Entry.objects.filter(index__gte=index, index__lt=size, act__in=list(acts))
    rows = list(wanted.order_by("index")[:limit])
    found = []
    for row in rows:
        assert row.index is not None
        try:
            leaf = leaves.parse(bytes(row.leaf))
            data = data_of(leaf)
        except leaves.LeafError:
            continue
        found.append(PublishedAct(row.index, leaf.act, leaf.subject, leaf.at, data))
    full = len(rows) == limit
    return found, rows[-1].index + 1 if full and rows[-1].index is not None else max(index, size)


def acts_proved(subjects: Collection[str], *, limit: int) -> list[ProvedAct]:
    """The newest acts about some subjects, oldest first, each with its proof under one checkpoint.

    A leaf that cannot be read is left out (the audit names it).
    """
    rows = Entry.objects.filter(subject__in=subjects).order_by("-id")[:limit]
    note, size = checkpoint_and_size() if _signed_size() else ("", 0)
    subtree = lru_cache(maxsize=None)(Store.of_node().subtrees(size))

    def proof(index: int | None) -> str:
        if index is None or index >= size:
            return ""
        return notes.proof_file(index, _path(index, size, subtree), note)

    found = []
    for row in rows:
        try:
            leaf = leaves.parse(bytes(row.leaf))
            said = (leaf.act, leaf.actor, leaf.subject, leaf.at, data_of(leaf), bytes(row.leaf))
        except leaves.LeafError:
            continue
        found.append(ProvedAct(row.index, *said, proof(row.index)))
    return sorted(found, key=lambda one: one.at)


def _path(index: int, size: int, subtree: merkle.Subtree) -> list[bytes]:
    """Refused as ``tiles-disagree`` where the files of the log are not as they were published."""
    try:
        return merkle.inclusion_proof(index, size, subtree)
    except (FileMissing, tiles.TileError) as error:
        raise refusals.TILES_DISAGREE(folder=Store.of_node().folder, size=size) from error


def _newest(subject: str, act: str) -> QuerySet[Entry]:
    """Acts, newest first: those without a place, then by place (a recovery imports in any order)."""
    found = Entry.objects.filter(subject=subject, act=act)
    return found.order_by(F("index").desc(nulls_first=True), "-id")


_NOTED = ("index", "act", "actor", "recorded_at")


def _signed_size() -> int:
    """Size of the newest checkpoint of the database."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def _note(row: Entry, signed: int) -> EntryNote:
    return EntryNote(
        index=row.index,
        act=row.act,
        actor=row.actor,
        at=row.recorded_at,
        published=row.index is not None and row.index < signed,
    )


def tree_root(contents: Iterable[bytes]) -> bytes:
    """Root of the Merkle tree over these leaves (RFC 6962, 2.1), for trees whose roots enter the log."""
    return merkle.root_of(contents)


def losses() -> Iterator[Fault]:
    """Rows whose last act was lost with a restored backup, until done again or accepted."""
    return (lost.fault for lost in lost_rows())


def inclusion_proof(index: int, size: int | None = None) -> InclusionProof:
    """That an entry is in the tree of ``size`` (default: published); refused: proof-out-of-range."""
    published = published_size()
    size = published if size is None else size
    if not 0 <= index < size <= published:
        raise refusals.PROOF_OUT_OF_RANGE(first=index, second=size, size=published)
    store = Store.of_node()
    try:
        subtree = store.subtrees(size)
        return InclusionProof(
            index=index,
            size=size,
            root=merkle.root(size, subtree),
            leaf_hash=subtree(0, index),
            hashes=tuple(merkle.inclusion_proof(index, size, subtree)),
        )
    except (FileMissing, tiles.TileError) as error:
        raise refusals.TILES_DISAGREE(folder=store.folder, size=size) from error


def consistency_proof(first: int, second: int | None = None) -> ConsistencyProof:
    """That one tree begins another (default: the published); refused: proof-out-of-range."""
    published = published_size()
    second = published if second is None else second
    if not 0 < first <= second <= published:
        raise refusals.PROOF_OUT_OF_RANGE(first=first, second=second, size=published)
    store = Store.of_node()
    try:
        subtree = store.subtrees(second)
        return ConsistencyProof(
            first=first,
            second=second,
            first_root=store.root(first),
            second_root=merkle.root(second, subtree),
            hashes=tuple(merkle.consistency_proof(first, second, subtree)),
        )
    except (FileMissing, tiles.TileError) as error:
        raise refusals.TILES_DISAGREE(folder=store.folder, size=second) from error


def proof_file(index: int) -> str:
    """A proof of an entry with the checkpoint, to be checked without the node: C2SP tlog-proof."""
    note, size = checkpoint_and_size()
    return notes.proof_file(index, inclusion_proof(index, size).hashes, note)
