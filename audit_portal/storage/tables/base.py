"""What every table is made of: ids, scope, version, who and when.

A table says how it is scoped and whether the ledger must know of its changes; one that says neither
can't be defined (TypeError at import).
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelMetaclass
from uuid6 import uuid7


class Scope(StrEnum):
    """Who may read rows of a table through a transaction; see storage/scope.py for the criteria."""

    ENGAGEMENT = "engagement"  # column engagement_id; levels inside
    CONTRACT = "contract"  # through the engagements the contract serves
    EVIDENCE = "evidence"  # of an engagement, or of a contract
    SIDE = "side"  # as engagement; a row with an audience_id is for that party's people alone
    LINK = "link"  # the engagement's public face; every level
    SELF = "self"  # reach rows of the subject itself
    PARTY = "party"
    REGISTER = "register"  # column party_id: details of a party; its own, or inside one of its engagements
    ACCOUNT = "account"
    OWN = "own"  # column account_id; only one's own
    OFFICE = "office"  # the client's people who see the whole register
    OPEN = "open"  # every actor
    SYSTEM = "system"  # only the system actor


class Ledger(StrEnum):
    RECORDED = "recorded"  # a change without a ledger entry doesn't commit
    EXEMPT = "exempt"  # listed in design.md: sessions, throttles, drafts, outbox, jobs


class Utc(sa.TypeDecorator[datetime]):
    """An aware moment, stored in UTC on both databases; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(**more: Any) -> Any:
    return Field(sa_type=Utc, **more)


def choice(kind: type[Enum], **more: Any) -> Any:
    """A column that takes the values of an enumeration, held by a CHECK constraint too."""
    column_type = sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=f"{kind.__name__.lower()}_known",
        values_callable=lambda members: [member.value for member in members],
    )
    return Field(sa_type=column_type, **more)


def text(length: int, **more: Any) -> Any:
    return Field(sa_type=sa.String(length), **more)


def blob(**more: Any) -> Any:
    return Field(sa_type=sa.LargeBinary, **more)


def document(**more: Any) -> Any:
    """Structured data that is read and written whole."""
    return Field(sa_type=sa.JSON, **more)


def reference(target: str, **more: Any) -> Any:
    """A foreign key; deleting what it points to is refused."""
    return Field(foreign_key=target, ondelete="RESTRICT", **more)


class SealedMeta(SQLModelMetaclass):
    """Refuses a table that forgot to say how it is scoped or whether the ledger must know of it."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **config: Any) -> Any:
        if config.get("table"):
            for needed in ("__scope__", "__ledger__"):
                if needed not in body and not any(hasattr(base, needed) for base in bases):
                    raise TypeError(f"table {name} must say its {needed}")
        return super().__new__(cls, name, bases, body, **config)


class Row(SQLModel, metaclass=SealedMeta):
    """Base of all tables."""

    __scope__: ClassVar[Scope]
    __ledger__: ClassVar[Ledger]
    __history__: ClassVar[bool] = False
    __deletable__: ClassVar[bool] = False
    # Of an engagement, yet only for who reviews it or is assigned to it: never for the vendor whose it is.
    __principal_only__: ClassVar[bool] = False


SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Identified(Row):
    """A row with an id of its own. Recorded ones that aren't `Kept` are written once and never change."""

    __history__: ClassVar[bool] = True

    id: UUID = Field(default_factory=uuid7, primary_key=True)


class Kept(Identified):
    """A mutable row with optimistic lock; the transaction fills the four columns."""

    version: int = Field(default=0, nullable=False)
    created_at: datetime = moment(default=None, nullable=False)
    created_by: str = Field(default="", max_length=80, nullable=False)
    updated_at: datetime = moment(default=None, nullable=False)
    updated_by: str = Field(default="", max_length=80, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}
