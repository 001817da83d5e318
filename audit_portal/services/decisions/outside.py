"""Decisions taken outside (稟議): entered by an officer with the paper, confirmed by another person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain import outside
from audit_portal.domain.access import Permission, require
from audit_portal.domain.decision import FrozenFile, FrozenOutside
from audit_portal.domain.errors import Refused
from audit_portal.domain.events.decisions import OutsideEntered
from audit_portal.domain.events.evidence import EvidenceAdded
from audit_portal.domain.evidence import Intake, Received
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.outside import OutsideFacts
from audit_portal.services.decisions import decisions, gates
from audit_portal.services.evidence import vault
from audit_portal.services.evidence.vault import Deposit
from audit_portal.services.house import Context
from audit_portal.storage import approvals, get
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.approvals import OutsideDecision
from audit_portal.storage.tables.assessments import Evidence, EvidenceVersion
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction


class OutsideUpload:
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
        with ctx.read() as tx:
            owner = get.one(tx, Engagement, engagement_id).principal_id  # the vendor never reads it
        self._ctx, self._engagement_id, self._facts = ctx, engagement_id, facts
        self.decision_id: UUID | None = None
        self._deposit = Deposit(ctx.house, "evidence", uuid7(), 1, owner)
        try:
            self._intake = Intake(self._deposit.sealer, name, ctx.house.settings.evidence_max, expected)
        except BaseException:
            self.abort()
            raise

    def write(self, data: bytes | memoryview) -> None:
        self._intake.write(data)

    def finish(self) -> UUID:
        """Commits file and request; returns the request's id. Raises what asking for a decision raises."""
        with self._deposit:
            return self._record(vault.receive(self._deposit, self._intake))

    def abort(self) -> None:
        self._deposit.__exit__(None, None, None)

    def __enter__(self) -> OutsideUpload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()

    def _record(self, received: Received) -> UUID:
        facts = self._facts
        with self._ctx.begin() as tx:
            evidence, version = self._paper(tx, received)
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

    def _paper(self, tx: Transaction, received: Received) -> tuple[Evidence, EvidenceVersion]:
        at = self._deposit.locator
        evidence = Evidence(
            id=at.object_id,
            number=next_number(tx, Numbered.EVIDENCE),
            engagement_id=self._engagement_id,
            party_id=at.owner_id,
        )
        tx.add(evidence)
        tx.flush()
        version = EvidenceVersion(
            evidence_id=evidence.id,
            engagement_id=self._engagement_id,
            number=at.number,
            file_name=received.name,
            media_type=received.media_type,
            size=received.size,
            sealed_size=received.sealed_size,
            sha256=received.sha256,
            observed_on=self._facts.decided_on,
            store_key=at.store_key,
            class_key_id=at.class_key_id,
            wrapped_key=at.wrapped_key,
            uploaded_at=tx.now,
            uploaded_by=self._ctx.actor.person,
        )
        tx.add(version)
        tx.flush()
        tx.record(
            EvidenceAdded(
                engagement_id=self._engagement_id,
                evidence_id=evidence.id,
                version=version.number,
                sha256=received.sha256,
                size=received.size,
                media_type=received.media_type,
            )
        )
        return evidence, version


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
