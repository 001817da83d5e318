"""Requests for a decision whose facts changed: they end, with the reason, and are asked anew."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from audit_portal.domain.decision_walk import Act, walked
from audit_portal.domain.events.decisions import DecisionOvertaken
from audit_portal.domain.supervision import Gate
from audit_portal.storage import decisions, parties
from audit_portal.storage.transaction import Transaction

# What a decision at these gates rests on beside the engagement's own facts.
_ON_CONTRACTS = frozenset({Gate.CONTRACT, Gate.RELEASE})


def overtake_on_contracts(tx: Transaction, engagement_id: UUID) -> None:
    """Holds the engagement, and ends what was asked on its contracts as they stood."""
    parties.lock(tx, engagement_id)
    overtake(tx, engagement_id, "contract_changed", _ON_CONTRACTS)


def overtake(
    tx: Transaction, engagement_id: UUID, because: str, gates: Collection[Gate] = tuple(Gate)
) -> tuple[str, ...]:
    """Ends what is open on a held engagement (see `parties.lock`); the numbers. `because` is a code."""
    rows = [row for row in decisions.open_requests(tx, engagement_id) if row.gate in gates]
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
