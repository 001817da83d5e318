"""Consistent snapshots of the whole database: VACUUM INTO on SQLite, one repeatable-read COPY on PostgreSQL.

A live SQLite file copied without its write-ahead log is corrupt more often than not; VACUUM INTO never was.
"""

from __future__ import annotations

import shutil
import sqlite3
import struct
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from audit_portal.domain.errors import Conflict, Invalid, Unavailable
from audit_portal.storage.tables.accounts import AccessLink, WebSession
from audit_portal.storage.transaction import Database

_MAGIC = b"audit-portal-pg/1\n"


def take(db: Database, path: Path) -> None:
    """Writes the snapshot into a new file."""
    if path.exists():
        raise Conflict("backup_not_empty", path=str(path))
    if db.is_sqlite:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            driver: Any = connection.connection.driver_connection
            try:
                driver.execute("VACUUM INTO ?", (str(path),))
            except sqlite3.OperationalError as error:
                raise Unavailable("disk_full", reason=str(error)) from error
        path.chmod(0o600)
        return
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        _dump(connection, path)


def load(db: Database, path: Path) -> None:
    """Fills an empty database from a snapshot; sessions and open links end, so no old one opens anything."""
    if db.is_sqlite:
        db.dispose()
        target = Path(str(db.url.database))
        if target.exists():
            raise Conflict("instance_not_empty", path=str(target))
        shutil.copyfile(path, target)
        target.chmod(0o600)
    else:
        with db.engine.begin() as connection:
            _undump(connection, path)
    with db.engine.begin() as connection:
        connection.execute(sa.delete(WebSession.__table__))  # type: ignore[attr-defined]
        links = AccessLink.__table__  # type: ignore[attr-defined]
        connection.execute(
            sa.update(links).where(links.c.used_at.is_(None)).values(revoked_at=links.c.created_at)
        )


def is_empty(db: Database) -> bool:
    """Whether there is no SQLite file yet, or no row in any table of ours.

    A write-ahead log that was left behind would be played into the file that comes: it isn't empty either.
    """
    if db.is_sqlite:
        return not any(Path(f"{db.url.database}{end}").exists() for end in ("", "-wal"))
    with db.engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
        ours = (table for table in SQLModel.metadata.sorted_tables if table.name in there)
        return all(
            connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None
            for table in ours
        )


def store_keys(db: Database) -> set[str]:
    """Keys of all sealed objects that rows point to, in whatever version the database is."""
    with db.engine.connect() as connection:
        holders = (table for table in _tables(connection) if "store_key" in table.columns)
        return {key for table in holders for key in connection.scalars(sa.select(table.c.store_key))}


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """As they are in this database (an upgrade backs up the tables of the older code), parents first."""
    there = sa.MetaData()
    there.reflect(connection)
    return there.sorted_tables


def _dump(connection: sa.Connection, path: Path) -> None:
    """Table by table in binary COPY format, each piece with its length in front."""
    driver: Any = connection.connection.driver_connection
    with path.open("xb") as out:
        path.chmod(0o600)
        out.write(_MAGIC)
        for table in _tables(connection):
            out.write(struct.pack(">I", len(table.name)) + table.name.encode())
            with (
                driver.cursor() as cursor,
                cursor.copy(f"COPY {_columns(table)} TO STDOUT (FORMAT BINARY)") as copy,
            ):
                for piece in copy:
                    out.write(struct.pack(">Q", len(piece)))
                    out.write(piece)
            out.write(struct.pack(">Q", 0))


def _columns(table: sa.Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'"{table.name}" ({names})'


def _undump(connection: sa.Connection, path: Path) -> None:
    driver: Any = connection.connection.driver_connection
    known = {table.name: table for table in _tables(connection)}
    with path.open("rb") as source:
        if source.read(len(_MAGIC)) != _MAGIC:
            raise Invalid("backup_damaged", file=path.name)
        driver.execute("DELETE FROM alembic_version")
        while header := source.read(4):
            name = source.read(struct.unpack(">I", header)[0]).decode()
            if name not in known:
                raise Invalid("backup_damaged", file=path.name)
            statement = f"COPY {_columns(known[name])} FROM STDIN (FORMAT BINARY)"
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                while size := struct.unpack(">Q", source.read(8))[0]:
                    copy.write(source.read(size))
