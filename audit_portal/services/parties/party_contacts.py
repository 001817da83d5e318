"""Contacts of a vendor: people one calls; they need no account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.parties import ContactWritten
from audit_portal.domain.register import ContactPurpose
from audit_portal.services.accounts.addresses import normal_email
from audit_portal.services.house import Context
from audit_portal.services.readings import reading
from audit_portal.storage import get, register
from audit_portal.storage.tables.register import PartyContact
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class ContactFacts:
    name: str
    kana: str = ""
    title: str = ""
    department: str = ""
    email: str = ""
    phone: str = ""
    purposes: tuple[ContactPurpose, ...] = tuple(ContactPurpose)


@dataclass(frozen=True, kw_only=True)
class ContactView(ContactFacts):
    id: UUID
    version: int
    ended_on: date | None
    over: bool


def listed(ctx: Context, party_id: UUID) -> tuple[ContactView, ...]:
    """Those one may call now first."""
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        rows = register.contacts(tx, (party_id,))
    found = (_view(row, ctx.house.today()) for row in rows)
    return tuple(sorted(found, key=lambda each: each.over))


def get_contact(ctx: Context, party_id: UUID, contact_id: UUID) -> ContactView:
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        return _view(get.one(tx, PartyContact, contact_id, party_id=party_id), ctx.house.today())


def first_of(ctx: Context, tx: Transaction, party_ids: Collection[UUID]) -> dict[UUID, PartyContact]:
    """Party → the person to call for everyday matters, else the first there is; in one query."""
    found: dict[UUID, PartyContact] = {}
    for row in register.contacts(tx, party_ids):
        over = row.ended_on is not None and row.ended_on <= ctx.house.today()
        daily = ContactPurpose.DAILY.value in row.purposes
        known = found.get(row.party_id)
        if not over and (known is None or (daily and ContactPurpose.DAILY.value not in known.purposes)):
            found[row.party_id] = row
    return found


def _view(row: PartyContact, today: date) -> ContactView:
    return ContactView(
        name=row.name,
        kana=row.kana,
        title=row.title,
        department=row.department,
        email=row.email,
        phone=row.phone,
        purposes=tuple(each for each in ContactPurpose if each.value in row.purposes),
        id=row.id,
        version=row.version,
        ended_on=row.ended_on,
        over=row.ended_on is not None and row.ended_on <= today,
    )


def add(ctx: Context, party_id: UUID, facts: ContactFacts) -> UUID:
    """Raises Invalid('email_wrong' | 'contact_unreachable' | 'contact_purpose_needed')."""
    require(ctx.actor, Permission.PARTY_REGISTER)
    with ctx.begin() as tx:
        party = get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        row = put(tx, party.id, facts)
    return row.id


def put(tx: Transaction, party_id: UUID, facts: ContactFacts, prefix: str = "") -> PartyContact:
    """A new contact in a transaction of the caller; `prefix` is that of the form's fields."""
    row = PartyContact(party_id=party_id, name="", purposes=[])
    _write(row, facts, prefix)
    tx.add(row)
    tx.record(ContactWritten(party_id=party_id, contact_id=row.id))
    return row


def change(ctx: Context, party_id: UUID, contact_id: UUID, version: int, facts: ContactFacts) -> None:
    require(ctx.actor, Permission.PARTY_REGISTER)
    with ctx.begin() as tx:
        row = get.one(tx, PartyContact, contact_id, party_id=party_id)
        get.at_version(row, version)
        _write(row, facts)
        tx.record(ContactWritten(party_id=party_id, contact_id=row.id))


def end(ctx: Context, party_id: UUID, contact_id: UUID, version: int) -> None:
    """From today on nobody calls this person. Raises Conflict('already_ended')."""
    require(ctx.actor, Permission.PARTY_REGISTER)
    with ctx.begin() as tx:
        row = get.one(tx, PartyContact, contact_id, party_id=party_id)
        get.at_version(row, version)
        if row.ended_on is not None:
            raise Conflict("already_ended")
        row.ended_on = ctx.house.today()
        tx.record(ContactWritten(party_id=party_id, contact_id=row.id, ended=True))


def _write(row: PartyContact, facts: ContactFacts, prefix: str = "") -> None:
    email = normal_email(facts.email, field=f"{prefix}email") if facts.email else ""
    if not facts.purposes:
        raise Invalid("contact_purpose_needed", field=f"{prefix}purposes")
    row.name, row.kana, row.title = facts.name, reading(facts.kana), facts.title
    row.department, row.email, row.phone = facts.department, email, facts.phone
    row.purposes = [each.value for each in facts.purposes]
