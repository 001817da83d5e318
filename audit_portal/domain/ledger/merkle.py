"""RFC 9162 section 2.1.1: hashes of leaves and nodes, and the root of a tree that only grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

from audit_portal.domain import errors

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
SIZE_MAX = 2**63 - 1  # what a database integer holds

_SIZE_BYTES = 8
_BATCH_LEVEL = 8
_BATCH = 1 << _BATCH_LEVEL


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Root over 2^k neighbouring subtrees of one height, k >= 0. Raises ValueError for another number."""
    if len(hashes).bit_count() != 1:
        raise ValueError("a complete subtree has 2^k members")
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


def join_peaks(peaks: Sequence[bytes]) -> bytes:
    """Root of a tree from its maximal complete subtrees, left (largest) to right. None at all: empty tree."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def tree_root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Merkle tree head over leaf hashes, read once, in O(log n) memory."""
    frontier = Frontier()
    frontier.extend(leaf_hashes)
    return frontier.root()


class Frontier:
    """The right edge of a tree: all that is needed to append to it and to know its root.

    Holds one hash for each bit set in `size`, at most 63.
    """

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    def root(self) -> bytes:
        return join_peaks(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Adds one leaf hash. Raises ValueError unless it has 32 bytes."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Adds leaf hashes in order. Raises ValueError at the first batch with one that hasn't 32 bytes."""
        source = iter(leaves)
        # Whole aligned batches are folded level by level, which is three times as fast as one by one.
        while batch := list(islice(source, _BATCH - self._size % _BATCH)):
            if set(map(len, batch)) != {HASH_BYTES}:
                raise ValueError("a leaf hash has 32 bytes")
            if len(batch) == _BATCH:
                self._push(complete_root(batch), _BATCH_LEVEL)
            else:
                for leaf in batch:
                    self._push(leaf, 0)

    def copy(self) -> Frontier:
        twin = Frontier()
        twin._size, twin._peaks = self._size, list(self._peaks)
        return twin

    def to_bytes(self) -> bytes:
        """Size as 8 bytes, big-endian, then the hashes, largest subtree first."""
        return self._size.to_bytes(_SIZE_BYTES, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, saved: bytes) -> Frontier:
        """Inverse of `to_bytes`. Raises Invalid('ledger_frontier_malformed').

        Takes the hashes on trust: compare the root with a checkpoint's or with the entries.
        """
        size = int.from_bytes(saved[:_SIZE_BYTES], "big")
        if len(saved) != _SIZE_BYTES + HASH_BYTES * size.bit_count() or size > SIZE_MAX:
            raise errors.Invalid("ledger_frontier_malformed")
        frontier = cls()
        frontier._size = size
        frontier._peaks = [saved[at : at + HASH_BYTES] for at in range(_SIZE_BYTES, len(saved), HASH_BYTES)]
        return frontier

    def _push(self, subtree: bytes, level: int) -> None:
        left = self._size >> level
        while left & 1:
            subtree = node_hash(self._peaks.pop(), subtree)
            left >>= 1
        self._peaks.append(subtree)
        self._size += 1 << level
