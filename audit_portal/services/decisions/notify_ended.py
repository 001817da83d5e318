"""The letter to who asked for a decision: it was approved, refused, returned, or overtaken by changed facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.decision import DecisionState
from audit_portal.services.house import House
from audit_portal.services.notify import officers_of, post
from audit_portal.storage import get, parties
from audit_portal.storage.tables.assessments import GateRequest

_SYSTEM = system("notify")
_LETTERS = {
    DecisionState.APPROVED: "decision_approved",
    DecisionState.REFUSED: "decision_refused",
    DecisionState.RETURNED: "decision_returned",
    DecisionState.STALE: "decision_overtaken",
}


def decision_ended(house: House, payload: Mapping[str, Any]) -> None:
    """To the officer who asked, or to all officers when that one is gone."""
    with house.db.read(_SYSTEM) as tx:
        row = get.one(tx, GateRequest, UUID(payload["decision_id"]))
        placed = parties.placed(tx, row.engagement_id)
        if placed is None:
            return
        officers = officers_of(tx, placed.principal.id, row.requested_by)
    facts = {
        "vendor": placed.vendor.name,
        "work": placed.engagement.title,
        "number": row.number,
        "gate": row.gate.value,
        "comment": row.comment.strip(),
        "link": f"{house.settings.base_url}/decisions/{row.id}",
    }
    for officer in officers:
        post(house, officer, _LETTERS[row.state], facts)
