"""People: accounts, how they prove who they are, links by mail, sessions, throttle counters."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from audit_portal.domain import limits
from audit_portal.domain.accounts import AccountState, LinkKind
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
    reference,
    text,
)


class Account(Kept, table=True):
    __scope__ = Scope.ACCOUNT
    __ledger__ = Ledger.RECORDED

    party_id: UUID = reference("party.id", index=True)
    email: str = text(limits.EMAIL, unique=True)  # lower case, NFKC
    name: str = text(limits.NAME)
    department: str = text(limits.NAME, default="")
    title: str = text(limits.NAME, default="")  # the post (役職)
    phone: str = text(limits.PHONE, default="")
    roles: list[str] = document()
    language: str = text(2, default="ja")
    state: AccountState = choice(AccountState, default=AccountState.INVITED)
    ends_on: date | None = None  # last day of access, e.g. of an outside auditor
    stamp: int = 0  # sessions of an older stamp have ended


class IdentityKind(StrEnum):
    PASSWORD = "password"  # noqa: S105


class Identity(Kept, table=True):
    """One way in: a password now, others later."""

    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.RECORDED
    __history__ = False  # its old secrets are nobody's business

    account_id: UUID = reference("account.id")
    kind: IdentityKind = choice(IdentityKind)
    subject: str = text(300, default="")
    secret: str = text(300, default="")  # Argon2id, PHC string

    __table_args__ = (sa.UniqueConstraint("account_id", "kind", "subject"),)


class SecondFactor(Kept, table=True):
    """TOTP (RFC 6238); the shared secret is wrapped by the key provider."""

    __tablename__ = "second_factor"
    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.RECORDED
    __history__ = False
    __deletable__ = True

    account_id: UUID = reference("account.id", unique=True)
    sealed_secret: bytes = blob()
    confirmed_at: datetime | None = moment(default=None, nullable=True)
    last_step: int = 0  # a code counts once


class AccessLink(Kept, table=True):
    """A single-use link; only the SHA-256 of its token is stored."""

    __tablename__ = "access_link"
    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT  # the account events speak for it
    __history__ = False

    kind: LinkKind = choice(LinkKind)
    account_id: UUID | None = reference("account.id", default=None, nullable=True, index=True)
    token_hash: str = text(64, unique=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None, nullable=True)
    revoked_at: datetime | None = moment(default=None, nullable=True)
    delivery: str = text(20, default="")  # "", copied, mailed


class WebSession(Row, table=True):
    __tablename__ = "web_session"
    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT
    __deletable__ = True

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: UUID | None = reference("account.id", default=None, nullable=True, index=True)
    stamp: int = 0
    data: dict[str, Any] = document()
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class Throttle(Row, table=True):
    __scope__ = Scope.SYSTEM
    __ledger__ = Ledger.EXEMPT
    __deletable__ = True

    key: str = Field(primary_key=True, max_length=100)
    count: int
    until: datetime = moment(index=True)  # the window, or the lock-out, ends


class Certificate(Kept, table=True):
    """A person's signing certificate; the key opens only with the person's signing passphrase."""

    __scope__ = Scope.ACCOUNT
    __ledger__ = Ledger.RECORDED

    account_id: UUID = reference("account.id", index=True)
    serial: str = text(64, unique=True)
    fingerprint: str = text(64)
    certificate_pem: bytes = blob()
    sealed_key: bytes = blob()
    not_before: datetime = moment()
    not_after: datetime = moment()
    issued_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None, nullable=True)
    revoked_by: str = text(80, default="")
    revocation_reason: str = text(40, default="")


__all__ = [
    "AccessLink",
    "Account",
    "AccountState",
    "Certificate",
    "Identified",
    "Identity",
    "IdentityKind",
    "LinkKind",
    "SecondFactor",
    "Throttle",
    "WebSession",
]
