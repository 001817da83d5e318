"""Tiles (C2SP tlog-tiles): which there are, what they hold, and proofs read from them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_portal.domain import errors
from audit_portal.domain.ledger import (
    TILE_BYTES,
    TILE_WIDTH,
    TileSource,
    completed_tiles,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    tile_reader,
    tile_root,
    tile_width,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from tests.unit import ledger_oracle as oracle

SIZE = 70_000  # the specification's example
LEAVES = [leaf_hash(b"%d" % number) for number in range(SIZE)]


def stored(size: int) -> dict[tuple[int, int], bytes]:
    """All tiles of a tree, full ones hashed into the level above as storage would do it."""
    tiles: dict[tuple[int, int], bytes] = {}
    hashes, level = LEAVES[:size], 0
    while hashes:
        for index in range(0, len(hashes), TILE_WIDTH):
            tiles[level, index // TILE_WIDTH] = b"".join(hashes[index : index + TILE_WIDTH])
        full = [tiles[level, index] for index in range(len(hashes) // TILE_WIDTH)]
        hashes, level = [tile_root(tile) for tile in full], level + 1
    return tiles


TILES = stored(SIZE)


def source(tiles: dict[tuple[int, int], bytes]) -> TileSource:
    return lambda level, index: tiles.get((level, index), b"")


def test_the_specifications_example_of_70_000_entries_has_its_tiles() -> None:
    full = [place for place, tile in TILES.items() if len(tile) == TILE_BYTES]
    partial = {place: len(tile) // 32 for place, tile in TILES.items() if len(tile) < TILE_BYTES}
    assert sorted(full) == [*((0, index) for index in range(273)), (1, 0)]
    assert partial == {(0, 273): 112, (1, 1): 17, (2, 0): 1}
    assert sorted(completed_tiles(0, SIZE)) == sorted(full)


def test_tile_width_says_how_many_hashes_each_tile_holds() -> None:
    for (level, index), tile in TILES.items():
        assert tile_width(level, index, SIZE) == len(tile) // 32
    assert tile_width(0, 274, SIZE) == tile_width(2, 1, SIZE) == tile_width(3, 0, SIZE) == 0
    assert (tile_width(0, 0, 256), tile_width(1, 0, 256), tile_width(0, 1, 256)) == (256, 1, 0)


@given(st.lists(st.integers(0, SIZE), min_size=1, max_size=5))
def test_growing_in_steps_completes_each_full_tile_once(steps: list[int]) -> None:
    sizes = [0, *sorted(steps)]
    seen = [each for old, new in pairwise(sizes) for each in completed_tiles(old, new)]
    assert sorted(seen) == sorted(completed_tiles(0, sizes[-1]))
    assert all(tile_width(level, index, sizes[-1]) == TILE_WIDTH for level, index in seen)


def test_completed_tiles_come_after_the_tiles_they_are_made_of() -> None:
    assert list(completed_tiles(65_535, 65_536)) == [(0, 255), (1, 0)]
    assert list(completed_tiles(256, 511)) == []


@settings(max_examples=50)
@given(st.integers(1, SIZE), st.data())
def test_proofs_read_from_tiles_verify(size: int, data: st.DataObject) -> None:
    root, read = tree_root(LEAVES[:size]), tile_reader(source(TILES))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert verify_inclusion(LEAVES[index], index, size, inclusion_proof(read, index, size), root)
    proof = consistency_proof(read, old, size)
    assert verify_consistency(old, tree_root(LEAVES[:old]), size, root, proof)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1000])
def test_the_tiles_of_a_tree_are_enough_for_its_proofs(size: int) -> None:
    from_tiles, from_leaves = tile_reader(source(stored(size))), oracle.reader(LEAVES[:size])
    for number in {*range(0, size, 23), *range(max(0, size - 3), size)}:
        assert inclusion_proof(from_tiles, number, size) == inclusion_proof(from_leaves, number, size)
        assert consistency_proof(from_tiles, number, size) == consistency_proof(from_leaves, number, size)


def test_a_proof_asks_for_few_tiles_and_for_each_once() -> None:
    asked: list[tuple[int, int]] = []

    def tile(level: int, index: int) -> bytes:
        asked.append((level, index))
        return TILES[level, index]

    inclusion_proof(tile_reader(tile), 12_345, SIZE)
    assert len(asked) == len(set(asked)) <= 5


def test_a_tile_that_lacks_hashes_is_named() -> None:
    short = {**TILES, (0, 3): TILES[0, 3][:-1]}
    with pytest.raises(errors.Invalid) as caught:
        inclusion_proof(tile_reader(source(short)), 3 * 256, SIZE)
    assert (caught.value.code, caught.value.facts) == ("ledger_tile_short", {"level": 0, "index": 3})


def test_a_partial_tile_is_not_hashed_into_the_level_above() -> None:
    with pytest.raises(ValueError, match="full tile"):
        tile_root(TILES[0, 273])
