"""Many rows of one table in one go, past the statement compiler: COPY and arrays on PostgreSQL, bare tuples on SQLite.

Types, NOT NULL, checks and foreign keys hold as ever, and errors come as SQLAlchemy's. Values are the caller's
word: history and ledger are its business too (see `many` and `transaction`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

_FEW = 10  # rows up to which the plain statement is as quick
_NONE = object()


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all have the columns of the first."""
    if len(rows) <= _FEW:
        connection.execute(sa.insert(table), [dict(row) for row in rows])
        return
    names = list(rows[0])
    values = _stored(connection, [(table.c[name], name) for name in names], rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, values)
        return
    marks = ", ".join("?" * len(names))
    into = (_quoted(connection, table), "(", _named(connection, names), ")")
    connection.exec_driver_sql(" ".join(("INSERT INTO", *into, "VALUES (", marks, ")")), list(values))


def update(
    connection: sa.Connection, table: sa.Table, keys: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> int:
    """Updates rows, each found by its `keys` (columns that stand in `rows` as `was_…`, beside the values to be
    written); how many were found."""
    asked = [f"was_{key}" for key in keys]
    names = [name for name in rows[0] if name not in asked]
    quote = connection.dialect.identifier_preparer.quote
    columns = [*((table.c[name], name) for name in names), *((table.c[key], f"was_{key}") for key in keys)]
    values = list(_stored(connection, columns, rows))
    into = _quoted(connection, table)
    if connection.dialect.name == "postgresql":
        put = ", ".join(f"{quote(name)} = new.{quote(name)}" for name in names)
        found = " AND ".join(f"{into}.{quote(key)} = new.was_{key}" for key in keys)
        kinds = (column.type.dialect_impl(connection.dialect) for column, _name in columns)
        arrays = ", ".join(f"%s::{kind.compile(connection.dialect)}[]" for kind in kinds)
        given = ("FROM unnest(", arrays, ") AS new (", _named(connection, (*names, *asked)), ")")
        statement = " ".join(("UPDATE", into, "SET", put, *given, "WHERE", found))
        each = tuple(list(column) for column in zip(*values, strict=True))
        return connection.exec_driver_sql(statement, each).rowcount
    put = ", ".join(f"{quote(name)} = ?" for name in names)
    found = " AND ".join(f"{quote(key)} = ?" for key in keys)
    return connection.exec_driver_sql(" ".join(("UPDATE", into, "SET", put, "WHERE", found)), values).rowcount


def dialect_insert(connection: sa.Connection):  # two dialect classes without a common type
    """The INSERT of this database that knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert


def _copy(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], values: Iterable[tuple[Any, ...]]
) -> None:
    into = f"COPY {_quoted(connection, table)} ({_named(connection, names)}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with _told(connection, into), driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in values:
            copy.write_row(row)


@contextlib.contextmanager
def _told(connection: sa.Connection, statement: str) -> Iterator[None]:
    """The driver's errors as SQLAlchemy tells them."""
    dbapi: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except dbapi.Error as error:
        raise DBAPIError.instance(
            statement, None, error, dbapi.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def _stored(
    connection: sa.Connection,
    columns: Sequence[tuple[sa.Column[Any], str]],
    rows: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them; `columns` with the names that their values have in the rows."""
    dialect = connection.dialect
    found = [
        _column(column.type.dialect_impl(dialect).bind_processor(dialect), [row[name] for row in rows])
        for column, name in columns
    ]
    return zip(*found, strict=True)


def _column(process: Any, values: list[Any]) -> Iterable[Any]:
    """One column's values; the very object that stood in the row before is worked out once."""
    if process is None:
        return values
    done, last, stored = [], _NONE, None
    for value in values:
        if value is not last:
            last, stored = value, process(value)
        done.append(stored)
    return done


def _quoted(connection: sa.Connection, table: sa.Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)


def _named(connection: sa.Connection, names: Iterable[str]) -> str:
    return ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
