"""What the ledger says of people, how they enter and leave."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class AccountInvited(Event, name="account.invited"):
    account_id: UUID
    party_id: UUID
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class AccountJoined(Event, name="account.joined"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(Event, name="account.invitation_renewed"):
    account_id: UUID
    copied: bool


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Event, name="account.invitation_revoked"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountChanged(Event, name="account.changed"):
    account_id: UUID
    what: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class AccountEnded(Event, name="account.ended"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event, name="account.password_changed"):
    account_id: UUID
    by_reset: bool


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event, name="account.second_factor_changed"):
    account_id: UUID
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event, name="session.started"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class SignInLocked(Event, name="session.locked_out"):
    account_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event, name="session.ended_everywhere"):
    account_id: UUID
