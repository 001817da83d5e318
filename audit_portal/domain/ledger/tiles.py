"""Storage of a tree in tiles (C2SP tlog-tiles): 256 neighbouring hashes of every eighth level, joined.

Tile (level, index) holds the hashes of the complete subtrees of 256^level leaves numbered index·256 and on;
the last tile of each level may be partial. Level 0 holds leaf hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from audit_portal.domain import errors
from audit_portal.domain.ledger.merkle import HASH_BYTES, complete_root
from audit_portal.domain.ledger.proofs import Reader

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
TILE_BYTES = TILE_WIDTH * HASH_BYTES

TileSource = Callable[[int, int], bytes]
"""`tile(level, index)`: the tile's bytes, 32 for each hash, as many as there are."""

_TILES_KEPT = 16


def tile_reader(tile: TileSource) -> Reader:
    """Reader of complete subtrees for the proofs. Make one for each job: it keeps the last 16 tiles.

    The reader raises Invalid('ledger_tile_short', level=…, index=…) when a tile lacks hashes it must have.
    """
    kept = lru_cache(maxsize=_TILES_KEPT)(tile)

    def read(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, first = divmod(index << height, TILE_WIDTH)
        part = kept(tile_level, tile_index)[first * HASH_BYTES : (first + (1 << height)) * HASH_BYTES]
        if len(part) != HASH_BYTES << height:
            raise errors.Invalid("ledger_tile_short", level=tile_level, index=tile_index)
        return complete_root(_split(part))

    return read


def tile_root(tile: bytes) -> bytes:
    """Hash of a full tile: its member in the tile above. Raises ValueError unless it has 8,192 bytes."""
    if len(tile) != TILE_BYTES:
        raise ValueError("only a full tile is hashed into the level above")
    return complete_root(_split(tile))


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes tile (level, index) holds in a tree of `size` leaves: 0 (no such tile) to 256."""
    return max(0, min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH))


def completed_tiles(old: int, new: int) -> Iterator[tuple[int, int]]:
    """(level, index) of each tile that becomes full when a tree grows from `old` to `new` leaves.

    Lower levels first, so that each tile's members are there when it is built.
    """
    level = 0
    while new >> (TILE_HEIGHT * (level + 1)):
        shift = TILE_HEIGHT * (level + 1)
        for index in range(old >> shift, new >> shift):
            yield level, index
        level += 1


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
