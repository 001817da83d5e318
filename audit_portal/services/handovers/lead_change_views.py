"""Changes of a vendor's lead as the second person reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.lead_change import LeadChangeState, Means
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import accounts, get, handovers, parties
from audit_portal.storage.people import People
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.handovers import LeadChange
from audit_portal.storage.tables.register import PartyContact
from audit_portal.storage.tables.supervision import Party

_SYSTEM = system("lead_changes")


@dataclass(frozen=True)
class LeadChangeView:
    id: UUID
    party_id: UUID
    party: str
    leaving: str  # "": one more lead
    contact: str
    contact_reached: str
    contact_written_by: str
    contact_written_at: datetime
    means: Means
    confirmed_on: date
    note: str
    name: str
    email: str
    department: str
    colleague: str  # the account's own name, when the address was somebody's here before
    joined: bool  # the colleague uses the portal already (did, when it was settled): raised, not invited
    state: LeadChangeState
    asked_by: str
    asked_at: datetime
    settled_by: str
    settled_at: datetime | None
    answer: str
    mine: bool  # the reader noted it
    version: int


@dataclass(frozen=True)
class WaitingLead:
    """A line of the home page."""

    id: UUID
    party: str
    name: str
    asked_by: str


def get_change(ctx: Context, change_id: UUID) -> LeadChangeView:
    require(ctx.actor, Permission.LEAD_CHANGE)
    with ctx.read() as tx:
        row = get.one(tx, LeadChange, change_id)
        party = get.one(tx, Party, row.party_id)
    with ctx.acting_as(_SYSTEM).read() as tx:
        contact = get.one(tx, PartyContact, row.contact_id)
        known = accounts.by_email(tx, row.email)
        joined = known is not None and accounts.joined_by(tx, known.id, row.settled_at or tx.now)
    ids = {row.leaving_id, row.asked_by, row.settled_by, _person(contact.updated_by)}
    people = then(ctx, {*ids, known.id} if known else ids)
    return _view(ctx, row, party, contact, people, known, joined)


def waiting(ctx: Context) -> tuple[WaitingLead, ...]:
    """Those the reader may settle: noted by somebody else."""
    require(ctx.actor, Permission.LEAD_CHANGE)
    with ctx.read() as tx:
        rows = handovers.waiting_lead_changes(tx, ctx.actor.person)
        vendors = parties.by_ids(tx, {row.party_id for row in rows})
    people = then(ctx, {row.asked_by for row in rows})
    return tuple(
        WaitingLead(row.id, vendors[row.party_id].name, row.name, people.name(row.asked_by, row.asked_at))
        for row in rows
    )


def _person(label: str) -> UUID | None:
    """Who wrote a row, unless the portal itself did."""
    return None if label.startswith("system:") else UUID(label)


def _view(
    ctx: Context,
    row: LeadChange,
    party: Party,
    contact: PartyContact,
    people: People,
    there: Account | None,
    joined: bool,
) -> LeadChangeView:
    before = there is not None and there.party_id == row.party_id and there.created_at < row.asked_at
    return LeadChangeView(
        row.id,
        row.party_id,
        party.name,
        people.name(row.leaving_id, row.settled_at),
        row.contact_name,
        row.contact_reached,
        people.name(_person(contact.updated_by), contact.updated_at),
        contact.updated_at,
        row.means,
        row.confirmed_on,
        row.note,
        row.name,
        row.email,
        row.department,
        people.name(there.id, row.settled_at) if there and before else "",
        before and joined,
        row.state,
        people.name(row.asked_by, row.asked_at),
        row.asked_at,
        people.name(row.settled_by, row.settled_at),
        row.settled_at,
        row.answer,
        row.asked_by == ctx.actor.account_id,
        row.version,
    )
