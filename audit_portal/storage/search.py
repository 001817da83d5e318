"""Finds rows by what their key holds: the few that a rare word has are fetched first, the many of a usual one not.

A condition says which ids may be shown; what the reader reaches is decided on the rows themselves, as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from audit_portal.domain.search import SEARCHED, search_key
from audit_portal.storage.among import Condition, among
from audit_portal.storage.tables.search import SearchKey
from audit_portal.storage.transaction import Transaction

_RARE = 200  # rows up to which they are looked up by id
PARTY, WORK, LINK = SEARCHED  # a word is looked for in links as well when an engagement's number may hold it


def found(tx: Transaction, words: Collection[str], columns: Mapping[str, Any]) -> Any:
    """The condition that a row's key holds one of the words, in any spelling.

    `columns`: kind → the column with the id of the row whose key is meant.
    """
    keys = sorted({search_key(word) for word in words} - {""})
    if not any(key.isascii() for key in keys):  # our own numbers are ASCII
        columns = {kind: column for kind, column in columns.items() if kind != LINK}
    if not keys:
        return sa.false()
    table = SearchKey.__table__  # type: ignore[attr-defined]
    held = sa.or_(*(_Holds(table.c.text, key) for key in keys))
    query = sa.select(table.c.kind, table.c.row_id).where(table.c.kind.in_(sorted(columns)), held)
    rows = tx.session.connection().execute(query.limit(_RARE + 1)).all()
    if len(rows) > _RARE:
        return sa.or_(*(_Keyed(kind, columns[kind], key) for kind in columns for key in keys))
    ids: dict[str, list[UUID]] = {}
    for kind, row_id in rows:
        ids.setdefault(kind, []).append(row_id)
    return sa.or_(sa.false(), *(among(columns[kind], some) for kind, some in ids.items()))


class _Holds(Condition):
    """Whether a text (first) holds another; past LIKE, which would fold capitals and know wildcards."""

    inherit_cache = True
    name = "holds"


class _Keyed(Condition):
    """Whether the key of a row (kind, id) holds a text, asked row by row: quick where most do."""

    inherit_cache = True
    name = "keyed"


_IN = {"postgresql": "strpos", "sqlite": "instr"}


@compiles(_Holds)
def _holds(element: _Holds, compiler: Any, **more: Any) -> str:
    text, key = (compiler.process(each, **more) for each in element.clauses)
    return f"{_IN[compiler.dialect.name]}({text}, {key}) > 0"


@compiles(_Keyed)
def _keyed(element: _Keyed, compiler: Any, **more: Any) -> str:
    kind, row_id, key = (compiler.process(each, **more) for each in element.clauses)
    held = f"{_IN[compiler.dialect.name]}(search_key.text, {key}) > 0"
    where = ("search_key.kind =", kind, "AND search_key.row_id =", row_id, "AND", held)
    return " ".join(("EXISTS (SELECT 1 FROM search_key WHERE", *where, ")"))
