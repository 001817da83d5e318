"""Invitations: a new account waits for its owner, who opens a link and sets a password."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import VENDOR, Role, not_signed_in, system
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.accounts import (
    AccountInvited,
    AccountJoined,
    InvitationRenewed,
    InvitationRevoked,
)
from audit_portal.services.accounts import accounts, lead_door, links
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts as register
from audit_portal.storage import get, parties
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("invitations")


def invite(ctx: Context, party_id: UUID, person: NewPerson) -> UUID:
    """A new account that waits for its owner; the invitation leaves by mail.

    Raises Invalid('lead_needs_confirmation') for a lead of a vendor that has, or had, one.
    """
    with ctx.begin() as tx:
        party = get.one(tx, Party, party_id)
        accounts.may_manage(ctx, party)
        if Role.VENDOR_LEAD in person.roles <= VENDOR:
            lead_door.no_lead_yet(ctx.house, party, "role")
        account = let_in(ctx.house, tx, party, person)
    return account.id


def let_in(house: House, tx: Transaction, party: Party, person: NewPerson) -> Account:
    """`invite` within a transaction of somebody who has seen to it that this person may come."""
    _must_be_free(house, person.email)
    account = _new(tx, party, person)
    _mail_invitation(tx, account)
    return account


def _must_be_free(house: House, email: str) -> None:
    """Asked of everybody's accounts, beyond the actor's reach."""
    with house.db.read(_SYSTEM) as tx:
        if register.by_email(tx, accounts.normal_email(email)):
            raise Invalid("email_taken", field="email")


def _new(tx: Transaction, party: Party, person: NewPerson) -> Account:
    account = accounts.new_account(tx, party, person, AccountState.INVITED)
    roles = frozenset(role.value for role in person.roles)
    tx.record(AccountInvited(account_id=account.id, party_id=party.id, roles=roles))
    return account


def _mail_invitation(tx: Transaction, account: Account) -> None:
    # The token is made by the worker when it sends: the outbox holds no secret.
    key = f"invitation:{account.id}:{uuid7()}"
    tx.send("mail_invitation", key, {"account_id": str(account.id)})


def invite_again(tx: Transaction, account: Account) -> None:
    """In a transaction of the system: earlier links, which somebody may hold, open nothing any more."""
    links.close(tx, LinkKind.INVITATION, account.id)
    _mail_invitation(tx, account)
    tx.record(InvitationRenewed(account_id=account.id, copied=False))


def resend(ctx: Context, account_id: UUID) -> None:
    """Raises Conflict('lead_joined_meanwhile')."""
    with ctx.begin() as tx:
        account = _invited(ctx, tx, account_id)
        with ctx.house.db.read(_SYSTEM) as free:
            _no_other_lead(free, account)
        _mail_invitation(tx, account)
        tx.record(InvitationRenewed(account_id=account.id, copied=False))


def copy(ctx: Context, account_id: UUID) -> str:
    """A link to hand over in another way; shown once, never stored.

    Raises Conflict('lead_joined_meanwhile'), and Conflict('lead_by_mail_only') for a lead whom a contact confirmed:
    who noted the confirmation is not to come in themselves.
    """
    with _changing(ctx, account_id) as (tx, account):
        if code := lead_door.held_back(tx, account):
            raise Conflict(code)
        tx.record(InvitationRenewed(account_id=account.id, copied=True))
        return links.issue(ctx.house, tx, LinkKind.INVITATION, account_id, "copied")


def revoke(ctx: Context, account_id: UUID) -> None:
    """No link of this invitation opens any more, and the account is ended."""
    with _changing(ctx, account_id) as (tx, account):
        account.state = AccountState.ENDED
        links.close(tx, LinkKind.INVITATION, account_id)
        tx.record(InvitationRevoked(account_id=account.id))


@contextlib.contextmanager
def _changing(ctx: Context, account_id: UUID) -> Iterator[tuple[Transaction, Account]]:
    """A transaction on invitation and links (which belong to the system), once the actor may manage them."""
    with ctx.read() as tx:
        _invited(ctx, tx, account_id)
    with ctx.house.db.begin(system("invitations", by=ctx.actor)) as tx:
        yield tx, _invited(ctx, tx, account_id)


def _invited(ctx: Context, tx: Transaction, account_id: UUID) -> Account:
    found = register.with_party(tx, account_id)
    if found is None:
        raise NotFound()
    accounts.may_manage(ctx, found[1])
    if found[0].state is not AccountState.INVITED:
        raise Conflict("not_waiting_for_invitation")
    return found[0]


def _no_other_lead(tx: Transaction, account: Account) -> None:
    """Of several leads who were invited at first, one comes in; the next ones need a contact's word.

    Raises Conflict('lead_joined_meanwhile').
    """
    if lead_door.held_back(tx, account) == "lead_joined_meanwhile":
        raise Conflict("lead_joined_meanwhile")


def accept(house: House, token: str, password: str) -> UUID:
    """The invited person sets a password; the account is active. Raises Conflict('lead_joined_meanwhile')."""
    account_id = links.look_at(house, LinkKind.INVITATION, token).account_id
    with house.db.begin(system("invitations", by=not_signed_in(account_id))) as tx:
        link = links.use(tx, LinkKind.INVITATION, token)
        account = get.one(tx, Account, link.account_id)
        if account.state is not AccountState.INVITED:
            raise Conflict("link_revoked")
        parties.lock_party(tx, account.party_id)  # two leads don't come in at the same moment
        _no_other_lead(tx, account)
        accounts.set_password(tx, account, password)
        account.state = AccountState.ACTIVE
        tx.record(AccountJoined(account_id=account.id))
    return account.id


def add_by_operator(house: House, person: NewPerson, vendor_number: str | None) -> str:
    """For the command line: an invited account; returns its link. Without a number it is the client's.

    Raises Invalid('lead_needs_confirmation').
    """
    with house.db.begin(_SYSTEM) as tx:
        party = parties.by_number(tx, vendor_number) if vendor_number else parties.client(tx)
        if party is None:
            raise NotFound("party_unknown", number=vendor_number or "client")
        _must_be_free(house, person.email)
        if Role.VENDOR_LEAD in person.roles:
            lead_door.no_lead_yet(house, party, "role")
        account = _new(tx, party, person)
    return links.make(house, LinkKind.INVITATION, account.id, "copied")
