"""RFC 9162 sections 2.1.3 and 2.1.4: inclusion and consistency proofs, made and checked.

A proof is a tuple of 32-byte hashes and nothing else: sizes and roots come from checkpoints the caller
trusts, never from whoever brings the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from audit_portal.domain import errors
from audit_portal.domain.ledger.merkle import EMPTY_ROOT, HASH_BYTES, SIZE_MAX, join_peaks, node_hash

Reader = Callable[[int, int], bytes]
"""`reader(level, index)`: hash of the complete subtree over leaves index·2^level to (index + 1)·2^level."""


def range_root(reader: Reader, start: int, end: int) -> bytes:
    """Root over leaves start <= i < end, where start is a multiple of a power of two >= end - start."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(reader(level, start >> level))
        start += 1 << level
    return join_peaks(peaks)


def inclusion_proof(reader: Reader, index: int, size: int) -> tuple[bytes, ...]:
    """PATH(index, D[size]): the siblings from the leaf (counted from 0) up to the root.

    Raises Invalid('ledger_proof_out_of_range') unless 0 <= index < size.
    """
    if not 0 <= index < size <= SIZE_MAX:
        raise errors.Invalid("ledger_proof_out_of_range", index=index, size=size)
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _left_width(end - start)
        if index < middle:
            path.append(range_root(reader, middle, end))
            end = middle
        else:
            path.append(range_root(reader, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(reader: Reader, old: int, new: int) -> tuple[bytes, ...]:
    """PROOF(old, D[new]): that the tree of `new` leaves begins with the tree of `old` leaves.

    Empty for old == 0 and for old == new. Raises Invalid('ledger_proof_out_of_range') unless
    0 <= old <= new.
    """
    if not 0 <= old <= new <= SIZE_MAX:
        raise errors.Invalid("ledger_proof_out_of_range", index=old, size=new)
    if old in (0, new):
        return ()
    start, end, path = 0, new, []
    while old != end:
        middle = start + _left_width(end - start)
        if old <= middle:
            path.append(range_root(reader, middle, end))
            end = middle
        else:
            path.append(range_root(reader, start, middle))
            start = middle
    if start:  # otherwise this subtree is the old tree, whose root the verifier has
        path.append(range_root(reader, start, end))
    return tuple(reversed(path))


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf stands at `index` (from 0) in the tree of `size` leaves with `root`.

    `size` and `root` must come from a checkpoint that was opened. Never raises.
    """
    if not (_is_size(index) and _is_size(size) and index < size and _are_hashes((leaf_hash, root, *proof))):
        return False
    node, last, value = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            value = node_hash(sibling, value)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree (new_size, new_root) only adds to the tree (old_size, old_root).

    Sizes and roots must come from checkpoints that were opened. Everything is consistent with the empty
    tree. Never raises.
    """
    if not (_is_size(old_size) and _is_size(new_size) and _are_hashes((old_root, new_root, *proof))):
        return False
    if old_size == 0:
        known = old_root == EMPTY_ROOT and (new_size > 0 or new_root == EMPTY_ROOT)
        return known and not proof
    if old_size == new_size:
        return old_root == new_root and not proof
    return old_size < new_size and _rebuilds_both(old_size, old_root, new_size, new_root, tuple(proof))


def _rebuilds_both(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: tuple[bytes, ...]
) -> bool:
    """RFC 9162 section 2.1.4.2, for 0 < old_size < new_size."""
    if old_size.bit_count() == 1:
        proof = (old_root, *proof)
    if not proof:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _left_width(width: int) -> int:
    """The largest power of two smaller than width (> 1): RFC 9162's k."""
    return 1 << ((width - 1).bit_length() - 1)


def _is_size(value: object) -> bool:
    return type(value) is int and 0 <= value <= SIZE_MAX


def _are_hashes(values: Sequence[object]) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_BYTES for value in values)
