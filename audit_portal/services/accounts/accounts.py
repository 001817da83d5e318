"""Accounts: invited, joined, changed, ended; the links that go out by mail."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, Role, check_roles, not_signed_in, require, system
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.events.accounts import AccountChanged, AccountEnded, AccountJoined, PasswordChanged
from audit_portal.domain.four_eyes import PairRule, unmet
from audit_portal.services.accounts import lead_door, links, passwords, throttle
from audit_portal.services.accounts.addresses import normal_email
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts, get, outbox, parties
from audit_portal.storage.page import Page
from audit_portal.storage.tables.accounts import Account, Identity, IdentityKind
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("accounts")


@dataclass(frozen=True)
class AccountView:
    id: UUID
    name: str
    email: str
    department: str
    title: str
    phone: str
    roles: tuple[Role, ...]
    state: AccountState
    party_id: UUID
    party_name: str
    ends_on: date | None
    delivery: str  # of the invitation: "", waiting, mailed, dead
    version: int
    held_back: str = ""  # of the invitation: see lead_door.held_back


@dataclass(frozen=True)
class NewPerson:
    name: str
    email: str
    roles: frozenset[Role]
    department: str = ""
    phone: str = ""
    language: str = "ja"
    ends_on: date | None = None
    title: str = ""


def listed(ctx: Context, after: str | None) -> Page[AccountView]:
    require(ctx.actor, Permission.ACCOUNTS)
    with ctx.read() as tx:
        page = accounts.listed(tx, after)
    with ctx.acting_as(_SYSTEM).read() as tx:
        return page.map(lambda row: _view(tx, *row))


def of_party(ctx: Context, party_id: UUID) -> tuple[AccountView, ...]:
    """The people of a vendor, for whoever may invite there."""
    require(ctx.actor, Permission.VENDOR_INVITE)
    with ctx.read() as tx:
        party = get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        rows = accounts.of_party(tx, party_id)
    with ctx.acting_as(_SYSTEM).read() as tx:
        return tuple(_view(tx, row, party) for row in rows)


def unmet_rules(ctx: Context) -> tuple[PairRule, ...]:
    """Rules of two people that the client's accounts, as they are now, can't meet."""
    require(ctx.actor, Permission.ACCOUNTS)
    with ctx.read() as tx:
        client = parties.client(tx)
        rows = accounts.of_party(tx, client.id) if client else []
    return unmet([frozenset(Role(role) for role in row.roles) for row in rows])


def get_account(ctx: Context, account_id: UUID) -> AccountView:
    with ctx.read() as tx:
        found = accounts.with_party(tx, account_id)
        if found is None:
            raise NotFound()
        may_manage(ctx, found[1])
    with ctx.acting_as(_SYSTEM).read() as tx:
        return _view(tx, *found)


def may_manage(ctx: Context, party: Party) -> None:
    """Administrators manage all accounts; officers those of vendors."""
    vendor = party.kind is PartyKind.VENDOR
    if not ctx.actor.may(Permission.ACCOUNTS):
        require(ctx.actor, Permission.VENDOR_INVITE)
        if not vendor:
            raise NotFound()


def _view(tx: Transaction, account: Account, party: Party) -> AccountView:
    delivery = held_back = ""
    if account.state is AccountState.INVITED:
        held_back = lead_door.held_back(tx, account)
        job = outbox.latest_with_prefix(tx, f"invitation:{account.id}:")
        delivery = {"waiting": "waiting", "done": "mailed", "dead": "dead"}[job.state.value] if job else ""
    return AccountView(
        account.id,
        account.name,
        account.email,
        account.department,
        account.title,
        account.phone,
        tuple(Role(role) for role in sorted(account.roles)),
        account.state,
        party.id,
        party.name,
        account.ends_on,
        delivery,
        account.version,
        held_back,
    )


def set_password(tx: Transaction, account: Account, password: str, field: str = "password") -> None:
    passwords.check_new(password, account.email, field)
    identity = accounts.identity(tx, account.id)
    if identity is None:
        identity = Identity(account_id=account.id, kind=IdentityKind.PASSWORD, subject=account.email)
        tx.add(identity)
    identity.secret = passwords.hashed(password)


def request_reset(house: House, email: str, address: str) -> None:
    """Always the same for the caller, in its work too; a mail leaves only when the account exists and is active.

    Raises Invalid('resets_locked') when too many were asked for from this network address.
    """
    if throttle.locked(house, "reset", address, most=limits.RESET_TRIES):
        raise Invalid("resets_locked")
    throttle.count(house, "reset", address)
    with contextlib.suppress(Invalid, Conflict):  # no address; or asked twice at the same moment
        _leave_reset(house, normal_email(email))
    house.wake()  # in every case: what follows must not tell who is known


def _leave_reset(house: House, email: str) -> None:
    """A job for whoever it is, known or not: the time this takes tells nothing."""
    with house.db.begin(_SYSTEM) as tx:
        account = accounts.by_email(tx, email)
        known = account is not None and account.state is AccountState.ACTIVE
        window = int(tx.now.timestamp()) // 300
        key = f"reset:{hashlib.sha256(email.encode()).hexdigest()}:{window}"
        if outbox.by_key(tx, key) is None:
            tx.send("mail_reset", key, {"account_id": str(account.id) if account and known else None})


def reset_password(house: House, token: str, password: str) -> None:
    """Sets the password, ends every session and every other link of this kind."""
    account_id = links.look_at(house, LinkKind.RESET, token).account_id
    with house.db.begin(system("accounts", by=not_signed_in(account_id))) as tx:
        link = links.use(tx, LinkKind.RESET, token)
        account = get.one(tx, Account, link.account_id)
        if account.state is not AccountState.ACTIVE:
            raise Conflict("link_revoked")
        set_password(tx, account, password)
        account.stamp += 1
        tx.record(PasswordChanged(account_id=account.id, by_reset=True))


def confirm_password(ctx: Context, password: str, field: str = "password") -> None:
    """That it is still the person who sits there. Raises Invalid('password_wrong' | 'sign_in_locked')."""
    who = str(ctx.actor.account_id)
    if throttle.locked(ctx.house, "password", who):
        raise Invalid("sign_in_locked")
    with ctx.house.db.read(_SYSTEM) as tx:
        identity = accounts.identity(tx, get.one(tx, Account, ctx.actor.account_id).id)
    if not passwords.matches(identity.secret if identity else None, password):
        throttle.count(ctx.house, "password", who)
        raise Invalid("password_wrong", field=field)
    throttle.clear(ctx.house, "password", who)


def change_password(ctx: Context, old: str, new: str) -> None:
    """The person's own change; every session and every open link for a reset ends with it."""
    confirm_password(ctx, old, field="old")
    with ctx.house.db.begin(system("accounts", by=ctx.actor)) as tx:
        account = get.one(tx, Account, ctx.actor.account_id)
        set_password(tx, account, new, field="new")
        links.close(tx, LinkKind.RESET, account.id)
        account.stamp += 1
        tx.record(PasswordChanged(account_id=account.id, by_reset=False))


def change_account(
    ctx: Context, account_id: UUID, version: int, roles: frozenset[Role], ends_on: date | None
) -> None:
    """Roles or last day; the person's sessions end. Raises Invalid('lead_needs_confirmation')."""
    require(ctx.actor, Permission.ACCOUNTS)
    with ctx.begin() as tx:
        found = accounts.with_party(tx, account_id)
        if found is None:
            raise NotFound()
        account, party = found
        get.at_version(account, version)
        check_roles(roles, vendor=party.kind is PartyKind.VENDOR)
        own = account.id == ctx.actor.account_id
        if own and (Role.ADMIN not in roles or ends_on != account.ends_on):
            raise Forbidden("not_on_yourself")
        if Role.VENDOR_LEAD in roles and Role.VENDOR_LEAD.value not in account.roles:
            lead_door.no_lead_yet(ctx.house, party, "roles")
        changed = set()
        if sorted(role.value for role in roles) != sorted(account.roles):
            account.roles = sorted(role.value for role in roles)
            account.stamp += 1
            changed.add("roles")
        if account.ends_on != ends_on:
            account.ends_on = ends_on
            changed.add("ends_on")
        if changed:
            tx.record(AccountChanged(account_id=account.id, what=frozenset(changed)))


def end_account(ctx: Context, account_id: UUID) -> None:
    require(ctx.actor, Permission.ACCOUNTS)
    with ctx.begin() as tx:
        account = get.one(tx, Account, account_id)
        if account.id == ctx.actor.account_id:
            raise Forbidden("not_on_yourself")
        if account.state is AccountState.ENDED:
            return
        account.state = AccountState.ENDED
        account.stamp += 1
        tx.record(AccountEnded(account_id=account.id))


def set_language(ctx: Context, language: str) -> None:
    with ctx.house.db.begin(system("accounts", by=ctx.actor)) as tx:
        account = get.one(tx, Account, ctx.actor.account_id)
        if account.language != language:
            account.language = language
            tx.record(AccountChanged(account_id=account.id, what=frozenset({"language"})))


def joined_now(house: House, party_id: UUID, person: NewPerson, password: str) -> UUID:
    """An account that is active at once: the sample, tests."""
    with house.db.begin(_SYSTEM) as tx:
        return join(tx, get.one(tx, Party, party_id), person, password)


def join(tx: Transaction, party: Party, person: NewPerson, password: str) -> UUID:
    """The same within a transaction: the first administrator joins as the client is registered."""
    if accounts.by_email(tx, normal_email(person.email)):
        raise Invalid("email_taken", field="email")
    account = new_account(tx, party, person, AccountState.ACTIVE)
    set_password(tx, account, password)
    tx.record(AccountJoined(account_id=account.id))
    return account.id


def new_account(tx: Transaction, party: Party, person: NewPerson, state: AccountState) -> Account:
    """The row of a person whose address is free, with roles that fit the party."""
    check_roles(person.roles, vendor=party.kind is PartyKind.VENDOR)
    account = Account(
        party_id=party.id,
        email=normal_email(person.email),
        name=person.name,
        department=person.department,
        title=person.title,
        phone=person.phone,
        roles=sorted(role.value for role in person.roles),
        language=person.language,
        state=state,
        ends_on=person.ends_on,
    )
    tx.add(account)
    tx.flush()
    return account


def sweep(house: House) -> None:
    """Forgets ended sessions and old keys; a periodic job."""
    with house.db.begin(_SYSTEM) as tx:
        accounts.sweep(tx, _days_ago(tx.now, 2))


def _days_ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
