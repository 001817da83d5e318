"""Whether history and rows are the ones the ledger committed to: a changed row is named."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.services.house import House
from audit_portal.storage import history, ledger
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("history_check")
_Key = tuple[str, str, int]  # kind, id, version


@dataclass(frozen=True)
class HistoryProblem:
    code: str  # history_missing, history_differs, history_unknown, row_differs, row_missing
    kind: str
    row_id: str
    version: int


def verify(house: House) -> tuple[HistoryProblem, ...]:
    """Compares every commitment in the ledger with the history, and the newest version with the row itself.

    The ledger itself is checked by `checkpoints.verify`; this says whether the data still is what it
    committed to.
    """
    with house.db.read(_SYSTEM) as tx:
        committed = _committed(tx)
        problems, newest = _check_history(tx, committed)
        for kind, row_id, version, body in history.standing(tx):
            known = newest.pop((kind, row_id), None)
            if body is not None and known != body:
                problems.append(HistoryProblem("row_differs", kind, str(row_id), version))
    gone = (key for key in newest if key[0] not in history.removable())
    return (*problems, *(HistoryProblem("row_missing", kind, str(row_id), 0) for kind, row_id in gone))


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
