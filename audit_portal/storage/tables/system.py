"""Tables of the house itself: installation, numbers, history, ledger, outbox, idempotency."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from audit_portal.domain import limits
from audit_portal.storage.tables.base import (
    Identified,
    Kept,
    Ledger,
    Row,
    Scope,
    blob,
    choice,
    document,
    moment,
    text,
)


class Installation(Kept, table=True):
    """One row: what this installation is, and by which keys it is known."""

    __scope__ = Scope.OPEN
    __ledger__ = Ledger.RECORDED

    only: bool = Field(default=True, unique=True)
    client_id: UUID | None = Field(default=None)
    key_id: str = text(64)
    ledger_origin: str = text(200)
    ledger_key: str = text(200)  # C2SP verifier key
    sample: bool = False
    staff_need_second_factor: bool = True
    p_mark: bool = False  # the client runs PrivacyMark
    public_sector: bool = False  # the client is a public body
    fiscal_month: int = 4  # in which its fiscal year begins


class NumberSequence(Row, table=True):
    __tablename__ = "number_sequence"
    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT

    kind: str = Field(primary_key=True, max_length=2)
    year: int = Field(primary_key=True)
    last: int


class History(Row, table=True):
    """Every version of every kept row, so that any past date can be shown ("as of")."""

    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT

    kind: str = Field(primary_key=True, max_length=60)
    row_id: UUID = Field(primary_key=True)
    row_version: int = Field(primary_key=True)
    recorded_at: datetime = moment(index=True)
    actor: str = text(80)
    salt: bytes = blob()  # commitment in the ledger = SHA-256(salt + body)
    body: bytes = blob()  # canonical JSON


class LedgerEntry(Row, table=True):
    __tablename__ = "ledger_entry"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.EXEMPT  # it is the ledger
    __principal_only__ = True

    seq: int = Field(
        primary_key=True,
        sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa_column_kwargs={"autoincrement": False},
    )
    recorded_at: datetime = moment()
    event: str = text(60)
    actor: str = text(80)
    engagement_id: UUID | None = Field(default=None, index=True)
    body: bytes = blob()  # canonical JSON; these very bytes are hashed
    leaf_hash: bytes = blob()


class LedgerTile(Row, table=True):
    """Full tiles of the Merkle tree (C2SP tlog-tiles): 256 hashes of one level."""

    __tablename__ = "ledger_tile"
    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT

    level: int = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    hashes: bytes = blob()


class LedgerCheckpoint(Row, table=True):
    """A signed head of the ledger (変更記録の署名付き記録点)."""

    __tablename__ = "ledger_checkpoint"
    __scope__ = Scope.OPEN
    __ledger__ = Ledger.EXEMPT

    size: int = Field(
        primary_key=True,
        sa_type=sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa_column_kwargs={"autoincrement": False},
    )
    root: bytes = blob()
    note: str = text(2_000)
    signed_at: datetime = moment()
    frontier: bytes = blob()  # to go on from here without reading the whole ledger


class JobState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Outbox(Identified, table=True):
    """What must leave the house after a change: written with the change, done by the worker."""

    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT

    kind: str = text(60)
    key: str = text(200, unique=True)  # one row per key: never a second reminder
    payload: dict[str, Any] = document()
    state: JobState = choice(JobState, default=JobState.WAITING)
    attempts: int = 0
    run_after: datetime = moment()
    created_at: datetime = moment()
    done_at: datetime | None = moment(default=None, nullable=True)
    last_error: str = text(limits.LINE, default="")

    __table_args__ = (sa.Index("ix_outbox_state_run_after", "state", "run_after"),)


class Idempotency(Row, table=True):
    """A form's key: the same form sent twice changes things once."""

    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT
    __deletable__ = True

    account_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=64)
    created_at: datetime = moment(index=True)
    location: str | None = text(500, default=None, nullable=True)
