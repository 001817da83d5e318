"""Whether history and rows are the ones the ledger committed to: a changed row is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.search import SEARCHED, key_of
from audit_portal.services.house import House
from audit_portal.storage import history, ledger
from audit_portal.storage.transaction import Database, Transaction

_SYSTEM = system("history_check")
_Key = tuple[str, str, int]  # kind, id, version


@dataclass(frozen=True)
class HistoryProblem:
    """`code`: history_missing, history_differs, history_unknown, row_differs, row_missing, search_key_differs."""

    code: str
    kind: str
    row_id: str
    version: int


def verify(house: House) -> tuple[HistoryProblem, ...]:
    """Compares every commitment in the ledger with the history, and the newest version with the row itself.

    What searches look into is derived from the rows, and compared with them, too.

    The ledger itself is checked by `checkpoints.verify`; this says whether the data still is what it
    committed to.
    """
    with house.db.read(_SYSTEM) as tx:
        committed = _committed(tx)
        problems, newest = _check_history(tx, committed)
        keys = dict(history.search_keys(tx))
        meant: dict[tuple[str, UUID], str] = {}
        for kind, row_id, version, body in history.standing(tx):
            known = newest.pop((kind, row_id), None)
            if body is not None and not same(known, body, history.defaults(kind)):
                problems.append(HistoryProblem("row_differs", kind, str(row_id), version))
            if kind in SEARCHED and body is not None:
                meant[kind, row_id] = key_of(kind, json.loads(body))
    odd = (key for key in meant.keys() | keys.keys() if meant.get(key) != keys.get(key))
    problems += [HistoryProblem("search_key_differs", kind, str(row_id), 0) for kind, row_id in odd]
    gone = (key for key in newest if key[0] not in history.removable())
    return (*problems, *(HistoryProblem("row_missing", kind, str(row_id), 0) for kind, row_id in gone))


def same(known: bytes | None, body: bytes, defaults: Mapping[str, Any]) -> bool:
    """Whether a row says what its history says.

    Columns come and go with upgrades: one that is gone isn't compared, one that the history doesn't know
    yet must still hold what the upgrade filled in.
    """
    if known is None or known == body:
        return known is not None
    then, now = json.loads(known), json.loads(body)
    new = {name: value for name, value in now.items() if name not in then}
    kept = all(then[name] == value for name, value in now.items() if name in then)
    return (
        kept
        and bool(new or then.keys() - now.keys())
        and all(name in defaults and defaults[name] == value for name, value in new.items())
    )


def _committed(tx: Transaction) -> dict[_Key, str]:
    found: dict[_Key, str] = {}
    for _, body, _ in ledger.entry_rows(tx):
        if b'"rows"' in body:
            for kind, row_id, version, digest in json.loads(body).get("rows", ()):
                found[kind, row_id, version] = digest
    return found


def _check_history(
    tx: Transaction, committed: dict[_Key, str]
) -> tuple[list[HistoryProblem], dict[tuple[str, UUID], bytes]]:
    problems, newest = [], {}
    left = dict(committed)
    for each in history.versions(tx):
        key = (each.kind, str(each.row_id), each.version)
        digest = left.pop(key, None)
        if digest is None:
            problems.append(HistoryProblem("history_unknown", *key))
        elif hashlib.sha256(each.salt + each.body).hexdigest() != digest:
            problems.append(HistoryProblem("history_differs", *key))
        newest[each.kind, each.row_id] = each.body
    problems += [HistoryProblem("history_missing", *key) for key in left]
    return problems, newest


def adopt(db: Database, new_tables: Collection[str]) -> int:
    """After an upgrade: rows that it made in tables of its own get a history and stand in the ledger."""
    with db.begin(_SYSTEM) as tx:
        return history.adopt(tx, new_tables)
