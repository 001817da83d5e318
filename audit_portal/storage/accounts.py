"""Queries on people and how they sign in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import NotFound
from audit_portal.storage.page import Page, beyond, page
from audit_portal.storage.tables.accounts import (
    AccessLink,
    Account,
    Certificate,
    Identity,
    IdentityKind,
    SecondFactor,
    Throttle,
    WebSession,
)
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.tables.system import Idempotency
from audit_portal.storage.transaction import Transaction


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def by_email(tx: Transaction, email: str) -> Account | None:
    return tx.session.exec(select(Account).where(Account.email == email)).one_or_none()


def lock(tx: Transaction, account_id: UUID) -> Account:
    """The account as it is now; until the transaction ends no other one locks it. Raises NotFound."""
    query = select(Account).where(Account.id == account_id).with_for_update(of=Account)
    account = tx.session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if account is None:
        raise NotFound()
    return account


def with_party(tx: Transaction, account_id: UUID) -> tuple[Account, Party] | None:
    query = (
        select(Account, Party).join(Party, col(Party.id) == Account.party_id).where(Account.id == account_id)
    )
    return tx.session.exec(query).one_or_none()


def listed(tx: Transaction, after: str | None, limit: int = limits.PAGE) -> Page[tuple[Account, Party]]:
    query = select(Account, Party).join(Party, col(Party.id) == Account.party_id)
    condition = beyond(after, Account.email, Account.id)
    if condition is not None:
        query = query.where(condition)
    rows = tx.session.exec(query.order_by(col(Account.email), col(Account.id)).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row[0].email, row[0].id))


def of_party(tx: Transaction, party_id: UUID) -> list[Account]:
    query = select(Account).where(Account.party_id == party_id, Account.state != AccountState.ENDED)
    return list(tx.session.exec(query.order_by(col(Account.name))))


def identity(
    tx: Transaction, account_id: UUID, kind: IdentityKind = IdentityKind.PASSWORD
) -> Identity | None:
    query = select(Identity).where(Identity.account_id == account_id, Identity.kind == kind)
    return tx.session.exec(query).one_or_none()


def joined_by(tx: Transaction, account_id: UUID, moment: datetime) -> bool:
    """Whether the person had a way to sign in by then."""
    query = select(Identity.id).where(Identity.account_id == account_id, col(Identity.created_at) <= moment)
    return tx.session.exec(query.limit(1)).first() is not None


def second_factor(tx: Transaction, account_id: UUID) -> SecondFactor | None:
    return tx.session.exec(select(SecondFactor).where(SecondFactor.account_id == account_id)).one_or_none()


def link(tx: Transaction, kind: LinkKind, token: str) -> AccessLink | None:
    """A link by its token, whether or not it still opens anything."""
    query = select(AccessLink).where(AccessLink.kind == kind, AccessLink.token_hash == token_hash(token))
    return tx.session.exec(query).one_or_none()


def open_links(tx: Transaction, kind: LinkKind, account_id: UUID | None) -> list[AccessLink]:
    query = select(AccessLink).where(
        AccessLink.kind == kind,
        AccessLink.account_id == account_id,
        col(AccessLink.used_at).is_(None),
        col(AccessLink.revoked_at).is_(None),
        AccessLink.expires_at > tx.now,
    )
    return list(tx.session.exec(query.order_by(col(AccessLink.created_at).desc())))


def session_of(tx: Transaction, token: str) -> tuple[WebSession, Account, Party] | None:
    """The live session behind a cookie with its person, in one query."""
    query = (
        select(WebSession, Account, Party)
        .join(Account, col(Account.id) == WebSession.account_id)
        .join(Party, col(Party.id) == Account.party_id)
        .where(
            WebSession.token_hash == token_hash(token),
            WebSession.expires_at > tx.now,
            Account.state == AccountState.ACTIVE,
            WebSession.stamp == Account.stamp,
        )
    )
    return tx.session.exec(query).one_or_none()


def session_row(tx: Transaction, token: str) -> WebSession | None:
    return tx.session.get(WebSession, token_hash(token))


def sweep(tx: Transaction, keys_before: datetime) -> None:
    """Forgets ended sessions, run-out throttles and old idempotency keys."""
    tx.session.exec(sa.delete(WebSession).where(col(WebSession.expires_at) < tx.now))
    tx.session.exec(sa.delete(Throttle).where(col(Throttle.until) < tx.now))
    tx.session.exec(sa.delete(Idempotency).where(col(Idempotency.created_at) < keys_before))


def throttle(tx: Transaction, key: str) -> Throttle | None:
    return tx.session.get(Throttle, key)


def certificates(tx: Transaction, account_id: UUID) -> list[Certificate]:
    query = select(Certificate).where(Certificate.account_id == account_id)
    return list(tx.session.exec(query.order_by(col(Certificate.issued_at).desc())))


def revoked_certificates(tx: Transaction) -> list[Certificate]:
    return list(tx.session.exec(select(Certificate).where(col(Certificate.revoked_at).is_not(None))))


def done_before(tx: Transaction, account_id: UUID, key: str) -> Idempotency | None:
    return tx.session.get(Idempotency, (account_id, key))


def people(tx: Transaction, ids: Collection[UUID | None]) -> dict[UUID, Account]:
    """Accounts by id, as far as the actor may know them."""
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    return {each.id: each for each in tx.session.exec(select(Account).where(col(Account.id).in_(wanted)))}
