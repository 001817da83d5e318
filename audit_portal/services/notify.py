"""Letters that leave by mail. Tokens are made here, at the moment of sending, and stored nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Role, system
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import Misconfigured
from audit_portal.services import links
from audit_portal.services.house import House
from audit_portal.storage import accounts, get, parties
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Assessment, GateRequest
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("notify")


def invitation(house: House, payload: Mapping[str, Any]) -> None:
    _send_link(house, UUID(payload["account_id"]), LinkKind.INVITATION, AccountState.INVITED, "invitation")


def reset(house: House, payload: Mapping[str, Any]) -> None:
    _send_link(house, UUID(payload["account_id"]), LinkKind.RESET, AccountState.ACTIVE, "reset")


def assessment_sent(house: House, payload: Mapping[str, Any]) -> None:
    _to_vendor(house, UUID(payload["assessment_id"]), "assessment_sent")


def assessment_returned(house: House, payload: Mapping[str, Any]) -> None:
    _to_vendor(house, UUID(payload["assessment_id"]), "assessment_returned")


def _to_vendor(house: House, assessment_id: UUID, letter: str) -> None:
    with house.db.read(_SYSTEM) as tx:
        row, vendor, client = about(tx, assessment_id)
        leads = [each for each in accounts.of_party(tx, vendor.id) if active(each, Role.VENDOR_LEAD)]
    for lead in leads:
        post(house, lead, letter, facts_of(house, row, vendor, client))


def assessment_submitted(house: House, payload: Mapping[str, Any]) -> None:
    """To the officer who sent it."""
    with house.db.read(_SYSTEM) as tx:
        row, vendor, client = about(tx, UUID(payload["assessment_id"]))
        sender = accounts.people(tx, {row.sent_by}).get(row.sent_by) if row.sent_by else None
    if sender and sender.state is AccountState.ACTIVE:
        post(house, sender, "assessment_submitted", facts_of(house, row, vendor, client))


def decision_requested(house: House, payload: Mapping[str, Any]) -> None:
    """To every approver."""
    with house.db.read(_SYSTEM) as tx:
        decision = get.one(tx, GateRequest, UUID(payload["decision_id"]))
        placed = parties.placed(tx, decision.engagement_id)
        client = parties.client(tx)
        if placed is None or client is None:
            return
        approvers = [each for each in accounts.of_party(tx, client.id) if active(each, Role.APPROVER)]
    link = f"{house.settings.base_url}/decisions/{decision.id}"
    facts = {"vendor": placed.vendor.name, "client": client.name, "number": decision.number, "link": link}
    for approver in approvers:
        post(house, approver, "decision_requested", facts)


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
