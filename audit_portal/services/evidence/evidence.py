"""Evidence (確認資料): taken in sealed, attached to an answer, replaced by newer versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.domain.events.evidence import EvidenceDetached, EvidenceReplaced
from audit_portal.domain.evidence import Received, check_dates
from audit_portal.services.assessments.answers import note_writer, writable
from audit_portal.services.evidence import versions
from audit_portal.services.evidence.incoming import Incoming
from audit_portal.services.house import Context
from audit_portal.storage import assessments
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    Evidence,
    EvidenceUse,
    EvidenceVersion,
)
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Place:
    """Where a file is to be attached, and what its bringer says of it."""

    assessment_id: UUID
    item: str
    observed_on: date | None = None
    expires_on: date | None = None
    replaces: UUID | None = None  # the version that stands on the answer; None: another file


@dataclass(frozen=True)
class Standing:
    """What an answer stands on, of one evidence."""

    use: EvidenceUse
    version: EvidenceVersion
    evidence: Evidence


class Upload(Incoming):
    """One file streaming in: a new evidence, or the next version of one.

    Everything that can be refused early is refused on construction: NotFound for a version that isn't this
    answer's, Conflict('evidence_replaced_meanwhile') for one that no longer stands there.
    """

    def __init__(self, ctx: Context, place: Place, name: str, expected: int | None) -> None:
        require(ctx.actor, Permission.EVIDENCE_UPLOAD)
        check_dates(place.observed_on or ctx.house.today(), place.expires_on, ctx.house.today())
        with ctx.read() as tx:
            answer, row = writable(ctx, tx, place.assessment_id, place.item, for_vendor=True)
            before = _before(tx, answer, place)
        self._place = place
        if before:
            old = before.evidence
            super().__init__(ctx, old.party_id, name, expected, old.id, old.latest + 1)
        else:
            # Not by the actor: a vendor that entrusted the work in turn answers as its principal.
            side = row.vendor_id if answer.answered_by is AnsweredBy.VENDOR else row.principal_id
            super().__init__(ctx, side, name, expected)

    def _record(self, received: Received) -> UUID:
        place = self._place
        with self._ctx.begin() as tx:
            answer, row = writable(self._ctx, tx, place.assessment_id, place.item, for_vendor=True)
            before = _before(tx, answer, place)
            evidence = (
                before.evidence if before else versions.add(tx, self._at, engagement_id=row.engagement_id)
            )
            evidence.latest = self._at.number  # was next when the upload began; taken: Conflict
            tx.flush()
            changed(self._ctx, answer, row, tx)
            version = versions.keep(
                tx,
                evidence,
                self._at,
                received,
                engagement_id=row.engagement_id,
                observed_on=place.observed_on,
                expires_on=place.expires_on,
            )
            if before:
                tx.remove(before.use)
            tx.add(
                EvidenceUse(
                    engagement_id=row.engagement_id,
                    answer_id=answer.id,
                    evidence_id=evidence.id,
                    evidence_version_id=version.id,
                )
            )
            if before:
                tx.record(
                    EvidenceReplaced(
                        engagement_id=row.engagement_id,
                        evidence_id=evidence.id,
                        item=place.item,
                        before=before.version.number,
                        after=version.number,
                    )
                )
        return version.id


def _before(tx: Transaction, answer: Answer, place: Place) -> Standing | None:
    """What the new file takes the place of; None when it is another one, for which there must be room."""
    if place.replaces is None:
        require_room(tx, answer)
        return None
    return _standing(tx, answer, place.replaces)


def _standing(tx: Transaction, answer: Answer, version_id: UUID) -> Standing:
    found = assessments.version(tx, version_id)
    if found is None:
        raise NotFound()
    version, evidence = found
    use = assessments.use_of(tx, answer.id, evidence.id)
    if use is None:
        raise NotFound()
    if use.evidence_version_id != version.id:
        raise Conflict("evidence_replaced_meanwhile", name=version.file_name)
    return Standing(use, version, evidence)


def replaceable(ctx: Context, assessment_id: UUID, item: str, version_id: UUID) -> str:
    """The name of a file that the actor may replace now; refuses as `Upload` does."""
    require(ctx.actor, Permission.EVIDENCE_UPLOAD)
    with ctx.read() as tx:
        answer, _ = writable(ctx, tx, assessment_id, item, for_vendor=True)
        return _standing(tx, answer, version_id).version.file_name


def require_room(tx: Transaction, answer: Answer) -> None:
    if assessments.uses_of_answer(tx, answer.id) >= limits.EVIDENCE_PER_ANSWER:
        raise Conflict("too_many_files", most=limits.EVIDENCE_PER_ANSWER)


def changed(ctx: Context, answer: Answer, row: Assessment, tx: Transaction) -> None:
    """While reviewers look at it, another file makes it another answer: they must see it anew."""
    if not ctx.actor.is_vendor or answer.answered_by is AnsweredBy.CLIENT:  # vendors never review
        note_writer(ctx, answer)
    if row.state is AssessmentState.SUBMITTED:
        answer.answered_at = tx.now


def detach(ctx: Context, assessment_id: UUID, item: str, version_id: UUID) -> None:
    """Takes a file off a draft answer. The file and its entries stay."""
    require(ctx.actor, Permission.EVIDENCE_UPLOAD)
    with ctx.begin() as tx:
        answer, row = writable(ctx, tx, assessment_id, item, for_vendor=True)
        use = assessments.use(tx, answer.id, version_id)
        if use is None:
            raise NotFound()
        tx.remove(use)
        changed(ctx, answer, row, tx)
        tx.record(EvidenceDetached(engagement_id=row.engagement_id, evidence_id=use.evidence_id, item=item))
