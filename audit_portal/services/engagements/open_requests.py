"""Requests for a decision whose facts changed: they end, with the reason, and are asked anew."""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain.decision_walk import Act, walked
from audit_portal.domain.events.decisions import DecisionOvertaken
from audit_portal.storage import decisions
from audit_portal.storage.transaction import Transaction


def overtake(tx: Transaction, engagement_id: UUID, because: str) -> tuple[str, ...]:
    """Ends what is open on a held engagement (see `parties.lock`); the numbers. `because` is a code."""
    rows = decisions.open_requests(tx, engagement_id)
    for row in rows:
        row.state, row.ended_because = walked(row.state, Act.OVERTAKE, False), because
        row.decided_at = tx.now
        tx.record(
            DecisionOvertaken(
                engagement_id=engagement_id, decision_id=row.id, gate=row.gate.value, because=because
            )
        )
        tx.send("mail_decision_ended", f"decision_ended:{row.id}", {"decision_id": str(row.id)})
    return tuple(row.number for row in rows)
