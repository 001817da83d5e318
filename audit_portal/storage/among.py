"""`column IN (very many values)` as one bound value: each value bound by itself costs more than finding its row."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Values(TypeDecorator[Any]):
    """Values of one type: an array on PostgreSQL, a JSON array on SQLite."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, each: TypeEngine[Any]) -> None:
        super().__init__()
        self.each = each

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.ARRAY(self.each))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        if dialect.name == "postgresql":
            return value
        process = self.each.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([process(each) for each in value] if process else value)


class Condition(FunctionElement[bool]):
    """A condition that a dialect words its own way."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Itself: SQLAlchemy would ask SQLite whether it is 1, and SQLite then not look into its indexes."""
        return self


class _Among(Condition):
    inherit_cache = True
    name = "among"


@compiles(_Among, "postgresql")
def _as_array(element: _Among, compiler: Any, **more: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **more)} = ANY ({compiler.process(values, **more)})"


@compiles(_Among, "sqlite")
def _as_json(element: _Among, compiler: Any, **more: Any) -> str:
    column, values = element.clauses
    given = compiler.process(values, **more)
    return " ".join((compiler.process(column, **more), "IN (SELECT value FROM json_each(", given, "))"))


def among(column: Any, values: Collection[Any]) -> sa.ColumnElement[bool]:
    """Whether a column of texts or ids has one of these values."""
    given: sa.BindParameter[Any] = sa.bindparam(None, list(values), type_=_Values(column.type))
    return _Among(column, given)
