"""Decisions taken outside (稟議): entered by an officer with the paper, confirmed by another person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain import outside
from audit_portal.domain.access import Permission, require
from audit_portal.domain.decision import FrozenFile, FrozenOutside
from audit_portal.domain.errors import Refused
from audit_portal.domain.events.decisions import OutsideEntered
from audit_portal.domain.evidence import Received
from audit_portal.domain.outside import OutsideFacts
from audit_portal.services.decisions import decisions, gates
from audit_portal.services.evidence import versions
from audit_portal.services.evidence.incoming import Incoming
from audit_portal.services.house import Context
from audit_portal.storage import approvals, get
from audit_portal.storage.tables.approvals import OutsideDecision
from audit_portal.storage.tables.assessments import EvidenceVersion


class OutsideUpload(Incoming):
    """The paper streaming in; with its last byte the decision is asked for, to be confirmed.

    What can be refused early is refused on construction: Refused('gate_shut') when the gate could not be asked.
    """

    def __init__(
        self, ctx: Context, engagement_id: UUID, facts: OutsideFacts, name: str, expected: int | None
    ) -> None:
        require(ctx.actor, Permission.DECISION_REQUEST)
        outside.check(facts, ctx.house.today())
        gate = gates.gate(ctx, engagement_id)
        if not gate.can_be_asked:
            raise Refused("gate_shut", gate.blockers, gate=gate.gate.value)
        self._engagement_id, self._facts = engagement_id, facts
        super().__init__(ctx, ctx.actor.party, name, expected)  # the client's own: no vendor ever reads it

    def _record(self, received: Received) -> UUID:
        facts = self._facts
        with self._ctx.begin() as tx:
            evidence, version = versions.first(
                tx,
                self._at,
                received,
                engagement_id=self._engagement_id,
                observed_on=facts.decided_on,
            )
            file = FrozenFile(evidence.number, 1, received.name, received.sha256)
            frozen = FrozenOutside(facts.number, facts.approver, facts.approver_title, facts.decided_on, file)
            row = decisions.ask(self._ctx, tx, self._engagement_id, facts.reason, None, frozen)
            tx.add(
                OutsideDecision(
                    decision_id=row.id,
                    engagement_id=self._engagement_id,
                    number=facts.number,
                    approver=facts.approver,
                    approver_title=facts.approver_title,
                    decided_on=facts.decided_on,
                    evidence_version_id=version.id,
                    entered_at=tx.now,
                    entered_by=self._ctx.actor.person,
                )
            )
            tx.record(
                OutsideEntered(
                    engagement_id=self._engagement_id,
                    decision_id=row.id,
                    decided_on=facts.decided_on,
                    sha256=received.sha256,
                )
            )
        return row.id


@dataclass(frozen=True)
class OutsideView:
    """When it happened and when it was entered stay apart."""

    number: str
    approver: str
    approver_title: str
    decided_on: date
    entered_at: datetime
    file_name: str
    version_id: UUID


def of_decision(ctx: Context, decision_id: UUID) -> OutsideView | None:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        row = approvals.outside(tx, decision_id)
        if row is None:
            return None
        version = get.one(tx, EvidenceVersion, row.evidence_version_id)
    return OutsideView(
        row.number,
        row.approver,
        row.approver_title,
        row.decided_on,
        row.entered_at,
        version.file_name,
        version.id,
    )
