"""`upgrade` backs up what it is about to change, migrates and checks: the command itself, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from audit_portal.cli import main
from audit_portal.storage import schema
from audit_portal.storage.transaction import Database
from tests import databases
from tests.clock import SetClock

BEFORE = "0007"  # a landed version


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'portal.db'}"
        return
    url = databases.postgres_url(empty=True)
    yield url
    databases.drop(url)


def test_a_database_behind_is_backed_up_migrated_and_checked(address: str, tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    environment = {"AUDIT_PORTAL_INSTANCE": str(instance), "AUDIT_PORTAL_DATABASE_URL": address}

    def run(*args: str) -> Result:
        return CliRunner().invoke(main, args, env=environment, catch_exceptions=False)

    assert run("init", "--quiet").exit_code == 0
    db = Database(address, SetClock())
    before = _entries(db)
    schema.migrate(db, BEFORE)
    db.dispose()
    refused = run("ledger", "verify")
    assert refused.exit_code != 0 and "audit-portal upgrade" in refused.output

    result = run("upgrade")
    assert result.exit_code == 0 and f"upgraded to {schema.head()}" in result.output
    assert run("ledger", "verify").exit_code == 0
    assert _entries(db) >= before > 0
    (backup,) = (instance / "backups").iterdir()
    assert (backup / "database").stat().st_size > 0
    for kept in ("keys/root.key", "keys/ledger.key", "trust/root.pem"):
        assert (backup / kept).read_bytes() == (instance / kept).read_bytes()
    db.dispose()


def _entries(db: Database) -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM ledger_entry")).scalar_one())
