"""Tiles as C2SP tlog-tiles cuts them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushu.evidence.rules import merkle, tiles
from wushu.evidence.rules.tiles import ENTRIES, Tile


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(1, 67, 5), "tile/1/067.p/5"),
        (Tile(ENTRIES, 1000, 255), "tile/entries/x001/000.p/255"),
        (Tile(63, 999), "tile/63/999"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/x000/001",
        "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/", "tile/0/001/002",
        "tile/0/x001", "tile/data/000", "tile/0/../000", "tile/0/000\n", "tile/0/٠٠٠", "tile/٠/000",
        "tile/0/000.p/٣", "checkpoint", "tile/0/",
    ],
)  # fmt: skip
def test_any_other_writing_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(tiles.TileError):
        tiles.parse_path(path)


@settings(deadline=None, max_examples=50)
@given(st.integers(-1, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_every_path_is_read_back(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)
    assert tiles.parse_path(tile.path) == tile


def test_the_example_of_the_specification_has_its_tiles() -> None:
    """tlog-tiles, "Partial Tiles": a tree of 70,000."""
    found = list(tiles.tiles_between(0, 70_000, bundles=False))
    by_level = {level: [t for t in found if t.level == level] for level in range(4)}
    assert [len([t for t in by_level[level] if t.full]) for level in range(4)] == [273, 1, 0, 0]
    partial = {t.level: t.width for t in found if not t.full}
    assert partial == {0: 112, 1: 17, 2: 1}


def test_a_tree_of_256_has_a_full_tile_and_one_of_width_1_above() -> None:
    assert list(tiles.tiles_between(0, 256, bundles=False)) == [Tile(0, 0), Tile(1, 0, 1)]


class Files:
    """Tiles in memory, as a builder leaves them."""

    def __init__(self) -> None:
        self.kept: dict[Tile, bytes] = {}

    def grow(self, builder: tiles.Builder, leaves: list[bytes]) -> None:
        for leaf in leaves:
            self.kept.update(builder.push(leaf))
        self.kept.update(builder.partials())

    def __call__(self, tile: Tile) -> bytes:
        return self.kept[tile]


SIZES = st.one_of(st.integers(0, 700), st.sampled_from([255, 256, 257, 511, 512, 65_535, 65_536]))


@settings(deadline=None, max_examples=50)
@given(SIZES, st.integers(1, 600))
def test_a_resumed_builder_goes_on_as_if_it_had_never_stopped(first: int, more: int) -> None:
    leaves = [merkle.leaf_hash(i.to_bytes(4, "big")) for i in range(first + more)]
    whole, parts = Files(), Files()
    at_once, stopped = tiles.Builder(), tiles.Builder()
    whole.grow(at_once, leaves)
    parts.grow(stopped, leaves[:first])
    resumed = tiles.Builder.resume(first, parts)
    parts.grow(resumed, leaves[first:])
    assert resumed.root() == at_once.root()
    assert all(parts.kept[tile] == data for tile, data in whole.kept.items())
    new = set(tiles.tiles_between(first, first + more, bundles=False))
    assert new <= set(parts.kept)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 1500), st.data())
def test_roots_and_proofs_come_from_the_tiles(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(i.to_bytes(4, "big")) for i in range(size)]
    files = Files()
    builder = tiles.Builder()
    files.grow(builder, leaves)
    subtree = tiles.subtrees(size, files)
    assert merkle.root(size, subtree) == builder.root()
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, subtree)
    merkle.verify_inclusion(
        index=index, size=size, leaf=leaves[index], proof=proof, root=builder.root()
    )


@settings(deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=70), min_size=1, max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert tiles.split_entries(tiles.join_entries(entries)) == entries


def test_bytes_that_are_no_bundle_or_tile_are_refused() -> None:
    for data in (b"", b"\x00", b"\x00\x05abc", tiles.join_entries([b"x"]) * 257):
        with pytest.raises(tiles.TileError):
            tiles.split_entries(data)
    for data in (b"", b"x" * 31, b"x" * 32 * 257):
        with pytest.raises(tiles.TileError):
            tiles.split_hashes(data)
    with pytest.raises(tiles.TileError):
        tiles.join_entries([b"x" * 65_536])


@given(st.integers(0, 10**21 - 1))
def test_every_number_of_a_tile_is_read_back_from_its_path(number: int) -> None:
    assert tiles.parse_path(Tile(0, number).path) == Tile(0, number)


@given(st.integers(8, 6000))
def test_a_number_or_level_of_any_length_is_refused(length: int) -> None:
    for path in (f"tile/0/{'x001/' * length}001", f"tile/{'1' * length}/000"):
        with pytest.raises(tiles.TileError):
            tiles.parse_path(path)
