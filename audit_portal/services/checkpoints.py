"""Signing the ledger's head, proving entries, and checking the whole against a checkpoint someone holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from audit_portal.domain import ledger as rules
from audit_portal.domain.access import system
from audit_portal.domain.ledger import TILE_WIDTH, Checkpoint, Frontier, LedgerCheck, TileSource
from audit_portal.services.house import House
from audit_portal.storage import ledger
from audit_portal.storage.ledger import StoredCheckpoint
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("checkpoints")


def sign_head(house: House) -> StoredCheckpoint | None:
    """A new checkpoint over everything committed so far; the newest one when nothing came since."""
    with house.db.read(_SYSTEM) as tx:
        last, size = ledger.latest_checkpoint(tx), ledger.size(tx)
        if size == (last.size if last else 0):
            return last
        frontier = Frontier.from_bytes(last.frontier) if last else Frontier()
        frontier.extend(ledger.leaf_hashes(tx, frontier.size, size))
    checkpoint = Checkpoint(house.ledger_signer.origin, size, frontier.root(), house.clock.now())
    stored = StoredCheckpoint(
        size, frontier.root(), house.ledger_signer.sign(checkpoint), house.clock.now(), frontier.to_bytes()
    )
    with house.db.begin(_SYSTEM) as tx:
        newest = ledger.latest_checkpoint(tx)
        if newest and newest.size >= size:
            return newest  # another worker was quicker
        _save_tiles(tx, last.size if last else 0, size)
        ledger.save_checkpoint(tx, stored)
    return stored


def _save_tiles(tx: Transaction, old: int, new: int) -> None:
    for level, position in rules.completed_tiles(old, new):
        first = position * TILE_WIDTH
        if level == 0:
            hashes = ledger.leaf_hashes(tx, first, first + TILE_WIDTH)
        else:
            below = [ledger.tile(tx, level - 1, first + n) for n in range(TILE_WIDTH)]
            hashes = [rules.tile_root(tile) for tile in below if tile]
        ledger.save_tile(tx, level, position, b"".join(hashes))
        tx.flush()


def _tiles(tx: Transaction, size: int) -> TileSource:
    """Full tiles from their table, the partial ones at the edge from the leaf hashes."""

    def tile(level: int, position: int) -> bytes:
        stored = ledger.tile(tx, level, position)
        if stored:
            return stored
        width = rules.tile_width(level, position, size)
        first = position * TILE_WIDTH
        if level == 0:
            return b"".join(ledger.leaf_hashes(tx, first, first + width))
        return b"".join(rules.tile_root(tile(level - 1, first + n)) for n in range(width))

    return tile


@dataclass(frozen=True)
class EntryProof:
    """One entry with the proof that a checkpoint covers it."""

    seq: int
    body: bytes
    proof: tuple[bytes, ...]


def proofs(house: House, checkpoint: StoredCheckpoint, engagement_id: UUID) -> tuple[EntryProof, ...]:
    """Inclusion proofs (RFC 9162 2.1.3) of all entries of one engagement that the checkpoint covers."""
    with house.db.read(_SYSTEM) as tx:
        reader = rules.tile_reader(_tiles(tx, checkpoint.size))
        prove = partial(rules.inclusion_proof, reader, size=checkpoint.size)
        return tuple(
            EntryProof(seq, body, prove(index=seq))
            for seq, body in ledger.positions(tx, engagement_id)
            if seq < checkpoint.size
        )


def consistency(house: House, old: int, new: int) -> tuple[bytes, ...]:
    """Proof (RFC 9162 2.1.4) that the ledger of size `new` only added to that of size `old`."""
    with house.db.read(_SYSTEM) as tx:
        return rules.consistency_proof(rules.tile_reader(_tiles(tx, new)), old, new)


@dataclass(frozen=True)
class LedgerReport:
    """What `ledger verify` found. `uncovered`: entries after the newest checkpoint that was given from outside."""

    check: LedgerCheck
    outside: int


def verify(house: House, outside: tuple[str, ...] = ()) -> LedgerReport:
    """Hashes every stored entry once and compares with our own checkpoints and those given from outside.

    Raises Invalid when a checkpoint isn't one of this ledger, or its signature is wrong.
    """
    signer = house.ledger_signer
    opened = [rules.open_checkpoint(note, [signer.verifier_key], signer.origin) for note in outside]
    with house.db.read(_SYSTEM) as tx:
        own = [
            rules.open_checkpoint(each.note, [signer.verifier_key], signer.origin)
            for each in ledger.checkpoints(tx)
        ]
        check = rules.verify_rows(ledger.entry_rows(tx), *own, *opened)
    covered = max((each.size for each in opened), default=0)
    return LedgerReport(check, min(covered, check.size))


def leaf(body: bytes) -> bytes:
    """The leaf hash of an entry's stored bytes (RFC 9162 2.1.1)."""
    return rules.leaf_hash(body)
