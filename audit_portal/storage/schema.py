"""The database's version: checked at every start, moved only by `audit-portal upgrade` (or `init`)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from audit_portal.config import ROOT
from audit_portal.domain.errors import Misconfigured
from audit_portal.storage.transaction import Database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


# The way back: the backup that `upgrade` made stands in backups/ of the instance.
_NEWER = "install the newer version of the portal, or put back what was before: audit-portal restore BACKUP"


def head() -> str:
    return str(_scripts().get_current_head())


def current(db: Database) -> str | None:
    # Says that it only reads: a process that starts doesn't wait for one that writes.
    with db.engine.execution_options(house_writes=False).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check(db: Database) -> None:
    """Raises Misconfigured unless the database is at exactly the version this code was made for."""
    at = current(db)
    if at == head():
        return
    if at is None:
        raise Misconfigured("database_empty", mend="audit-portal init")
    if not knows(at):
        raise Misconfigured("database_ahead", revision=at, mend=_NEWER)
    raise Misconfigured("database_behind", revision=at, mend="audit-portal upgrade")


def knows(revision: str) -> bool:
    """Whether this code can read a database of that version, or move it on."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def behind(db: Database) -> bool:
    """Whether the database is of an older version that this code knows."""
    at = current(db)
    return at is not None and at != head() and knows(at)


def migrate(db: Database, revision: str = "head") -> None:
    """Moves the schema; on SQLite with foreign keys off (a batch move would cascade), checked after.

    Raises Misconfigured('migration_lost_rows') when a table that stays lost rows; nothing is committed then.
    """
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                before = _counts(connection)
                _run(connection, revision)
                if sqlite:
                    _check_foreign_keys(connection)
                _check_counts(before, _counts(connection))
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _run(connection: sa.Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    at = MigrationContext.configure(connection).get_current_revision()
    known = {
        script.revision: number for number, script in enumerate(reversed(list(_scripts().walk_revisions())))
    }
    down = revision == "base" or (at in known and revision in known and known[revision] < known[at])
    (command.downgrade if down else command.upgrade)(config, revision)


def tables(db: Database) -> frozenset[str]:
    """The names of the tables that are there."""
    with db.engine.connect() as connection:
        return frozenset(sa.inspect(connection).get_table_names())


def _counts(connection: sa.Connection) -> dict[str, int]:
    names = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
    return {
        name: connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
        for name in names
    }


def _check_counts(before: dict[str, int], after: dict[str, int]) -> None:
    for name in before.keys() & after.keys():
        if after[name] < before[name]:
            raise Misconfigured("migration_lost_rows", table=name, before=before[name], after=after[name])


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise Misconfigured("migration_broke_references", table=broken[0][0], count=len(broken))


def differences(db: Database) -> list[Any]:
    """What the tables in code have that the migrated database hasn't, and the reverse; empty when equal."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))
