"""Many rows in one statement: the history and the ledger know each of them as if it had gone by itself."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col, select
from uuid6 import uuid7

from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.system import SampleLoaded
from audit_portal.services import history_check
from audit_portal.services.house import House
from audit_portal.storage.many import add_all, change_all
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction, Unrecorded

SOMEBODY = system("tests")
EVENT = SampleLoaded(parties=3, accounts=0)


def fresh(count: int = 3) -> list[dict[str, object]]:
    return [
        {"id": uuid7(), "number": f"T-{n}", "kind": PartyKind.VENDOR, "name": f"会社{n}", "kana": "カ"}
        for n in range(count)
    ]


def added(house: House) -> list[UUID]:
    rows = fresh()
    with house.db.begin(SOMEBODY) as tx:
        add_all(tx, Party, rows)
        tx.record(EVENT)
    return [row["id"] for row in rows]  # type: ignore[misc]


def those(tx: Transaction, ids: list[UUID]) -> list[Party]:
    return list(tx.session.exec(select(Party).where(col(Party.id).in_(ids)).order_by(col(Party.number))))


def test_rows_added_at_once_are_whole_and_have_their_history(house: House) -> None:
    ids = added(house)
    with house.db.read(SOMEBODY) as tx:
        found = those(tx, ids)
    assert [(row.version, row.country, row.external_key, row.created_by) for row in found] == [
        (1, "JP", None, SOMEBODY.label)
    ] * 3
    assert history_check.verify(house) == ()


def test_rows_changed_at_once_go_up_by_a_version_and_have_their_history(house: House) -> None:
    ids = added(house)
    with house.db.begin(SOMEBODY) as tx:
        rows = those(tx, ids)
        rows[0].name, rows[1].country = "新しい名前", "US"
        change_all(tx, Party, rows)
        tx.record(EVENT)
    with house.db.read(SOMEBODY) as tx:
        found = those(tx, ids)
    assert [(row.name, row.country, row.version) for row in found] == [
        ("新しい名前", "JP", 2), ("会社1", "US", 2), ("会社2", "JP", 1),
    ]  # fmt: skip
    assert history_check.verify(house) == ()


def test_a_row_that_somebody_changed_meanwhile_stops_them_all(house: House) -> None:
    ids = added(house)
    with pytest.raises(Conflict, match="changed_meanwhile"), house.db.begin(SOMEBODY) as tx:
        rows = those(tx, ids)
        for row in rows:
            row.name = "anew"
        connection = tx.session.connection()
        connection.execute(Party.__table__.update().where(Party.__table__.c.id == ids[1]).values(version=7))  # type: ignore[attr-defined]
        with pytest.raises(StaleDataError):
            change_all(tx, Party, rows)
        raise StaleDataError("as the caller leaves it")
    with house.db.read(SOMEBODY) as tx:
        assert "anew" not in {row.name for row in those(tx, ids)}


def test_rows_without_an_event_are_not_committed(house: House) -> None:
    with pytest.raises(Unrecorded), house.db.begin(SOMEBODY) as tx:
        add_all(tx, Party, fresh())


def test_a_row_that_lacks_a_column_or_has_one_too_many_is_refused(house: House) -> None:
    (row,) = fresh(1)
    for wrong in ({**row, "colour": "red"}, {name: value for name, value in row.items() if name != "name"}):
        with pytest.raises(TypeError), house.db.begin(SOMEBODY) as tx:
            add_all(tx, Party, [wrong])
