"""Keeping answers as they are handed in, and telling which engagements rely on what no longer is the newest."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from audit_portal.domain import carried
from audit_portal.domain.checklist import AnsweredBy, Item
from audit_portal.domain.checklist import Scope as ItemScope
from audit_portal.domain.events.assessments import AnswersOutdated
from audit_portal.services.assessments import clause_support
from audit_portal.services.assessments.sheets import Sheet, answer_digest
from audit_portal.storage import assessments, register
from audit_portal.storage import given as storage
from audit_portal.storage.tables.assessments import Answer, EvidenceVersion
from audit_portal.storage.tables.engagement_facts import EngagementPlace
from audit_portal.storage.tables.given import AnswerConfirmation, GivenAnswer
from audit_portal.storage.transaction import Transaction


def sites_of(tx: Transaction, engagement_id: UUID) -> list[str] | None:
    """The sites an engagement's data is handled at; None when a place is not on record as a site, or none is
    named: then nobody can tell whether another engagement is handled at the same places."""
    found = register.standing(tx, EngagementPlace, engagement_id)
    if not found or any(place.site_id is None for place in found):
        return None
    return sorted({str(place.site_id) for place in found})


def keep(tx: Transaction, found: Sheet, side: AnsweredBy) -> None:
    """Keeps what this side has just handed in. Confirmations whose words were changed hold no longer; what
    other engagements rely on is marked where it says something else."""
    tx.flush()  # the versions of the answers are those handed in
    answered = _answered(found, side)
    if not answered:
        return
    keeper = _Keeper(tx, found, side, [item for item, _ in answered])
    for item, answer in answered:
        keeper.keep(item, answer)
    keeper.tell()


def _answered(found: Sheet, side: AnsweredBy) -> list[tuple[Item, Answer]]:
    pairs = ((item, found.answers.get(item.id)) for item in found.of(side))
    return [(item, answer) for item, answer in pairs if answer is not None and answer.value is not None]


class _Keeper:
    """One hand-in: what was there before is loaded once."""

    def __init__(self, tx: Transaction, found: Sheet, side: AnsweredBy, items: Iterable[Item]) -> None:
        self._tx, self._row = tx, found.row
        self._audience = None if side is AnsweredBy.VENDOR else found.row.principal_id
        self._evidence = assessments.evidence_of(tx, found.row.id)
        self._clauses = clause_support.wording(tx, found.row.id)
        self._before = storage.of_assessment(tx, found.row.id)
        self._confirmed = storage.confirmations(tx, found.row.id)
        self._standing: dict[str, list[GivenAnswer]] = {}
        questions = {carried.question_of(item) for item in items}
        for each in storage.standing(tx, found.row.vendor_id, questions):
            if each.assessment_id != found.row.id and each.audience_id == self._audience:
                self._standing.setdefault(each.question, []).append(each)
        self._outdated: dict[UUID, set[str]] = {}

    def keep(self, item: Item, answer: Answer) -> None:
        versions = [version for _, version, _ in self._evidence.get(answer.id, ())]
        before = self._before.get(answer.id)
        digest = self._digest(answer, versions)
        if before is not None and (before.answer_version, before.digest) == (answer.version, digest):
            return  # it was not among what was given back: nothing was said anew
        row = self._write(item, answer, versions, digest)
        others = self._standing.get(row.question, [])
        for other in others:
            if other.engagement_id == row.engagement_id:
                other.current = False
        confirmation = self._confirmed.get(answer.id)
        if confirmation is not None:
            confirmation.holds = confirmation.content_sha256 == row.content_sha256
        if row.fresh or row.scope is ItemScope.ENGAGEMENT:
            return
        there = [other for other in others if other.place == row.place]
        if confirmation is not None and confirmation.holds and _newer(there, confirmation, row):
            row.newest = False
            self._mark(row)  # what was confirmed had been replaced by then
            return
        for other in there:
            other.newest = False
            if carried.says_the_same(other, row):
                other.outdated_at = None
            elif other.current:
                self._mark(other)

    def _digest(self, answer: Answer, versions: list[EvidenceVersion]) -> str:
        files = [version.sha256 for version in versions]
        return answer_digest(answer, files, self._clauses.get(answer.id, ())).hex()

    def _write(self, item: Item, answer: Answer, versions: list[EvidenceVersion], digest: str) -> GivenAnswer:
        tx, check = self._tx, self._row
        files = [version.sha256 for version in versions]
        scope = carried.scope_of(item)
        values = {
            "answer_version": answer.version,
            "digest": digest,
            "item": item.id,
            "question": carried.question_of(item),
            "meaning": carried.meaning_of(item),
            "fresh": item.fresh,
            "scope": scope,
            "place": carried.place_of(item, check.engagement_id, check.sites),
            "sites": list(check.sites or ()) if scope is ItemScope.SITE else [],
            "value": answer.value,
            "comment": answer.comment,
            "action": answer.action,
            "action_due": answer.action_due,
            "files": [str(version.id) for version in versions],
            "hashes": files,
            "content_sha256": carried.content_digest(answer.value, answer.comment, files),
            "given_at": tx.now,
            "given_by": tx.actor.person,
            "newest": not item.fresh,
            "current": True,
            "outdated_at": None,
            "expires_on": carried.earliest([version.expires_on for version in versions]),
        }
        row = self._before.get(answer.id)
        if row is None:
            row = GivenAnswer(
                engagement_id=check.engagement_id,
                audience_id=self._audience,
                vendor_id=check.vendor_id,
                assessment_id=check.id,
                answer_id=answer.id,
                **values,
            )
            tx.add(row)
            return row
        for name, value in values.items():
            setattr(row, name, value)
        return row

    def _mark(self, row: GivenAnswer) -> None:
        row.outdated_at = self._tx.now
        self._outdated.setdefault(row.engagement_id, set()).add(row.item)

    def tell(self) -> None:
        for engagement_id, items in self._outdated.items():
            self._tx.record(AnswersOutdated(engagement_id=engagement_id, items=tuple(sorted(items))))


def _newer(there: Iterable[GivenAnswer], confirmation: AnswerConfirmation, row: GivenAnswer) -> bool:
    """Whether another answer had come in before these words, confirmed from an older one, were handed in."""
    return any(
        other.newest and other.given_at > confirmation.given_at and other.content_sha256 != row.content_sha256
        for other in there
    )
