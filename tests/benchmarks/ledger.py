"""Verifying a million entries, against hashing the same bytes once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator

from audit_portal.domain.ledger import Checkpoint, canonical, leaf_hash, tree_root, verify_rows
from tests.benchmarks.figures import Figure

ENTRIES = 1_000_000


def run() -> Iterator[Figure]:
    bodies = [
        canonical({"event": "answer.saved", "n": n, "actor": "0" * 36, "facts": {"x": "y" * 120}})
        for n in range(ENTRIES)
    ]
    leaves = [leaf_hash(body) for body in bodies]
    root = tree_root(leaves)
    start = time.perf_counter()
    for body in bodies:
        hashlib.sha256(body).digest()
    once = time.perf_counter() - start
    start = time.perf_counter()
    found = verify_rows(
        ((seq, body, leaf) for seq, (body, leaf) in enumerate(zip(bodies, leaves, strict=True))),
        Checkpoint("bench", ENTRIES, root),
    )
    took = time.perf_counter() - start
    if not found.ok or found.size != ENTRIES:
        raise RuntimeError(found.problems)
    yield Figure("ledger verification of 1,000,000 entries, times hashing each once", took / once, 8)
    yield Figure("ledger verification of 1,000,000 entries, seconds", took)
