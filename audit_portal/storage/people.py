"""People as they were: the name, department and title somebody had when they acted.

Read from the history, which keeps every version of an account: a later change of name or department changes
nothing that was done before.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from audit_portal.storage.scope import Unscoped
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.system import History
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Person:
    name: str
    department: str
    title: str

    @property
    def post(self) -> str:
        """Department and title, as far as they are known."""
        return " ".join(filter(None, (self.department, self.title)))


NOBODY = Person("", "", "")
_Versions = tuple[tuple[datetime, ...], tuple[Person, ...]]


@dataclass(frozen=True)
class People:
    """What the history says of some people."""

    _known: Mapping[UUID, _Versions]

    def at(self, person: UUID | None, at: datetime | None = None) -> Person:
        """The person at that moment (None: as they are now); nobody when the history doesn't know them."""
        if person is None or person not in self._known:
            return NOBODY
        moments, versions = self._known[person]
        place = len(moments) if at is None else bisect_right(moments, at)
        return versions[max(place - 1, 0)]

    def name(self, person: UUID | None, at: datetime | None = None) -> str:
        return self.at(person, at).name


def then(tx: Transaction, ids: Collection[UUID | None]) -> People:
    """In one query. For the system only: of whom the reader is told a name is decided by what is shown."""
    if tx.actor.system is None:
        raise Unscoped("the history is the system's to read")
    wanted = {each for each in ids if each}
    if not wanted:
        return People({})
    query = (
        select(History.row_id, History.recorded_at, History.body)
        .where(History.kind == str(Account.__tablename__), col(History.row_id).in_(wanted))
        .order_by(col(History.row_id), col(History.row_version))
    )
    found: dict[UUID, list[tuple[datetime, Person]]] = {}
    for row_id, recorded_at, body in tx.session.exec(query):
        values = json.loads(body)
        person = Person(values["name"], values["department"], values.get("title", ""))
        found.setdefault(row_id, []).append((recorded_at, person))
    return People(
        {
            row_id: (tuple(moment for moment, _ in rows), tuple(person for _, person in rows))
            for row_id, rows in found.items()
        }
    )
