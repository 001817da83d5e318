"""Migration 0002: reports may end unfinished; on the way back they stand where they ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from audit_portal.storage import schema
from audit_portal.storage.transaction import Database
from tests import databases
from tests.clock import SetClock

STOOD = {
    0: "rendering",
    1: "awaiting_auditor",
    2: "sealing_auditor",
    3: "awaiting_officer",
    4: "sealing_officer",
}


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[sa.Connection]:
    """At 0002, foreign keys off: a report by itself is enough here."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'empty.db'}" if sqlite else databases.postgres_url(empty=True)
    db = Database(url, clock)
    schema.migrate(db, "0002")
    with db.engine.connect() as made:
        if sqlite:
            made.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with made.begin():
            if not sqlite:
                made.execute(sa.text("SET session_replication_role = replica"))
            yield made
    db.dispose()
    if not sqlite:
        databases.drop(url)


def add(connection: sa.Connection, state: str, latest: int) -> None:
    now = sa.func.current_timestamp()
    report = sa.Table("report", sa.MetaData(), autoload_with=connection)
    values = {
        "id": f"{latest + 1:032x}", "version": 1, "created_by": "system:test", "updated_by": "system:test",
        "number": f"R-2026-{latest:04}", "engagement_id": "0" * 32, "assessment_id": "0" * 32,
        "kind": "assessment", "language": "ja", "state": state, "content": b"", "content_sha256": "",
        "latest": latest, "created_at": now, "updated_at": now, "reviewed_at": now,
    }  # fmt: skip
    connection.execute(sa.insert(report).values(**values))


def test_the_new_states_are_taken_and_unknown_ones_refused(connection: sa.Connection) -> None:
    add(connection, "outdated", 0)
    add(connection, "withdrawn", 2)
    with pytest.raises(IntegrityError), connection.begin_nested():
        add(connection, "lost", 3)


def test_on_the_way_back_a_report_stands_where_it_ended(connection: sa.Connection) -> None:
    for latest in STOOD:
        add(connection, "outdated", latest)
    add(connection, "final", 9)
    schema._run(connection, "0001")
    rows = connection.execute(sa.text("SELECT latest, state FROM report")).all()
    assert {row[0]: row[1] for row in rows} == {**STOOD, 9: "final"}
    with pytest.raises(IntegrityError), connection.begin_nested():
        add(connection, "outdated", 8)
