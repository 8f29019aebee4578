"""How a tree is cut into files: C2SP tlog-tiles, tiles of height 8.

A tile of level L lists up to 256 hashes of complete subtrees over ``256**L`` leaves each. A bundle
holds the entries themselves, each after its length as two big-endian bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wushu.evidence.rules import merkle

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = -1
"""The "level" of entry bundles."""
MAX_ENTRY_BYTES = 0xFFFF
MAX_LEVEL = 63

_NUMBER = re.compile(r"(?:x[0-9]{3}/){0,6}[0-9]{3}\Z")
"""Up to 21 digits: every tile of a tree of 2**64 leaves, and far below what ``int`` will read."""
_LEVEL = re.compile(r"(?:0|[1-9][0-9]?)\Z")
_WIDTH = re.compile(r"[1-9][0-9]{0,2}\Z")


class TileError(ValueError):
    """Bytes or a path that cannot be a tile."""


class Tile(NamedTuple):
    """Coordinates of a tile or (``level == ENTRIES``) of an entry bundle."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def full(self) -> bool:
        """Whether the tile will never grow."""
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """Path below the log's prefix, e.g. ``tile/0/x001/x234/067.p/8``."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        suffix = "" if self.full else f".p/{self.width}"
        return f"tile/{level}/{number_path(self.number)}{suffix}"

    @property
    def start(self) -> int:
        """Index of the first leaf below the tile."""
        return self.number << (HEIGHT * (max(self.level, 0) + 1))

    def leaves(self, position: int, size: int) -> tuple[int, int]:
        """First and last leaf below the hash at a position, in a tree of ``size``."""
        height = HEIGHT * max(self.level, 0)
        first = self.start + (position << height)
        return first, min(first + (1 << height), size) - 1


def number_path(number: int) -> str:
    """``1234067`` → ``x001/x234/067``."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts)


def parse_path(path: str) -> Tile:
    """The coordinates of a path ``tile/...``; raises `TileError` unless it is written exactly so."""
    parts = path.split("/", 2)
    if len(parts) != 3 or parts[0] != "tile":
        raise TileError(f"{path!r} is not the path of a tile")
    level = _parse_level(parts[1])
    number, dot, width = parts[2].partition(".p/")
    if dot and not (_WIDTH.match(width) and int(width) < WIDTH):
        raise TileError(f"{path!r}: a partial tile is 1 to 255 wide")
    if not _NUMBER.match(number):
        raise TileError(f"{path!r}: the number is not written in groups of three digits")
    tile = Tile(level, int(number.replace("x", "").replace("/", "")), int(width) if dot else WIDTH)
    if tile.path != path:
        raise TileError(f"{path!r} should be written {tile.path!r}")
    return tile


def _parse_level(text: str) -> int:
    if text == "entries":
        return ENTRIES
    if not _LEVEL.match(text) or int(text) > MAX_LEVEL:
        raise TileError(f"{text[:40]!r} is not a level")
    return int(text)


def width_in(level: int, number: int, size: int) -> int:
    """How wide a tile is in a tree of ``size`` leaves: 0 (not there) to 256."""
    hashes = size >> (HEIGHT * max(level, 0))
    return max(0, min(WIDTH, hashes - number * WIDTH))


def tiles_between(old: int, new: int, *, bundles: bool = True) -> Iterator[Tile]:
    """Tiles (and bundles) that a tree of ``new`` leaves has and a tree of ``old`` had not."""
    level = ENTRIES if bundles else 0
    while new >> (HEIGHT * max(level, 0)):
        height = HEIGHT * max(level, 0)
        for number in range((old >> height) // WIDTH, ((new >> height) + WIDTH - 1) // WIDTH):
            width = width_in(level, number, new)
            if width > width_in(level, number, old):
                yield Tile(level, number, width)
        level += 1


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile; raises `TileError` when the bytes are no whole number of hashes."""
    if not data or len(data) % merkle.HASH_BYTES or len(data) > WIDTH * merkle.HASH_BYTES:
        raise TileError(f"{len(data)} bytes are not a tile")
    step = merkle.HASH_BYTES
    return [data[i : i + step] for i in range(0, len(data), step)]


def join_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle; raises `TileError` for an entry over 65,535 bytes."""
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise TileError("an entry is longer than 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def split_entries(data: bytes) -> list[bytes]:
    """The entries of a bundle; raises `TileError` when a length does not fit the bytes."""
    entries, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise TileError("an entry is cut off")
        entries.append(data[at + 2 : end])
        at = end
    if not 0 < len(entries) <= WIDTH:
        raise TileError(f"{len(entries)} entries are not a bundle")
    return entries


Read = Callable[[Tile], bytes]
"""Gives the bytes of a tile (exactly as wide as asked)."""


def subtrees(size: int, read: Read) -> merkle.Subtree:
    """Look up complete subtrees of a tree of ``size`` in its tiles; each tile is read once."""
    seen: dict[Tile, list[bytes]] = {}

    def hashes(level: int, number: int) -> list[bytes]:
        tile = Tile(level, number, width_in(level, number, size))
        if tile not in seen:
            seen[tile] = split_hashes(read(tile))
            if len(seen[tile]) != tile.width:
                raise TileError(f"{tile.path} has {len(seen[tile])} hashes")
        return seen[tile]

    def subtree(height: int, number: int) -> bytes:
        level, within = divmod(height, HEIGHT)
        first = number << within
        tile = hashes(level, first // WIDTH)
        position = first % WIDTH
        return merkle.complete_root(tile[position : position + (1 << within)])

    return subtree


@dataclass(slots=True)
class Builder:
    """Grows a tree leaf by leaf and yields its tiles as they fill.

    Memory: at most 255 hashes a level.
    """

    size: int = 0
    pending: list[list[bytes]] = field(default_factory=list)
    """Per level, the hashes of the tile that is not full yet."""

    @classmethod
    def resume(cls, size: int, read: Read) -> Builder:
        """Continue a tree of ``size`` leaves from its rightmost tiles."""
        builder = cls(size)
        level = 0
        while size >> (HEIGHT * level):
            number = (size >> (HEIGHT * level)) // WIDTH
            width = width_in(level, number, size)
            hashes = split_hashes(read(Tile(level, number, width))) if width else []
            if len(hashes) != width:
                raise TileError(f"{Tile(level, number, width).path} has {len(hashes)} hashes")
            builder.pending.append(hashes)
            level += 1
        return builder

    def push(self, leaf: bytes) -> list[tuple[Tile, bytes]]:
        """Add a leaf hash; returns the tiles it filled, lowest first."""
        filled: list[tuple[Tile, bytes]] = []
        carried, level = leaf, 0
        self.size += 1
        while True:
            if level == len(self.pending):
                self.pending.append([])
            self.pending[level].append(carried)
            if len(self.pending[level]) < WIDTH:
                return filled
            hashes = self.pending[level]
            number = (self.size >> (HEIGHT * (level + 1))) - 1
            filled.append((Tile(level, number), b"".join(hashes)))
            carried = merkle.complete_root(hashes)
            self.pending[level] = []
            level += 1

    def partials(self) -> list[tuple[Tile, bytes]]:
        """The rightmost tiles that are not full, lowest first."""
        return [
            (Tile(level, self.size >> (HEIGHT * (level + 1)), len(hashes)), b"".join(hashes))
            for level, hashes in enumerate(self.pending)
            if hashes
        ]

    def root(self) -> bytes:
        """Root of the tree as it stands."""
        found: list[bytes] = []
        for hashes in reversed(self.pending):
            found.extend(merkle.peaks(hashes))
        return merkle.join_peaks(found)
