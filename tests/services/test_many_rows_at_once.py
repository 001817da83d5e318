"""Many rows in one statement: the history and the ledger know each of them as if it had gone by itself."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col, select
from uuid6 import uuid7

from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.system import SampleLoaded
from audit_portal.services import history_check
from audit_portal.services.house import House
from audit_portal.storage import search  # noqa: F401  (its conditions)
from audit_portal.storage.among import Condition, among
from audit_portal.storage.many import add_all, change_all
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction, Unrecorded

SOMEBODY = system("tests")
EVENT = SampleLoaded(parties=3, accounts=0)


def fresh(count: int = 3) -> list[dict[str, object]]:
    return [
        {"id": uuid7(), "number": f"T-{n:03d}", "kind": PartyKind.VENDOR, "name": f"会社{n}", "kana": "カ"}
        for n in range(count)
    ]


def added(house: House, count: int = 3) -> list[UUID]:
    rows = fresh(count)
    with house.db.begin(SOMEBODY) as tx:
        add_all(tx, Party, rows)
        tx.record(EVENT)
    return [row["id"] for row in rows]  # type: ignore[misc]


def those(tx: Transaction, ids: list[UUID]) -> list[Party]:
    return list(tx.session.exec(select(Party).where(col(Party.id).in_(ids)).order_by(col(Party.number))))


@pytest.mark.parametrize("count", [3, 30])
def test_rows_added_at_once_are_whole_and_have_their_history(house: House, count: int) -> None:
    ids = added(house, count)
    with house.db.read(SOMEBODY) as tx:
        found = those(tx, ids)
    assert [(row.version, row.country, row.external_key, row.created_by) for row in found] == [
        (1, "JP", None, SOMEBODY.label)
    ] * count
    assert history_check.verify(house) == ()


def test_rows_changed_at_once_go_up_by_a_version_and_have_their_history(house: House) -> None:
    ids = added(house)
    with house.db.begin(SOMEBODY) as tx:
        rows = those(tx, ids)
        rows[0].name, rows[1].country = "新しい名前", "US"
        change_all(tx, Party, rows)
        assert not tx.session.dirty  # nothing is written, or looked at, once more
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


@pytest.mark.parametrize("count", [1, 30])
def test_what_the_database_refuses_is_told_as_of_a_single_row(house: House, count: int) -> None:
    rows = [{**row, "external_key": f"K-{n}"} for n, row in enumerate(fresh(count))]
    with house.db.begin(SOMEBODY) as tx:
        add_all(tx, Party, rows)
        tx.record(EVENT)
    again = [{**row, "id": uuid7(), "number": f"U-{n}"} for n, row in enumerate(rows)]
    with pytest.raises(Conflict, match="taken"), house.db.begin(SOMEBODY) as tx:
        add_all(tx, Party, again)
        tx.record(EVENT)
    if house.db.kind == "postgresql":
        again[-1] |= {"name": "a\0b"}
        with pytest.raises(Invalid, match="value_not_storable"), house.db.begin(SOMEBODY) as tx:
            add_all(tx, Party, again)
            tx.record(EVENT)


def test_what_is_written_at_once_reads_back_as_it_was_given(house: House) -> None:
    texts = ["tab\tline\nback\\slash", "\\N", "{a,b}", '"quoted"', "", "日本語 🦊", "%s ? :x"]
    rows = [{**row, "address": texts[n % len(texts)]} for n, row in enumerate(fresh(30))]
    with house.db.begin(SOMEBODY) as tx:
        add_all(tx, Party, rows)
        tx.record(EVENT)
    ids = [row["id"] for row in rows]
    with house.db.begin(SOMEBODY) as tx:
        found = those(tx, ids)  # type: ignore[arg-type]
        assert [row.address for row in found] == [row["address"] for row in rows]
        for row in found:
            row.entrusting_entity, row.corporate_number = row.address, None
        change_all(tx, Party, found)
        tx.record(EVENT)
    with house.db.read(SOMEBODY) as tx:
        assert [row.entrusting_entity for row in those(tx, ids)] == [row["address"] for row in rows]  # type: ignore[arg-type]
    assert history_check.verify(house) == ()


def test_very_many_values_are_looked_up_in_one_query(house: House) -> None:
    ids = added(house, 30)
    with house.db.read(SOMEBODY) as tx:
        for column, values in ((col(Party.id), ids), (col(Party.number), [f"T-{n:03d}" for n in range(30)])):
            others = [uuid7() if column is col(Party.id) else f"X{n}" for n in range(40_000)]
            found = tx.session.exec(select(Party).where(among(column, [*values, *others])))
            assert {row.id for row in found} == set(ids)
        assert list(tx.session.exec(select(Party).where(among(col(Party.id), [])))) == []


def test_a_condition_of_our_own_is_asked_plainly_and_compiled_once() -> None:
    """Asked whether it is 1, SQLite would look into none of its indexes."""
    kinds = Condition.__subclasses__()
    assert {each.__name__ for each in kinds} == {"_Among", "_Holds", "_Keyed"}
    assert all(vars(each).get("inherit_cache") for each in kinds)
    asked = sa.select(col(Party.id)).where(among(col(Party.id), []), among(col(Party.number), []))
    assert "= 1" not in str(asked.compile(dialect=sqlite.dialect()))
