"""A vendor's next lead: noted by an officer who asked a contact, let in by a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, Role, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.accounts import AccountChanged, AccountEnded
from audit_portal.domain.events.assessments import ItemsDelegated
from audit_portal.domain.events.handovers import LeadChangeAsked, LeadChangeSettled
from audit_portal.domain.lead_change import (
    Known,
    LeadChangeState,
    Means,
    check_contact,
    check_day,
    check_means,
    check_not_writer,
    check_second,
    must_wait,
)
from audit_portal.domain.register import ContactPurpose
from audit_portal.services.accounts import invitations
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.accounts.addresses import normal_email
from audit_portal.services.handovers.moving import pass_on
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts, get, handovers, register
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.handovers import LeadChange
from audit_portal.storage.tables.register import PartyContact
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("lead_changes")


@dataclass(frozen=True)
class Confirmation:
    """Whom the officer asked, how, when, and what was said."""

    contact_id: UUID
    means: Means
    confirmed_on: date
    note: str


@dataclass(frozen=True)
class Named:
    """A lead, or a contact, to choose from."""

    id: UUID
    name: str
    about: str
    over: bool = False


@dataclass(frozen=True)
class Choices:
    leads: tuple[Named, ...]
    contacts: tuple[Named, ...]
    waiting: UUID | None  # a change that waits for the second person


def choices(ctx: Context, party_id: UUID) -> Choices:
    """Leads who joined, and contacts for contracts."""
    require(ctx.actor, Permission.VENDOR_INVITE)
    with ctx.read() as tx:
        get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        rows = register.contacts(tx, (party_id,))
        open_ones = [
            row.id for row in handovers.lead_changes(tx, party_id) if row.state is LeadChangeState.WAITING
        ]
    contacts = tuple(
        Named(each.id, each.name, " ".join(filter(None, (each.department, each.title, each.phone))))
        for each in rows
        if not _known(ctx.house, each).over and ContactPurpose.CONTRACT.value in each.purposes
    )
    with ctx.acting_as(_SYSTEM).read() as tx:
        leads = tuple(
            Named(each.id, each.name, each.email, each.state is AccountState.ENDED)
            for each in handovers.leads(tx, party_id)
        )
    return Choices(leads, contacts, open_ones[0] if open_ones else None)


def _known(house: House, row: PartyContact) -> Known:
    return Known(
        email=row.email,
        phone=row.phone,
        purposes=tuple(each for each in ContactPurpose if each.value in row.purposes),
        written_on=row.updated_at.astimezone(house.zone).date(),
        written_by=row.updated_by,
        over=row.ended_on is not None and row.ended_on <= house.today(),
    )


def ask(
    ctx: Context, party_id: UUID, leaving_id: UUID | None, person: NewPerson, confirmed: Confirmation
) -> UUID:
    """Notes what a contact confirmed; nothing happens before a second person has looked at it.

    Raises Conflict('lead_change_not_needed' | 'lead_change_there'), Invalid(of the contact, the day, the address).
    """
    require(ctx.actor, Permission.VENDOR_INVITE)
    check_day(confirmed.confirmed_on, ctx.house.today())
    with ctx.acting_as(_SYSTEM).read() as tx:
        leads = {each.id: each for each in handovers.leads(tx, party_id)}
    with ctx.begin() as tx:
        party = get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        if not leads:
            raise Conflict("lead_change_not_needed")
        if leaving_id is not None and leaving_id not in leads:
            raise Invalid("lead_not_here", field="leaving")
        if any(each.state is LeadChangeState.WAITING for each in handovers.lead_changes(tx, party.id)):
            raise Conflict("lead_change_there")
        email = normal_email(person.email)
        with ctx.acting_as(_SYSTEM).read() as free:
            colleague = _colleague(free, party.id, email)
        if colleague and colleague.id == leaving_id:
            raise Invalid("lead_not_here", field="leaving")
        contact = get.one(tx, PartyContact, confirmed.contact_id, party_id=party.id)
        leaving = leads[leaving_id].email if leaving_id else ""
        known = _known(ctx.house, contact)
        check_means(known, confirmed.means)
        check_contact(known, confirmed.confirmed_on, leaving, email)
        row = LeadChange(
            party_id=party.id,
            leaving_id=leaving_id,
            contact_id=contact.id,
            contact_name=contact.name,
            contact_reached=" ".join(filter(None, (contact.phone, contact.email))),
            means=confirmed.means,
            confirmed_on=confirmed.confirmed_on,
            note=confirmed.note,
            name=person.name,
            email=email,
            department=person.department,
            language=person.language,
            asked_by=ctx.actor.person,
            asked_at=tx.now,
        )
        tx.add(row)
        tx.flush()
        tx.record(
            LeadChangeAsked(
                change_id=row.id,
                party_id=party.id,
                contact_id=contact.id,
                leaving_id=leaving_id,
                means=row.means.value,
                confirmed_on=row.confirmed_on,
            )
        )
    return row.id


def settle(ctx: Context, change_id: UUID, version: int, agree: bool, answer: str) -> None:
    """The second person's word. Agreed: the new lead is invited (or a colleague raised), the old one's account ends, open items move.

    Raises Forbidden('own_lead_change' | 'own_contact'), Conflict('lead_change_over'), Invalid('refusal_needs_words'),
    and Invalid of the contact, who is looked at again.
    """
    require(ctx.actor, Permission.LEAD_CHANGE)
    if not agree and not answer.strip():
        raise Invalid("refusal_needs_words", field="answer")
    with ctx.acting_as(system("lead_changes", by=ctx.actor)).begin() as tx:
        row = get.one(tx, LeadChange, change_id)
        check_second(row.asked_by, ctx.actor.person)
        must_wait(row.state)
        get.at_version(row, version)
        row.state = LeadChangeState.DONE if agree else LeadChangeState.REFUSED
        row.settled_by, row.settled_at, row.answer = ctx.actor.person, tx.now, answer
        if agree:
            _check_again(ctx, tx, row)
            _replace(ctx, tx, row)
        _record(tx, row)


def _check_again(ctx: Context, tx: Transaction, row: LeadChange) -> None:
    """The contact as it is now: who was written anew since vouches for nobody."""
    known = _known(ctx.house, get.one(tx, PartyContact, row.contact_id))
    check_not_writer(known, ctx.actor.person)
    leaving = get.one(tx, Account, row.leaving_id).email if row.leaving_id else ""
    check_contact(known, row.confirmed_on, leaving, row.email)


def _replace(ctx: Context, tx: Transaction, row: LeadChange) -> None:
    colleague = _colleague(tx, row.party_id, row.email)
    new = _raised(tx, row, colleague) if colleague else _invited(ctx, tx, row)
    row.account_id = new.id
    if row.leaving_id is None:
        return
    old = accounts.lock(tx, row.leaving_id)
    checks = {check.id: check for _, check in handovers.held_answers(tx, old.id, AnsweredBy.VENDOR)}
    for check in checks.values():
        items = pass_on(tx, old, new, check, AnsweredBy.VENDOR, ctx.actor.person)
        tx.record(ItemsDelegated(assessment_id=check.id, items=items, account_id=new.id))
    if old.state is not AccountState.ENDED:
        old.state = AccountState.ENDED
        old.stamp += 1
        tx.record(AccountEnded(account_id=old.id))


def _colleague(tx: Transaction, party_id: UUID, email: str) -> Account | None:
    """Who has this address: a colleague who is here or invited, but no lead yet; or nobody. Raises Invalid('email_taken')."""
    found = accounts.by_email(tx, email)
    if found is None:
        return None
    lead = found.state is AccountState.ACTIVE and Role.VENDOR_LEAD.value in found.roles
    if found.party_id != party_id or found.state is AccountState.ENDED or lead:
        raise Invalid("email_taken", field="email")
    return found


def _invited(ctx: Context, tx: Transaction, row: LeadChange) -> Account:
    roles = frozenset({Role.VENDOR_LEAD})
    person = NewPerson(row.name, row.email, roles, row.department, language=row.language)
    return invitations.let_in(ctx.house, tx, get.one(tx, Party, row.party_id), person)


def _raised(tx: Transaction, row: LeadChange, colleague: Account) -> Account:
    """Who uses the portal already is told by mail; who was only invited is invited again."""
    colleague.roles = [Role.VENDOR_LEAD.value]
    colleague.stamp += 1
    tx.record(AccountChanged(account_id=colleague.id, what=frozenset({"roles"})))
    if colleague.state is AccountState.INVITED:
        invitations.invite_again(tx, colleague)
    else:
        tx.send("mail_lead_raised", f"lead_raised:{row.id}", {"account_id": str(colleague.id)})
    return colleague


def _record(tx: Transaction, row: LeadChange) -> None:
    tx.record(
        LeadChangeSettled(
            change_id=row.id,
            party_id=row.party_id,
            outcome=row.state.value,
            account_id=row.account_id,
        )
    )


def withdraw(ctx: Context, change_id: UUID, version: int) -> None:
    """Any officer may: the confirmation turned out to be wrong."""
    require(ctx.actor, Permission.VENDOR_INVITE)
    with ctx.begin() as tx:
        row = get.one(tx, LeadChange, change_id)
        must_wait(row.state)
        get.at_version(row, version)
        row.state = LeadChangeState.WITHDRAWN
        row.settled_by, row.settled_at = ctx.actor.person, tx.now
        _record(tx, row)
