"""Counters that slow guessing down; a table, so that they hold over all processes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from audit_portal.domain import limits
from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict
from audit_portal.services.house import House
from audit_portal.storage import accounts
from audit_portal.storage.tables.accounts import Throttle

_ACTOR = system("throttle")


def _key(kind: str, value: str) -> str:
    # Only a digest: the table must not become a list of the addresses people tried.
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:40]}"


def locked(house: House, kind: str, *values: str, most: int = limits.SIGN_IN_TRIES) -> bool:
    with house.db.read(_ACTOR) as tx:
        rows = [accounts.throttle(tx, _key(kind, value)) for value in values]
        return any(row is not None and row.count >= most and row.until > tx.now for row in rows)


def count(house: House, kind: str, *values: str, seconds: int = limits.SIGN_IN_LOCK) -> int:
    """Counts one more try for each value; returns the highest count of this window."""
    highest = 0
    try:
        with house.db.begin(_ACTOR) as tx:
            for value in values:
                row = accounts.throttle(tx, _key(kind, value))
                if row is None:
                    row = Throttle(key=_key(kind, value), count=0, until=tx.now)
                    tx.add(row)
                if row.until <= tx.now:
                    row.count = 0
                row.count += 1
                row.until = tx.now + timedelta(seconds=seconds)
                highest = max(highest, row.count)
    except Conflict:  # two first tries at once; the other one counted
        return 1
    return highest


def clear(house: House, kind: str, *values: str) -> None:
    with house.db.begin(_ACTOR) as tx:
        for value in values:
            if row := accounts.throttle(tx, _key(kind, value)):
                tx.remove(row)
