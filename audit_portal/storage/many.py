"""Many rows of one table at once: one statement, with history and ledger as if each had gone by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from audit_portal.storage import bulk
from audit_portal.storage.tables.base import Identified, Kept, Ledger
from audit_portal.storage.transaction import Transaction, body_of, is_draft, plain_values


def add_all(tx: Transaction, cls: type[Identified], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows given as column values; what they leave out takes its default.

    The values are the caller's word: they were checked when they were read. What the rows point to was
    flushed before.
    """
    if not rows:
        return
    stamp: dict[str, Any] = {}
    if issubclass(cls, Kept):
        who = tx.actor.label
        stamp = {
            "version": 1,
            "created_at": tx.now,
            "created_by": who,
            "updated_at": tx.now,
            "updated_by": who,
        }
    left = {name: each for name, each in cls.model_fields.items() if name not in stamp}
    defaults = {
        name: each.default
        for name, each in left.items()
        if not each.is_required() and not each.default_factory
    }
    made = {name: each for name, each in left.items() if each.default_factory}
    full = []
    for row in rows:
        fresh = {
            name: each.get_default(call_default_factory=True)
            for name, each in made.items()
            if name not in row
        }
        full.append({**defaults, **fresh, **row, **stamp})
    if any(values.keys() != cls.model_fields.keys() for values in full):
        raise TypeError(f"rows of {cls.__name__} lack a column, or have one too many")
    tx.note_change(cls)
    bulk.insert(tx.session.connection(), cls.__table__, full)  # type: ignore[attr-defined]
    for values in full if _has_history(cls) else ():
        tx.committed_to(str(cls.__tablename__), values["id"], stamp.get("version", 1), plain_values(values))


def _has_history(cls: type[Identified]) -> bool:
    return cls.__ledger__ is Ledger.RECORDED and cls.__history__


def change_all(tx: Transaction, cls: type[Kept], rows: Sequence[Kept]) -> None:
    """Writes what was set in these loaded rows, where a flush would send a statement for each.

    Raises StaleDataError when one of them has another version by now.
    """
    names = sorted({name for row in rows for name in sa.inspect(row).committed_state})
    if not names:
        return
    rows = [row for row in rows if sa.inspect(row).committed_state]
    told = [row for row in rows if not is_draft(row)]
    table = cls.__table__  # type: ignore[attr-defined]
    stamp = {"updated_at": tx.now, "updated_by": tx.actor.label}
    new = [
        {**{name: getattr(row, name) for name in names}, **stamp, "version": row.version + 1} for row in rows
    ]
    written = [
        {**values, "was_id": row.id, "was_version": row.version}
        for row, values in zip(rows, new, strict=True)
    ]
    if bulk.update(tx.session.connection(), table, ("id", "version"), written) != len(rows):
        raise StaleDataError("a row was changed meanwhile")
    for row, values in zip(rows, new, strict=True):
        for name, value in values.items():
            set_committed_value(row, name, value)
        state = sa.inspect(row)  # as after a flush: else the next one compares every column of every row
        state._commit_all(state.dict, tx.session.identity_map)
    if told:
        tx.note_change(cls)
    for row in told if _has_history(cls) else ():
        tx.changed(row, row.version, body_of(row))
