"""Letters about what goes on around an assessment: items given, comments, more time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Role, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.more_time import TimeState
from audit_portal.services.house import House
from audit_portal.services.notify import about, active, facts_of, officers_of, post
from audit_portal.storage import accounts, get
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.process import Delegation, MoreTime
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("notify")
_OUTCOMES = {TimeState.GRANTED: "time_granted", TimeState.REFUSED: "time_refused"}


def items_delegated(house: House, payload: Mapping[str, Any]) -> None:
    """To the person the items were given to; of whom at the other party they come is nobody's business."""
    with house.db.read(_SYSTEM) as tx:
        gift = get.one(tx, Delegation, UUID(payload["delegation_id"]))
        row, vendor, client = about(tx, gift.assessment_id)
        people = accounts.people(tx, {gift.delegate_id, gift.given_by})
    to, giver = people[gift.delegate_id], people[gift.given_by]
    if to.state is AccountState.ACTIVE:
        facts = {
            **facts_of(house, row, vendor, client),
            "due": gift.due_on.isoformat(),
            "giver": giver.name if giver.party_id == to.party_id else "",
            "count": str(len(gift.items)),
            "note": gift.message,
        }
        own = giver.party_id == to.party_id
        post(house, to, "items_delegated" if own else "items_passed_on", facts)


def commented(house: House, payload: Mapping[str, Any]) -> None:
    """To one person; what was said stays in the portal."""
    with house.db.read(_SYSTEM) as tx:
        row, vendor, client = about(tx, UUID(payload["assessment_id"]))
        to = get.one(tx, Account, UUID(payload["account_id"]))
    if to.state is AccountState.ACTIVE:
        from_whom = client if to.party_id == vendor.id else vendor
        facts = {**facts_of(house, row, vendor, client), "party": from_whom.name, "item": payload["item"]}
        facts["link"] += f"/items/{payload['item']}"
        post(house, to, "commented", facts)


def time_asked(house: House, payload: Mapping[str, Any]) -> None:
    """To the officer who sent the check, or to all officers when that one is gone."""
    with house.db.read(_SYSTEM) as tx:
        request = get.one(tx, MoreTime, UUID(payload["request_id"]))
        row, vendor, client = about(tx, request.assessment_id)
        officers = officers_of(tx, client.id, row.sent_by)
    facts = _time_facts(house, request, row, vendor, client)
    for officer in officers:
        post(house, officer, "time_asked", facts)


def time_decided(house: House, payload: Mapping[str, Any]) -> None:
    """To the vendor's leads, and to who asked."""
    with house.db.read(_SYSTEM) as tx:
        request = get.one(tx, MoreTime, UUID(payload["request_id"]))
        row, vendor, client = about(tx, request.assessment_id)
        leads = leads_of(tx, vendor.id)
    facts = _time_facts(house, request, row, vendor, client)
    for lead in leads:
        post(house, lead, _OUTCOMES[request.state], facts)


def _time_facts(
    house: House, request: MoreTime, row: Assessment, vendor: Party, client: Party
) -> dict[str, str]:
    return {
        **facts_of(house, row, vendor, client),
        "before": request.due_before.isoformat(),
        "wanted": request.wanted_on.isoformat(),
        "reason": request.reason,
        "answer": request.answer,
        "link": f"{house.settings.base_url}/assessments/{row.id}/more-time",
    }


def leads_of(tx: Transaction, vendor_id: UUID) -> list[Account]:
    return [each for each in accounts.of_party(tx, vendor_id) if active(each, Role.VENDOR_LEAD)]
