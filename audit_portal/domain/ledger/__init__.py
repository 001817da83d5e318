"""The tamper-evident ledger, its pure part: bytes, Merkle tree, proofs, signed checkpoints, verification."""

from audit_portal.domain.ledger.canonical import canonical
from audit_portal.domain.ledger.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from audit_portal.domain.ledger.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Frontier,
    leaf_hash,
    node_hash,
    tree_root,
)
from audit_portal.domain.ledger.note import key_id, open_note, parse_verifier_key, sign_note, verifier_key
from audit_portal.domain.ledger.proofs import (
    Reader,
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from audit_portal.domain.ledger.tiles import (
    TILE_BYTES,
    TILE_WIDTH,
    TileSource,
    completed_tiles,
    tile_reader,
    tile_root,
    tile_width,
)
from audit_portal.domain.ledger.verify import LedgerCheck, Problem, verify_entries, verify_rows

__all__ = [
    "EMPTY_ROOT",
    "HASH_BYTES",
    "TILE_BYTES",
    "TILE_WIDTH",
    "Checkpoint",
    "Frontier",
    "LedgerCheck",
    "Problem",
    "Reader",
    "TileSource",
    "canonical",
    "completed_tiles",
    "consistency_proof",
    "inclusion_proof",
    "key_id",
    "leaf_hash",
    "node_hash",
    "open_checkpoint",
    "open_note",
    "parse_checkpoint",
    "parse_verifier_key",
    "sign_checkpoint",
    "sign_note",
    "tile_reader",
    "tile_root",
    "tile_width",
    "tree_root",
    "verifier_key",
    "verify_consistency",
    "verify_entries",
    "verify_inclusion",
    "verify_rows",
]
