"""`upgrade` backs up what it is about to change, migrates and checks."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit_portal.cli import main
from audit_portal.domain.errors import Misconfigured
from audit_portal.storage import schema
from audit_portal.storage.transaction import Database


def test_a_database_behind_is_backed_up_migrated_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = tmp_path / "instance"
    environment = {"AUDIT_PORTAL_INSTANCE": str(instance)}
    assert CliRunner().invoke(main, ["init", "--quiet"], env=environment).exit_code == 0
    real, asked = schema.check, []

    def behind_at_first(db: Database) -> None:
        asked.append(db)
        if len(asked) == 1:
            raise Misconfigured("database_behind", revision="0000", mend="audit-portal upgrade")
        real(db)

    migrated: list[Database] = []
    monkeypatch.setattr(schema, "check", behind_at_first)
    monkeypatch.setattr(schema, "migrate", migrated.append)
    result = CliRunner().invoke(main, ["upgrade"], env=environment, catch_exceptions=False)
    assert result.exit_code == 0 and f"upgraded to {schema.head()}" in result.output
    assert len(migrated) == 1 and len(asked) == 2
    (backup,) = (instance / "backups").iterdir()
    with sqlite3.connect(backup / "database") as copy:
        assert copy.execute("SELECT count(*) FROM installation").fetchone() == (1,)
    for kept in ("keys/root.key", "keys/ledger.key", "trust/root.pem"):
        assert (backup / kept).read_bytes() == (instance / kept).read_bytes()
