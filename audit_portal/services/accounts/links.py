"""Single-use links that arrive by mail or are handed over: made, looked at, used, revoked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import system
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.services.house import House
from audit_portal.storage import accounts
from audit_portal.storage.tables.accounts import AccessLink
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("links")
_LIFE = {
    LinkKind.SETUP: limits.SETUP_LIFE,
    LinkKind.INVITATION: limits.INVITATION_LIFE,
    LinkKind.RESET: limits.RESET_LIFE,
}
_OPENS_FOR = {LinkKind.INVITATION: AccountState.INVITED, LinkKind.RESET: AccountState.ACTIVE}


def make(house: House, kind: LinkKind, account_id: UUID | None, delivery: str) -> str:
    """A fresh single-use link as a full address; only the token's digest is kept."""
    with house.db.begin(_SYSTEM) as tx:
        return issue(house, tx, kind, account_id, delivery)


def issue(house: House, tx: Transaction, kind: LinkKind, account_id: UUID | None, delivery: str) -> str:
    """The same within a transaction of the system."""
    token = secrets.token_urlsafe(32)
    tx.add(
        AccessLink(
            kind=kind,
            account_id=account_id,
            token_hash=accounts.token_hash(token),
            delivery=delivery,
            expires_at=tx.now + timedelta(seconds=_LIFE[kind]),
        )
    )
    return f"{house.settings.base_url}/{kind.value}/{token}"


def close(tx: Transaction, kind: LinkKind, account_id: UUID | None) -> None:
    """No link of this kind opens the account any more, once the transaction is through."""
    for link in accounts.open_links(tx, kind, account_id):
        link.revoked_at = tx.now


@dataclass(frozen=True)
class OpenLink:
    """What a link's page may say before anything is confirmed."""

    account_id: UUID | None
    name: str
    email: str
    party_name: str


def look_at(house: House, kind: LinkKind, token: str) -> OpenLink:
    """Looks without using. Raises NotFound('link_unknown') or Conflict('link_used' | 'link_expired' | 'link_revoked')."""
    with house.db.read(_SYSTEM) as tx:
        link = _usable(tx, kind, token)
        if link.account_id is None:
            return OpenLink(None, "", "", "")
        account, party = accounts.with_party(tx, link.account_id) or (None, None)
        if account is None or party is None:
            raise NotFound("link_unknown")
        if account.state is not _OPENS_FOR[kind]:
            raise Conflict("link_revoked")  # ended meanwhile: its name is nobody's business
        return OpenLink(account.id, account.name, account.email, party.name)


def _usable(tx: Transaction, kind: LinkKind, token: str) -> AccessLink:
    link = accounts.link(tx, kind, token)
    if link is None:
        raise NotFound("link_unknown")
    if link.used_at:
        raise Conflict("link_used")
    if link.revoked_at:
        raise Conflict("link_revoked")
    if link.expires_at <= tx.now:
        raise Conflict("link_expired")
    return link


def use(tx: Transaction, kind: LinkKind, token: str) -> AccessLink:
    """Takes the link for good, within the transaction of what it opens."""
    link = _usable(tx, kind, token)
    link.used_at = tx.now
    tx.flush()
    close(tx, kind, link.account_id)
    return link
