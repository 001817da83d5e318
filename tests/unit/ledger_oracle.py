"""RFC 9162 section 2.1 written as its definitions read: slow, recursive, the tests' second oracle."""

from __future__ import annotations

from hashlib import sha256

from audit_portal.domain.ledger import Reader

SIZES = (0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 257, 511, 512, 513, 1000)


def entries(count: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(count)]


def leaves(count: int) -> list[bytes]:
    return [sha256(b"\x00" + entry).digest() for entry in entries(count)]


def split(count: int) -> int:
    """k: the largest power of two smaller than count."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(hashes: list[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def path(index: int, hashes: list[bytes]) -> list[bytes]:
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if index < k:
        return [*path(index, hashes[:k]), mth(hashes[k:])]
    return [*path(index - k, hashes[k:]), mth(hashes[:k])]


def proof(old: int, hashes: list[bytes]) -> list[bytes]:
    return subproof(old, hashes, True)


def subproof(old: int, hashes: list[bytes], known: bool) -> list[bytes]:
    if old == len(hashes):
        return [] if known else [mth(hashes)]
    k = split(len(hashes))
    if old <= k:
        return [*subproof(old, hashes[:k], known), mth(hashes[k:])]
    return [*subproof(old - k, hashes[k:], False), mth(hashes[:k])]


def reader(hashes: list[bytes]) -> Reader:
    """Complete subtrees straight from the leaf hashes; refuses what isn't complete."""

    def read(level: int, index: int) -> bytes:
        part = hashes[index << level : (index + 1) << level]
        assert len(part) == 1 << level, "asked for a subtree that isn't complete"
        return mth(part)

    return read
