"""The vendor register (委託先台帳): parties and their people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.corporate_number import corporate_number
from audit_portal.domain.errors import Invalid
from audit_portal.domain.events.parties import PartyChanged, PartyRegistered
from audit_portal.domain.lists import EVERY_VENDOR, VendorFilter
from audit_portal.domain.numbers import Numbered
from audit_portal.services.engagements import engagement_changes
from audit_portal.services.house import Context
from audit_portal.services.parties import party_contacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.readings import reading, spellings
from audit_portal.storage import get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.page import Page
from audit_portal.storage.tables.register import PartyContact
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class PartyFacts:
    """What an officer writes about a party."""

    name: str
    kana: str
    corporate_number: str = ""
    country: str = "JP"
    address: str = ""
    entrusting_entity: str = ""  # of ours, that contracts; "" is the client itself


@dataclass(frozen=True, kw_only=True)
class PartyView(PartyFacts):
    id: UUID
    number: str
    version: int


@dataclass(frozen=True)
class ContactLine:
    name: str
    department: str
    email: str
    phone: str


@dataclass(frozen=True)
class PartyLine:
    """One line of the list."""

    id: UUID
    number: str
    name: str
    kana: str
    country: str
    corporate_number: str
    address: str
    contact: ContactLine | None  # whom to call


def _view(row: Party) -> PartyView:
    return PartyView(
        name=row.name,
        kana=row.kana,
        corporate_number=row.corporate_number or "",
        country=row.country,
        address=row.address,
        entrusting_entity=row.entrusting_entity,
        id=row.id,
        number=row.number,
        version=row.version,
    )


def register(ctx: Context, facts: PartyFacts, contact: ContactFacts | None = None) -> UUID:
    """A new vendor, with its first contact. Raises Invalid('corporate_number_wrong' | 'corporate_number_taken')."""
    require(ctx.actor, Permission.PARTY_REGISTER)
    number = corporate_number(facts.corporate_number)
    with ctx.begin() as tx:
        _number_free(tx, number, None)
        row = Party(number=next_number(tx, Numbered.PARTY), kind=PartyKind.VENDOR, name="", kana="")
        _write(row, facts, number)
        tx.add(row)
        tx.record(PartyRegistered(party_id=row.id, number=row.number))
        if contact:
            tx.flush()
            party_contacts.put(tx, row.id, contact, prefix="contact_")
    return row.id


def change(ctx: Context, party_id: UUID, version: int, facts: PartyFacts) -> None:
    require(ctx.actor, Permission.PARTY_REGISTER)
    number = corporate_number(facts.corporate_number)
    with ctx.begin() as tx:
        row = get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        get.at_version(row, version)
        _number_free(tx, number, row.id)
        moved = row.country != facts.country
        _write(row, facts, number)
        tx.record(PartyChanged(party_id=row.id))
        if moved:
            engagement_changes.vendor_moved(ctx, tx, row.id)


def _number_free(tx: Transaction, number: str | None, party_id: UUID | None) -> None:
    other = parties.by_corporate_number(tx, number) if number else None
    if other and other.id != party_id:
        raise Invalid("corporate_number_taken", field="corporate_number")


def _write(row: Party, facts: PartyFacts, number: str | None) -> None:
    row.name, row.kana, row.corporate_number = facts.name, reading(facts.kana), number
    row.country, row.address, row.entrusting_entity = facts.country, facts.address, facts.entrusting_entity


def listed(
    ctx: Context,
    after: str | None,
    search: str = "",
    limit: int = limits.PAGE,
    wanted: VendorFilter = EVERY_VENDOR,
) -> Page[PartyLine]:
    """Vendors within reach. `search` stands for that of `wanted`; typed in kana it looks for the reading too."""
    require(ctx.actor, Permission.PARTY_VIEW)
    watched = (wanted.certification, ctx.house.today()) if wanted.certification else None
    with ctx.read() as tx:
        page = parties.vendors(tx, after, spellings(search or wanted.search), watched, wanted.sort, limit)
        whom = party_contacts.first_of(ctx, tx, [row.id for row in page.items])
    return page.map(lambda row: _line(row, whom.get(row.id)))


def _line(row: Party, contact: PartyContact | None) -> PartyLine:
    return PartyLine(
        row.id,
        row.number,
        row.name,
        row.kana,
        row.country,
        row.corporate_number or "",
        row.address,
        ContactLine(contact.name, contact.department, contact.email, contact.phone) if contact else None,
    )


def get_vendor(ctx: Context, party_id: UUID) -> PartyView:
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        return _view(get.one(tx, Party, party_id, kind=PartyKind.VENDOR))
