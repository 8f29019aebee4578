"""Entries, bundles, tiles and checkpoints against one another.

For every leaf there are three witnesses: the database's entry, the bundle on disk and the hash in
the lowest tile. Where they differ, two outvote one, and the root of what they say must be the root
that was signed: so the odd one out is the changed one.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wushu.evidence import faults
from wushu.evidence.faults import Fault
from wushu.evidence.locks import sequencer_lock
from wushu.evidence.models import Checkpoint, Entry
from wushu.evidence.rules import merkle, notes, tiles
from wushu.evidence.rules.tiles import ENTRIES, WIDTH, Tile
from wushu.evidence.sequencing import Log, sequenced_size
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import Refusal

EntryFaults = Callable[[Sequence[Entry]], Iterator[Fault]]


@dataclass(slots=True)
class _File:
    """One width of a tile or bundle on disk, as leaf hashes or tile hashes."""

    tile: Tile
    hashes: list[bytes] | None
    """None: the bytes are no tile."""


class TreeAudit:
    """One pass over the log from its first leaf to its last."""

    def __init__(self, log: Log, entry_faults: EntryFaults) -> None:
        self.log = log
        self.store = log.store
        self.entry_faults = entry_faults
        self.builder = tiles.Builder()
        self.published = 0
        self.end = 0
        """What this audit reads: the tree as it was when it began."""
        self.grown = 0
        """What the tree has grown to meanwhile, as far as the audit had to know."""

    def faults(self, progress: Callable[[str, int, int], None]) -> Iterator[Fault]:
        """Every fault of the tree and of the entries in it."""
        # Under the lock nothing is half-way between the stored and the published checkpoint.
        with sequencer_lock(self.store.lock_path, wait=True):
            found = list(self._published_faults())
            self.end = self.grown = max(self.published, sequenced_size())
            checkpoints = iter(list(Checkpoint.objects.order_by("size")))
        yield from found
        self.checkpoints = _CheckpointAudit(self.log, checkpoints)
        whole = True
        for number in range((self.end + WIDTH - 1) // WIDTH):
            progress("entries", number * WIDTH, self.end)
            truth = yield from self._bundle_faults(number)
            whole = whole and truth is not None
            for leaf in truth if truth and whole else ():
                for tile, data in self.builder.push(leaf):
                    if tile.level:
                        yield from self._tile_faults(tile, data)
                yield from self.checkpoints.at(self.builder)
        for tile, data in self.builder.partials() if whole else ():
            if tile.level:
                yield from self._tile_faults(tile, data)
        yield from self.checkpoints.beyond(self.builder.size)
        yield from self._stray_files()
        progress("entries", self.end, self.end)

    def _published_faults(self) -> Iterator[Fault]:
        path = str(self.store.checkpoint_path)
        try:
            self.published = self.log.published().size
        except Refusal as refusal:
            latest = Checkpoint.objects.order_by("-size").first()
            self.published = latest.size if latest else 0
            yield Fault(refusal.name, path, refusal.sentence("en"), refusal.sentence("zh"))
            return
        latest = Checkpoint.objects.order_by("-size").first()
        note = self.store.checkpoint() or b""
        if latest is None or latest.size < self.published:
            yield faults.CHECKPOINT_WRONG(
                path,
                reason_zh="数据库里没有已公布的检查点",
                reason_en="the database lacks the published checkpoint",
            )
        elif latest.size > self.published:
            yield faults.CHECKPOINT_WRONG(
                path,
                reason_zh=f"已签过 {latest.size} 条的更新检查点",
                reason_en=f"a later one of {latest.size} was signed",
            )
        elif latest.note.encode() != note:
            yield faults.CHECKPOINT_WRONG(
                path,
                reason_zh="与库中保存的不同",
                reason_en="it differs from the stored one",
            )

    def _bundle_faults(self, number: int) -> Generator[Fault, None, list[bytes] | None]:
        """Faults of 256 entries; returns their true leaf hashes, or None when one is nowhere."""
        start = number * WIDTH
        count = min(WIDTH, self.end - start)
        found = {e.index: e for e in Entry.objects.filter(index__range=(start, start + count - 1))}
        entries = [found.get(start + i) for i in range(count)]
        ours = [merkle.leaf_hash(bytes(e.leaf)) if e else None for e in entries]
        bundles, hashed = self._files(ENTRIES, number), self._files(0, number)
        truth = [_outvote(_at(hashed, i), _at(bundles, i), ours[i]) for i in range(count)]
        for i, leaf in enumerate(truth):
            if leaf is None or ours[i] is None:
                yield faults.ENTRY_MISSING(f"entry {start + i}")
            elif ours[i] != leaf:
                yield faults.ENTRY_CHANGED(f"entry {start + i}")
        for level, files in ((ENTRIES, bundles), (0, hashed)):
            yield from self._file_faults(level, number, files, [leaf or b"" for leaf in truth])
        yield from self.entry_faults([e for e in entries if e is not None])
        known = [leaf for leaf in truth if leaf is not None]
        return known if len(known) == count else None

    def _tile_faults(self, tile: Tile, data: bytes) -> Iterator[Fault]:
        files = self._files(tile.level, tile.number)
        yield from self._file_faults(tile.level, tile.number, files, tiles.split_hashes(data))

    def _file_faults(
        self, level: int, number: int, files: Sequence[_File], truth: Sequence[bytes]
    ) -> Iterator[Fault]:
        """Files of one tile that are missing or do not begin as the truth does."""
        found = list(self._judged(level, number, files, truth))
        if found:
            # A sequencer may have been replacing them: looked at again while none is at work.
            with sequencer_lock(self.store.lock_path, wait=True):
                self.grown = max(self.end, sequenced_size())
                found = list(self._judged(level, number, self._files(level, number), truth))
        yield from found

    def _judged(
        self, level: int, number: int, files: Sequence[_File], truth: Sequence[bytes]
    ) -> Iterator[Fault]:
        """Faults of files in a tree that has grown to `grown` leaves since the truth was read."""
        needed = tiles.width_in(level, number, self.published)
        if needed and not any(f.tile.width >= needed for f in files):
            yield faults.TILE_MISSING(Tile(level, number, needed).path)
        widest = tiles.width_in(level, number, self.grown)
        for file in files:
            hashes = file.hashes or []
            # What a later act added is the next audit's: only as far as the truth is known.
            wrong = [i for i, (a, b) in enumerate(zip(hashes, truth, strict=False)) if a != b]
            if len(hashes) == file.tile.width <= widest and not wrong:
                continue
            first = file.tile.leaves(wrong[0] if wrong else 0, self.end)[0]
            last = file.tile.leaves(wrong[-1] if wrong else file.tile.width - 1, self.end)[1]
            yield faults.TILE_CHANGED(file.tile.path, first=first, last=last)

    def _files(self, level: int, number: int) -> list[_File]:
        return [self._read(tile) for tile in self.store.variants(level, number)]

    def _read(self, tile: Tile) -> _File:
        try:
            data = self.store.path(tile).read_bytes()
            if tile.level == ENTRIES:
                return _File(tile, [merkle.leaf_hash(e) for e in tiles.split_entries(data)])
            return _File(tile, tiles.split_hashes(data))
        except (OSError, tiles.TileError):
            return _File(tile, None)

    def _stray_files(self) -> Iterator[Fault]:
        """Files that are no tile of this tree, and details whose content is not their name's."""
        for path in self.store.files():
            name = path.relative_to(self.store.folder).as_posix()
            if name.startswith("detail/"):
                yield from _detail_faults(path, name)
                continue
            if not self._is_known(name):
                yield faults.FILE_UNKNOWN(name)

    def _is_known(self, name: str) -> bool:
        """Whether the tree has such a tile: as it was, else as it is by now."""
        try:
            tile = tiles.parse_path(name)
        except tiles.TileError:
            return False
        if tile.width > tiles.width_in(tile.level, tile.number, self.grown):
            with sequencer_lock(self.store.lock_path, wait=True):
                self.grown = max(self.end, sequenced_size())
        return tile.width <= tiles.width_in(tile.level, tile.number, self.grown)


class _CheckpointAudit:
    """Stored checkpoints, met in the order of their sizes while the tree grows past them."""

    def __init__(self, log: Log, stored: Iterator[Checkpoint]) -> None:
        self.log = log
        self.stored = stored
        self.next = next(stored, None)
        self.previous = 0

    def at(self, builder: tiles.Builder) -> Iterator[Fault]:
        """Faults of the checkpoint of the tree as it stands, if there is one."""
        while self.next is not None and self.next.size <= builder.size:
            yield from self._faults(self.next, builder.root())
            self._advance()

    def beyond(self, end: int) -> Iterator[Fault]:
        """Faults of checkpoints for which there are no entries."""
        while self.next is not None:
            yield faults.CHECKPOINT_WRONG(
                f"checkpoint {self.next.size}",
                reason_zh=f"它有 {self.next.size} 条，日志有 {end} 条",
                reason_en=f"it has {self.next.size} entries, the log {end}",
            )
            self._advance()

    def _advance(self) -> None:
        if self.next is not None:
            self.previous = self.next.size
        self.next = next(self.stored, None)

    def _faults(self, row: Checkpoint, root: bytes) -> Iterator[Fault]:
        where = f"checkpoint {row.size}"
        if row.previous != self.previous:
            yield faults.CHECKPOINT_LOST(where, previous=row.previous, expected=self.previous)
        try:
            signed = notes.open_checkpoint(row.note.encode(), self.log.key)
        except notes.NoteError as error:
            yield faults.CHECKPOINT_WRONG(where, **error.facts)
            return
        if signed.size != row.size or base64.b64encode(signed.root).decode() != row.root:
            yield faults.CHECKPOINT_WRONG(
                where,
                reason_zh="各列与签署的内容不符",
                reason_en="its columns differ from what was signed",
            )
        elif signed.root != root:
            yield faults.ROOT_DIFFERS(where, size=row.size)


def _at(files: Sequence[_File], position: int) -> bytes | None:
    """What the widest readable file says of a position."""
    for file in files:
        if file.hashes and position < len(file.hashes):
            return file.hashes[position]
    return None


def _outvote(tile: bytes | None, bundle: bytes | None, entry: bytes | None) -> bytes | None:
    """What most witnesses say; between two that differ the tile, then the bundle, is believed."""
    said = [hash_ for hash_ in (tile, bundle, entry) if hash_ is not None]
    # Counter keeps the order of arrival among equals.
    return Counter(said).most_common(1)[0][0] if said else None


def _detail_faults(path: Path, name: str) -> Iterator[Fault]:
    if name != f"detail/{path.name[:2]}/{path.name}":
        yield faults.FILE_UNKNOWN(name)
    elif sha256_hex(path.read_bytes()) != path.name:
        yield faults.DETAIL_CHANGED(name)
