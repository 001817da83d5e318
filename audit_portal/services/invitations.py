"""Invitations: a new account waits for its owner, who opens a link and sets a password."""

from __future__ import annotations

from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import check_roles, not_signed_in, system
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events import AccountInvited, AccountJoined, InvitationRenewed, InvitationRevoked
from audit_portal.services import accounts, links
from audit_portal.services.accounts import NewPerson
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts as register
from audit_portal.storage import get, parties
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("invitations")


def invite(ctx: Context, party_id: UUID, person: NewPerson) -> UUID:
    """A new account that waits for its owner; the invitation leaves by mail."""
    email = accounts.normal_email(person.email)
    with ctx.begin() as tx:
        party = get.one(tx, Party, party_id)
        accounts.may_manage(ctx, party)
        check_roles(person.roles, vendor=party.kind is PartyKind.VENDOR)
        _must_be_free(ctx, email)
        account = Account(
            party_id=party.id,
            email=email,
            name=person.name,
            department=person.department,
            phone=person.phone,
            roles=sorted(role.value for role in person.roles),
            language=person.language,
            ends_on=person.ends_on,
        )
        tx.add(account)
        tx.flush()
        tx.record(
            AccountInvited(
                account_id=account.id, party_id=party.id, roles=frozenset(role.value for role in person.roles)
            )
        )
        _mail_invitation(tx, account)
    return account.id


def _must_be_free(ctx: Context, email: str) -> None:
    with ctx.house.db.read(_SYSTEM) as tx:
        if register.by_email(tx, email):
            raise Invalid("email_taken", field="email")


def _mail_invitation(tx: Transaction, account: Account) -> None:
    # The token is made by the worker when it sends: the outbox holds no secret.
    key = f"invitation:{account.id}:{uuid7()}"
    tx.send("mail_invitation", key, {"account_id": str(account.id)})


def resend(ctx: Context, account_id: UUID) -> None:
    with ctx.begin() as tx:
        account = _invited(ctx, tx, account_id)
        _mail_invitation(tx, account)
        tx.record(InvitationRenewed(account_id=account.id, copied=False))


def copy(ctx: Context, account_id: UUID) -> str:
    """A link to hand over in another way; shown once, never stored."""
    with ctx.begin() as tx:
        account = _invited(ctx, tx, account_id)
        tx.record(InvitationRenewed(account_id=account.id, copied=True))
    return links.make(ctx.house, LinkKind.INVITATION, account_id, "copied")


def revoke(ctx: Context, account_id: UUID) -> None:
    """No link of this invitation opens any more, and the account is ended."""
    with ctx.begin() as tx:
        account = _invited(ctx, tx, account_id)
        account.state = AccountState.ENDED
        tx.record(InvitationRevoked(account_id=account.id))
    links.revoke(ctx.house, LinkKind.INVITATION, account_id)


def _invited(ctx: Context, tx: Transaction, account_id: UUID) -> Account:
    found = register.with_party(tx, account_id)
    if found is None:
        raise NotFound()
    accounts.may_manage(ctx, found[1])
    if found[0].state is not AccountState.INVITED:
        raise Conflict("not_waiting_for_invitation")
    return found[0]


def accept(house: House, token: str, password: str) -> UUID:
    """The invited person sets a password; the account is active."""
    account_id = links.look_at(house, LinkKind.INVITATION, token).account_id
    with house.db.begin(system("invitations", by=not_signed_in(account_id))) as tx:
        link = links.use(tx, LinkKind.INVITATION, token)
        account = get.one(tx, Account, link.account_id)
        if account.state is not AccountState.INVITED:
            raise Conflict("link_revoked")
        accounts.set_password(tx, account, password)
        account.state = AccountState.ACTIVE
        tx.record(AccountJoined(account_id=account.id))
    return account.id


def add_by_operator(house: House, person: NewPerson, vendor_number: str | None) -> str:
    """For the command line: an invited account; returns its link. Without a number it is the client's."""
    with house.db.begin(_SYSTEM) as tx:
        party = parties.by_number(tx, vendor_number) if vendor_number else parties.client(tx)
        if party is None:
            raise NotFound("party_unknown", number=vendor_number or "client")
        check_roles(person.roles, vendor=party.kind is PartyKind.VENDOR)
        email = accounts.normal_email(person.email)
        if register.by_email(tx, email):
            raise Invalid("email_taken", field="email")
        account = Account(
            party_id=party.id,
            email=email,
            name=person.name,
            roles=sorted(role.value for role in person.roles),
        )
        tx.add(account)
        tx.flush()
        tx.record(
            AccountInvited(
                account_id=account.id, party_id=party.id, roles=frozenset(role.value for role in person.roles)
            )
        )
    return links.make(house, LinkKind.INVITATION, account.id, "copied")
