"""Verifying a million stored entries as `ledger verify` does, against hashing the same bytes once."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from audit_portal.domain.access import system
from audit_portal.domain.ledger import canonical, leaf_hash
from audit_portal.services import checkpoints
from audit_portal.services.house import House
from audit_portal.storage import ledger
from audit_portal.storage.tables.system import LedgerEntry
from tests import databases
from tests.benchmarks.figures import Figure
from tests.clock import SetClock
from tests.factories.house import make_house

ENTRIES, AT_ONCE = 1_000_000, 20_000


def run() -> Iterator[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    house = make_house(databases.sqlite_url(folder), folder / "instance", SetClock())
    once = _filled(house)
    checkpoints.sign_head(house)
    start = time.perf_counter()
    found = checkpoints.verify(house)
    took = time.perf_counter() - start
    if not found.check.ok or found.check.size != ENTRIES:
        raise RuntimeError(found.check.problems)
    yield Figure("ledger verification of 1,000,000 stored entries, times hashing each once", took / once, 12)
    yield Figure("ledger verification of 1,000,000 stored entries, seconds", took)
    house.db.dispose()


def _filled(house: House) -> float:
    """Fills the ledger up past the house, which would take hours; gives the seconds of hashing each body once."""
    with house.db.read(system("bench")) as tx:
        first = ledger.size(tx)
    once, now = 0.0, house.clock.now()
    for at in range(first, ENTRIES, AT_ONCE):
        bodies = [_body(seq) for seq in range(at, min(at + AT_ONCE, ENTRIES))]
        start = time.perf_counter()
        for body in bodies:
            hashlib.sha256(body).digest()
        once += time.perf_counter() - start
        rows = [
            {"seq": seq, "recorded_at": now, "event": "answer.saved", "actor": "bench", "body": body,
             "leaf_hash": leaf_hash(body), "engagement_id": None}
            for seq, body in enumerate(bodies, at)
        ]  # fmt: skip
        with house.db.engine.begin() as connection:
            connection.execute(sa.insert(LedgerEntry), rows)
    return once


def _body(seq: int) -> bytes:
    return canonical({"event": "answer.saved", "n": seq, "actor": "0" * 36, "facts": {"x": "y" * 120}})
