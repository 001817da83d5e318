"""The vendor register (委託先台帳): parties and their people."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.corporate_number import corporate_number
from audit_portal.domain.errors import Invalid
from audit_portal.domain.events import PartyChanged, PartyRegistered
from audit_portal.domain.numbers import Numbered
from audit_portal.services.accounts import normal_email
from audit_portal.services.house import Context
from audit_portal.storage import get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.page import Page
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction

_KANA_ALONE = re.compile("[\u3041-\u3096\u30a1-\u30fc\uff66-\uff9f\\s]+")


@dataclass(frozen=True)
class PartyFacts:
    """What an officer writes about a party."""

    name: str
    kana: str
    corporate_number: str = ""
    country: str = "JP"
    address: str = ""
    contact_name: str = ""
    contact_department: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, kw_only=True)
class PartyView(PartyFacts):
    id: UUID
    number: str
    version: int


def _view(row: Party) -> PartyView:
    return PartyView(
        name=row.name,
        kana=row.kana,
        corporate_number=row.corporate_number or "",
        country=row.country,
        address=row.address,
        contact_name=row.contact_name,
        contact_department=row.contact_department,
        contact_email=row.contact_email,
        contact_phone=row.contact_phone,
        id=row.id,
        number=row.number,
        version=row.version,
    )


# Hiragana to katakana: the two rows stand 0x60 apart (Unicode blocks 3040 and 30A0).
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def reading(raw: str) -> str:
    """One spelling of a reading, so that lists sort by it: full-width katakana, however it was typed."""
    return unicodedata.normalize("NFKC", raw).translate(_KATAKANA).strip()[: limits.KANA]


def register(ctx: Context, facts: PartyFacts) -> UUID:
    """A new vendor. Raises Invalid('corporate_number_wrong' | 'corporate_number_taken')."""
    require(ctx.actor, Permission.PARTY_REGISTER)
    number = corporate_number(facts.corporate_number)
    with ctx.begin() as tx:
        _number_free(tx, number, None)
        row = Party(number=next_number(tx, Numbered.PARTY), kind=PartyKind.VENDOR, name="", kana="")
        _write(row, facts, number)
        tx.add(row)
        tx.record(PartyRegistered(party_id=row.id, number=row.number))
    return row.id


def change(ctx: Context, party_id: UUID, version: int, facts: PartyFacts) -> None:
    require(ctx.actor, Permission.PARTY_REGISTER)
    number = corporate_number(facts.corporate_number)
    with ctx.begin() as tx:
        row = get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        get.at_version(row, version)
        _number_free(tx, number, row.id)
        _write(row, facts, number)
        tx.record(PartyChanged(party_id=row.id))


def _number_free(tx: Transaction, number: str | None, party_id: UUID | None) -> None:
    other = parties.by_corporate_number(tx, number) if number else None
    if other and other.id != party_id:
        raise Invalid("corporate_number_taken", field="corporate_number")


def _write(row: Party, facts: PartyFacts, number: str | None) -> None:
    row.name, row.kana, row.corporate_number = facts.name, reading(facts.kana), number
    row.country = facts.country
    row.address, row.contact_name, row.contact_department = (
        facts.address,
        facts.contact_name,
        facts.contact_department,
    )
    mail = facts.contact_email
    row.contact_email = normal_email(mail, field="contact_email") if mail else ""
    row.contact_phone = facts.contact_phone


def listed(ctx: Context, after: str | None, search: str = "", limit: int = limits.PAGE) -> Page[PartyView]:
    """Vendors within reach, by kana. A search typed in kana alone looks for the reading."""
    require(ctx.actor, Permission.PARTY_VIEW)
    wanted = search.strip()[: limits.NAME]
    if _KANA_ALONE.fullmatch(wanted):
        wanted = reading(wanted)
    with ctx.read() as tx:
        return parties.vendors(tx, after, wanted, limit).map(_view)


def get_vendor(ctx: Context, party_id: UUID) -> PartyView:
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        return _view(get.one(tx, Party, party_id, kind=PartyKind.VENDOR))
