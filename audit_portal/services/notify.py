"""Letters that leave by mail. Tokens are made here, at the moment of sending, and stored nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Role, system
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.assessment import CLIENT_ONLY
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Misconfigured
from audit_portal.domain.route import free
from audit_portal.domain.supervision import Gate
from audit_portal.services.accounts import links
from audit_portal.services.house import House
from audit_portal.storage import accounts, get, parties, routes
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Assessment, GateRequest
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("notify")
_DECISIONS = {
    Gate.SELECTION: "decision_requested",
    Gate.CONTRACT: "contract_decision_requested",
    Gate.RELEASE: "release_decision_requested",
}


def invitation(house: House, payload: Mapping[str, Any]) -> None:
    _send_link(house, UUID(payload["account_id"]), LinkKind.INVITATION, AccountState.INVITED, "invitation")


def lead_raised(house: House, payload: Mapping[str, Any]) -> None:
    """To a vendor's person who became its lead with the account they have."""
    with house.db.read(_SYSTEM) as tx:
        found = accounts.with_party(tx, UUID(payload["account_id"]))
        client = parties.client(tx)
    if found is None or client is None or not active(found[0], Role.VENDOR_LEAD):
        return
    account, party = found
    facts = {"party": party.name, "client": client.name, "link": f"{house.settings.base_url}/"}
    post(house, account, "lead_raised", facts)


def reset(house: House, payload: Mapping[str, Any]) -> None:
    if payload["account_id"]:  # somebody else's address was typed otherwise
        _send_link(house, UUID(payload["account_id"]), LinkKind.RESET, AccountState.ACTIVE, "reset")


def assessment_sent(house: House, payload: Mapping[str, Any]) -> None:
    _to_who_answers(house, UUID(payload["assessment_id"]), "sent")


def assessment_returned(house: House, payload: Mapping[str, Any]) -> None:
    _to_who_answers(house, UUID(payload["assessment_id"]), "returned")


def _to_who_answers(house: House, assessment_id: UUID, what: str) -> None:
    with house.db.read(_SYSTEM) as tx:
        row = get.one(tx, Assessment, assessment_id)
    if row.kind in CLIENT_ONLY:
        _to_own_people(house, assessment_id, what, frozenset({Role.OWNER}), row.submitted_by or row.sent_by)
    else:
        _to_vendor(house, assessment_id, f"assessment_{what}")


def _to_own_people(
    house: House, assessment_id: UUID, what: str, roles: frozenset[Role], also: UUID | None = None
) -> None:
    """To people on the engagement in these roles (officers are on all), and to one more; not to the writer.

    When all of them are gone, to every officer.
    """
    with house.db.read(_SYSTEM) as tx:
        row, vendor, client = about(tx, assessment_id)
        near = parties.assigned_to(tx, row.engagement_id)
        officers = accounts.of_party(tx, client.id) if Role.OFFICER in roles else []
        found = {each.id: each for each in near if roles & set(map(Role, each.roles))}
        found |= {each.id: each for each in officers if Role.OFFICER.value in each.roles}
        found |= accounts.people(tx, {also})
        told = [each for each in found.values() if each.state is AccountState.ACTIVE]
        told = told or officers_of(tx, client.id, None)
    silent = row.submitted_by if what == "submitted" else (row.sent_by if what == "sent" else None)
    for each in told:
        if each.id != silent:
            post(house, each, f"contract_check_{what}", facts_of(house, row, vendor, client))


def _to_vendor(house: House, assessment_id: UUID, letter: str) -> None:
    with house.db.read(_SYSTEM) as tx:
        row, vendor, client = about(tx, assessment_id)
        leads = [each for each in accounts.of_party(tx, vendor.id) if active(each, Role.VENDOR_LEAD)]
    for lead in leads:
        post(house, lead, letter, facts_of(house, row, vendor, client))


def assessment_submitted(house: House, payload: Mapping[str, Any]) -> None:
    """To the officer who sent it, or to all officers when that one is gone; a contract check to who may review it."""
    with house.db.read(_SYSTEM) as tx:
        kind = get.one(tx, Assessment, UUID(payload["assessment_id"])).kind
    if kind in CLIENT_ONLY:
        reviewers = frozenset({Role.OFFICER, Role.AUDITOR})
        _to_own_people(house, UUID(payload["assessment_id"]), "submitted", reviewers)
        return
    with house.db.read(_SYSTEM) as tx:
        row, vendor, client = about(tx, UUID(payload["assessment_id"]))
        officers = officers_of(tx, client.id, row.sent_by)
    for officer in officers:
        post(house, officer, "assessment_submitted", facts_of(house, row, vendor, client))


def decision_requested(house: House, payload: Mapping[str, Any]) -> None:
    """To those who may fill the seat that the request waits for."""
    with house.db.read(_SYSTEM) as tx:
        decision = get.one(tx, GateRequest, UUID(payload["decision_id"]))
        placed = parties.placed(tx, decision.engagement_id)
        client = parties.client(tx)
        if placed is None or client is None or decision.state is not DecisionState.REQUESTED:
            return
        seats = routes.seats(tx, {decision.id})[decision.id]
        step, acted = routes.step_of(seats[decision.step - 1]), routes.acted(seats)
        sitting = free(step, routes.people(tx, tx.today), tx.today, decision.requested_by, acted)
        approvers = accounts.people(tx, set(sitting)).values()
    link = f"{house.settings.base_url}/decisions/{decision.id}"
    facts = {"vendor": placed.vendor.name, "client": client.name, "number": decision.number, "link": link}
    for approver in sorted(approvers, key=lambda each: each.email):
        post(house, approver, _DECISIONS[decision.gate], facts)


def about(tx: Transaction, assessment_id: UUID) -> tuple[Assessment, Party, Party]:
    row = get.one(tx, Assessment, assessment_id)
    return row, get.one(tx, Party, row.vendor_id), get.one(tx, Party, row.principal_id)


def facts_of(house: House, row: Assessment, vendor: Party, client: Party) -> dict[str, str]:
    return {
        "vendor": vendor.name,
        "client": client.name,
        "number": row.number,
        "due": row.due_on.isoformat(),
        "note": row.returned_note,
        "link": f"{house.settings.base_url}/assessments/{row.id}",
    }


def active(account: Account, role: Role) -> bool:
    return account.state is AccountState.ACTIVE and role.value in account.roles


def officers_of(tx: Transaction, client_id: UUID, person: UUID | None) -> list[Account]:
    """The officer who sent or asked for something; when that one is gone, every officer of the client."""
    officers = [each for each in accounts.of_party(tx, client_id) if active(each, Role.OFFICER)]
    return [each for each in officers if each.id == person] or officers


def post(house: House, to: Account, letter: str, facts: Mapping[str, str]) -> None:
    if house.mailer is None:
        raise Misconfigured("mail_not_set_up")
    house.mailer.send(house.letters.write(letter, to.email, to.language, {**facts, "name": to.name}))


def _send_link(house: House, account_id: UUID, kind: LinkKind, state: AccountState, letter: str) -> None:
    with house.db.read(_SYSTEM) as tx:
        found = accounts.with_party(tx, account_id)
        client = parties.client(tx)
    if found is None or found[0].state is not state:
        return  # ended or joined meanwhile: nothing to send
    account, party = found
    if house.mailer is None:
        raise Misconfigured("mail_not_set_up")
    link = links.make(house, kind, account.id, "mailed")
    facts = {"name": account.name, "party": party.name, "client": client.name if client else "", "link": link}
    post(house, account, letter, facts)
