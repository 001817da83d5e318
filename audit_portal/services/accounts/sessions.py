"""Server-side sessions: a random cookie, only its digest stored, ended on any change that matters."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Actor, Role, system
from audit_portal.domain.errors import NotFound
from audit_portal.domain.events.accounts import SessionsEnded
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts, get
from audit_portal.storage.tables.accounts import Account, WebSession
from audit_portal.storage.tables.supervision import Party

_ACTOR = system("sessions")
_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Person:
    """Who is signed in, for pages and for flask-login."""

    account_id: UUID
    name: str
    email: str
    department: str
    language: str
    party_name: str
    actor: Actor


@dataclass(frozen=True)
class LiveSession:
    token: str
    person: Person
    data: dict[str, Any]


def load(house: House, token: str) -> LiveSession | None:
    """The session behind a cookie, in one query; None when it has ended in any way."""
    with house.db.read(_ACTOR) as tx:
        found = accounts.session_of(tx, token)
        if found is None:
            return None
        row, account, party = found
        if account.ends_on and account.ends_on < house.today():
            return None
        stale = tx.now - row.seen_at > _SEEN_EVERY
    if stale:
        _seen(house, token)
    return LiveSession(token, person_of(account, party), dict(row.data))


def _seen(house: House, token: str) -> None:
    with house.db.begin(_ACTOR) as tx:
        if row := accounts.session_row(tx, token):
            row.seen_at = tx.now
            row.expires_at = min(
                tx.now + timedelta(seconds=limits.SESSION_IDLE),
                row.created_at + timedelta(seconds=limits.SESSION_MAX),
            )


def person_in(house: House, account_id: UUID) -> Person:
    """The person behind an account, whether or not signed in. Raises NotFound."""
    with house.db.read(_ACTOR) as tx:
        found = accounts.with_party(tx, account_id)
    if found is None:
        raise NotFound()
    return person_of(*found)


def person_of(account: Account, party: Party) -> Person:
    roles = frozenset(Role(role) for role in account.roles)
    actor = Actor(account.id, account.party_id, roles, account.name)
    return Person(
        account.id,
        account.name,
        account.email,
        account.department,
        account.language,
        party.name,
        actor,
    )


def start(house: House, account_id: UUID, data: dict[str, Any], stamp: int | None = None) -> str:
    """A new session with a new token (rotated at every sign-in); returns the token.

    `stamp` is the account's as the password was checked: a session over an account that changed since is dead.
    """
    token = secrets.token_urlsafe(32)
    with house.db.begin(_ACTOR) as tx:
        account = get.one(tx, Account, account_id)
        tx.add(
            WebSession(
                token_hash=accounts.token_hash(token),
                account_id=account_id,
                stamp=account.stamp if stamp is None else stamp,
                data=data,
                created_at=tx.now,
                seen_at=tx.now,
                expires_at=tx.now + timedelta(seconds=limits.SESSION_IDLE),
            )
        )
    return token


def save(house: House, token: str, data: dict[str, Any]) -> None:
    with house.db.begin(_ACTOR) as tx:
        if row := accounts.session_row(tx, token):
            row.data = data


def end(house: House, token: str) -> None:
    with house.db.begin(_ACTOR) as tx:
        if row := accounts.session_row(tx, token):
            tx.remove(row)


def end_everywhere(ctx: Context) -> None:
    """Ends every session of the acting person, this one too."""
    account_id = ctx.actor.account_id
    with ctx.acting_as(system("sessions", by=ctx.actor)).begin() as tx:
        account = get.one(tx, Account, account_id)
        account.stamp += 1
        tx.record(SessionsEnded(account_id=account.id))
