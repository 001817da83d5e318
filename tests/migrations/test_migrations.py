"""Migrations up and down, with data, on both databases; and the start that refuses a wrong version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from audit_portal.domain.errors import Misconfigured
from audit_portal.domain.search import key_of
from audit_portal.storage import schema
from audit_portal.storage.transaction import Database
from tests import databases
from tests.clock import SetClock

REVISIONS = [script.revision for script in reversed(list(schema._scripts().walk_revisions()))]


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[Database]:
    url = (
        f"sqlite:///{tmp_path / 'empty.db'}"
        if request.param == "sqlite"
        else databases.postgres_url(empty=True)
    )
    db = Database(url, clock)
    yield db
    db.dispose()
    if request.param == "postgres":
        databases.drop(url)


def count(db: Database, table: str) -> int:
    with db.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one()


def fill(db: Database) -> None:
    """A party and an account that points to it, written past the house as a migration would find them."""
    meta = sa.MetaData()
    with db.engine.begin() as connection:
        meta.reflect(connection, only=["party", "account"])
        moment, actor = sa.func.current_timestamp(), "system:test"
        kept = {
            "version": 1,
            "created_at": moment,
            "created_by": actor,
            "updated_at": moment,
            "updated_by": actor,
        }
        party = {
            "id": "0" * 31 + "1",
            "number": "P-2026-0001",
            "kind": "client",
            "name": "株",
            "kana": "カ",
            "country": "JP",
            "address": "",
            "contact_name": "海野 渚",
            "contact_department": "総務部",
            "contact_email": "",
            "contact_phone": "03-5555-0134",
        }
        there = meta.tables["party"].columns.keys()  # they differ from revision to revision
        known = {name: value for name, value in party.items() if name in there}
        new = {"entrusting_entity": ""} if "entrusting_entity" in there else {}
        connection.execute(sa.insert(meta.tables["party"]).values(**known, **new, **kept))
        account = {
            "id": "0" * 31 + "2",
            "party_id": "0" * 31 + "1",
            "email": "a@b.example",
            "name": "人",
            "department": "",
            "phone": "",
            "roles": "[]",
            "language": "ja",
            "state": "active",
            "stamp": 0,
        }
        connection.execute(sa.insert(meta.tables["account"]).values(**account, **kept))


def test_the_migrated_schema_is_the_one_the_code_means(empty: Database) -> None:
    schema.migrate(empty)
    assert schema.differences(empty) == []


def test_every_check_the_code_means_is_in_the_migrated_database(empty: Database) -> None:
    """Comparing schemas leaves checks out, and SQLite loses them when a table is made anew."""
    schema.migrate(empty)
    found = sa.inspect(empty.engine)
    for table in SQLModel.metadata.sorted_tables:
        meant = {str(each.name) for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        assert {str(each["name"]) for each in found.get_check_constraints(table.name)} == meant, table.name


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_goes_up_and_down_and_up_again(empty: Database, revision: str) -> None:
    schema.migrate(empty, revision)
    before = REVISIONS[REVISIONS.index(revision) - 1] if REVISIONS.index(revision) else "base"
    schema.migrate(empty, before)
    schema.migrate(empty, revision)
    assert schema.current(empty) == revision


def test_rows_survive_going_to_the_newest_revision(empty: Database) -> None:
    schema.migrate(empty, REVISIONS[0])
    fill(empty)
    schema.migrate(empty)
    assert (count(empty, "party"), count(empty, "account")) == (1, 1)


def bring_in(db: Database, number: int, kind: str) -> None:
    """A file that was brought in, by the account of `fill`."""
    table = sa.Table("import_run", sa.MetaData(), autoload_with=db.engine)
    values = {
        "id": f"{number:032x}", "kind": kind, "file_name": "台帳.xlsx", "sha256": "0" * 64, "rows_read": 3,
        "created": 2, "changed": 1, "unchanged": 0, "basis": "稟議", "catch_up_on": date(2026, 12, 1),
        "applied_at": datetime(2026, 11, 20, 3, tzinfo=UTC), "applied_by": "0" * 31 + "2",
    }  # fmt: skip
    with db.engine.begin() as connection:
        connection.execute(sa.insert(table).values(**values))


def runs(db: Database) -> list[tuple[object, ...]]:
    table = sa.Table("import_run", sa.MetaData(), autoload_with=db.engine)
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(table).order_by(table.c.id))]


def test_what_was_brought_in_survives_more_kinds_of_files_and_the_way_back(empty: Database) -> None:
    schema.migrate(empty, REVISIONS[0])
    fill(empty)
    schema.migrate(empty, "0012")
    bring_in(empty, 1, "vendors")
    before = runs(empty)
    schema.migrate(empty)
    assert runs(empty) == before
    bring_in(empty, 2, "contracts")
    with pytest.raises(IntegrityError):
        bring_in(empty, 3, "tea")
    schema.migrate(empty, "0012")
    first, second = runs(empty)
    assert (first, second[1]) == (before[0], "engagements")  # 0012 knows no nearer kind
    with pytest.raises(IntegrityError):
        bring_in(empty, 3, "contracts")


def _contacts(db: Database, table: str, *names: str) -> list[tuple[str, ...]]:
    with db.engine.connect() as connection:
        query = sa.select(*(sa.column(name) for name in names)).select_from(sa.table(table))
        return [tuple(row) for row in connection.execute(query)]


def test_the_contact_of_a_party_moves_into_a_row_and_back(empty: Database) -> None:
    schema.migrate(empty, REVISIONS[0])
    fill(empty)
    schema.migrate(empty, "0003")
    fields = ("name", "department", "email", "phone")
    kept = [("海野 渚", "総務部", "", "03-5555-0134")]
    assert _contacts(empty, "party_contact", *fields) == kept
    schema.migrate(empty, REVISIONS[0])
    assert _contacts(empty, "party", *(f"contact_{name}" for name in fields)) == kept


def test_names_of_before_are_found_as_those_of_today_are(empty: Database) -> None:
    schema.migrate(empty, REVISIONS[0])
    fill(empty)
    schema.migrate(empty, "0015")
    names = {"name": "（株）ﾎｯｶｲ髙島－Ａ", "kana": "ホッカイ たかしま", "number": "P-2026-0001"}
    party = sa.table("party", *(sa.column(name) for name in names))
    with empty.engine.begin() as connection:
        connection.execute(sa.update(party).values(**names))
    for _turn in range(2):
        schema.migrate(empty)
        assert _contacts(empty, "search_key", "kind", "text") == [("party", key_of("party", names))]
        schema.migrate(empty, "0015")
        assert "search_key" not in schema.tables(empty)


@pytest.mark.parametrize("there_and_back", [False, True])
def test_columns_that_come_and_go_leave_the_checks_of_a_table(empty: Database, there_and_back: bool) -> None:
    schema.migrate(empty)
    if there_and_back:
        schema.migrate(empty, REVISIONS[0])
    checks = {each["name"] for each in sa.inspect(empty.engine).get_check_constraints("engagement")}
    kept = {"persons_not_negative", "workkind_known", "classification_known"}
    assert {
        f"ck_engagement_{name}" for name in (kept if there_and_back else kept | {"category_known"})
    } <= checks
    assert "ck_party_partykind_known" in {
        each["name"] for each in sa.inspect(empty.engine).get_check_constraints("party")
    }


def test_a_migration_that_loses_rows_is_undone(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.migrate(empty)
    fill(empty)

    def loses(connection: sa.Connection, _revision: str) -> None:
        connection.execute(sa.delete(sa.table("account")))

    monkeypatch.setattr(schema, "_run", loses)
    with pytest.raises(Misconfigured) as refused:
        schema.migrate(empty)
    assert refused.value.code == "migration_lost_rows"
    assert count(empty, "account") == 1


def test_an_empty_database_refuses_to_start_and_names_init(empty: Database) -> None:
    with pytest.raises(Misconfigured) as refused:
        schema.check(empty)
    assert (refused.value.code, refused.value.facts["mend"]) == ("database_empty", "audit-portal init")


@pytest.mark.parametrize(("revision", "code"), [("0000", "database_ahead"), ("9999", "database_ahead")])
def test_a_database_of_another_version_refuses_to_start(empty: Database, revision: str, code: str) -> None:
    schema.migrate(empty)
    with empty.engine.begin() as connection:
        connection.execute(
            sa.update(sa.table("alembic_version", sa.column("version_num"))).values(version_num=revision)
        )
    with pytest.raises(Misconfigured) as refused:
        schema.check(empty)
    assert refused.value.code == code


def test_a_database_behind_the_code_names_upgrade(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.migrate(empty)
    monkeypatch.setattr(schema, "head", lambda: "a newer one")
    with pytest.raises(Misconfigured) as refused:
        schema.check(empty)
    assert (refused.value.code, refused.value.facts["mend"]) == ("database_behind", "audit-portal upgrade")
