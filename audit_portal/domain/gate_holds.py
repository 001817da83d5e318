"""What holds a gate beside the answers themselves: what they rest on lapsed, or was never looked at.

Source: design.md section 2 (expiry of evidence and a lost certificate re-evaluate the gates); facts.md 1.3 (every
vendor is judged on the full list of 別添10). The age of a third party's report and the controls of the user are
own policy: the final approver may accept them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from audit_portal.domain import limits
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Item, duty_of
from audit_portal.domain.evidence_in_use import counts
from audit_portal.domain.on_behalf import ControlStatus
from audit_portal.domain.register import CertificationKind, Validity, validity
from audit_portal.domain.supervision import Blocker, Duty, Who

CERTIFICATE = "certificate"  # of checklists/reference/evidence_kinds.yaml
_CONFIRMS = frozenset({AnswerValue.YES, AnswerValue.PARTIAL})
_GONE = frozenset({Validity.WITHDRAWN, Validity.EXPIRED})
_WHO = {AnsweredBy.VENDOR: Who.VENDOR, AnsweredBy.AUDITOR: Who.REVIEWER}
# 10-1 is no "must", and 10-SME says that its relaxed examples don't count for who is entrusted.
_ANNEX10 = tuple(f"PPC-GL-10-{chapter}" for chapter in range(2, 8))


@dataclass(frozen=True)
class Conclusion:
    """What the reviewer concluded of an answer as it stands."""

    result: ReviewResult
    basis: ReviewBasis
    comment: str = ""
    period_to: date | None = None  # of the third party's report it rests on


@dataclass(frozen=True)
class Certificate:
    """A certification of the vendor, as the register holds it."""

    kind: CertificationKind
    title: str
    expires_on: date | None
    withdrawn_on: date | None


def _holds(code: str, item: Item, held: Set[str], who: Who | None = None) -> Blocker:
    by = who or _WHO.get(item.answered_by, Who.CLIENT)
    return Blocker(code, duty_of(item, held), item.legal_basis, by, item.id)


def _weighs(item: Item) -> bool:
    return item.mandatory or item.gate_blocking


def of_annex10(item: Item) -> bool:
    """Whether it asks for one of the measures that 別添10 says must be taken."""
    return any(
        each == chapter or each.startswith(f"{chapter}-") for each in item.legal_basis for chapter in _ANNEX10
    )


def said_not_to_apply(
    items: Iterable[Item],
    answered: Mapping[str, AnswerValue],
    concluded: Mapping[str, Conclusion],
    held: Set[str] = frozenset(),
) -> tuple[Blocker, ...]:
    """Items of 別添10 that don't apply on the answering party's word alone.

    The word of the party is enough for none of them: the reviewer concludes it, says why, and on more than the
    statement. Whatever else the reviewer concludes after looking counts as concluded.
    """
    return tuple(
        _holds("not_applicable_alone", item, held, Who.REVIEWER)
        for item in items
        if _weighs(item) and of_annex10(item) and _alone(answered.get(item.id), concluded.get(item.id))
    )


def _alone(answer: AnswerValue | None, found: Conclusion | None) -> bool:
    result = found.result if found else None
    if result is not ReviewResult.NOT_APPLICABLE and answer is not AnswerValue.NOT_APPLICABLE:
        return False
    if found is None or found.basis is ReviewBasis.STATEMENT:
        return result not in (ReviewResult.NOT, ReviewResult.UNCONFIRMED)  # those hold the gate by themselves
    return result is ReviewResult.NOT_APPLICABLE and not found.comment.strip()


def cloud_undetermined() -> Blocker:
    """Of work classed as not handled by its cloud provider, while no finding carries that: it is entrustment then,
    which wasn't recognised as such (PPC Q&A 7-53 and caution of 2024-03-25)."""
    basis = ("PPC-GL-3-4-4-n1", "PPC-QA-7-53")
    return Blocker("cloud_undetermined", Duty.GUIDELINE_MUST, basis, Who.CLIENT)


def lapsed(expiries: Iterable[date | None], today: date) -> bool:
    """Whether there are files and not one of them shows anything today."""
    days = list(expiries)
    return bool(days) and not any(counts(day, today) for day in days)


def evidence_expired(
    items: Iterable[Item],
    outcomes: Mapping[str, AnswerValue],
    lapsed_items: Set[str],
    certificate_lost: bool,
    held: Set[str] = frozenset(),
) -> tuple[Blocker, ...]:
    """Confirmed items whose evidence shows nothing any more, each with the duty of the item itself.

    `lapsed_items`: whose files have all expired, and nothing else was shown; `certificate_lost`: a certification
    of the vendor was withdrawn or ran out, and none of its kind stands.
    """
    return tuple(
        _holds("evidence_expired", item, held)
        for item in items
        if outcomes.get(item.id) in _CONFIRMS
        and (
            (item.id in lapsed_items and _weighs(item))
            or (certificate_lost and item.evidence == (CERTIFICATE,))
        )
    )


def lost(found: Iterable[Certificate], today: date) -> tuple[Certificate, ...]:
    """Certifications that stand no more and have no successor of their kind (of their title, where the kind has
    no name)."""
    stands: dict[tuple[CertificationKind, str], bool] = {}
    gone: dict[tuple[CertificationKind, str], Certificate] = {}
    for each in found:
        key = (each.kind, each.title.strip() if each.kind is CertificationKind.OTHER else "")
        over = validity(each.expires_on, each.withdrawn_on, today) in _GONE
        stands[key] = stands.get(key, False) or not over
        if over:
            gone.setdefault(key, each)
    return tuple(each for key, each in gone.items() if not stands[key])


def control_settled(status: ControlStatus | None, due_on: date | None, today: date) -> bool:
    """Whether the client does what the provider leaves to it, or will by a day that hasn't passed."""
    if status is ControlStatus.PLANNED:
        return due_on is not None and due_on >= today
    return status is ControlStatus.DONE


def controls_open(positions: Iterable[int]) -> tuple[Blocker, ...]:
    """One blocker for each control of the user that isn't settled."""
    return tuple(Blocker("user_control_open", Duty.OWN, (), Who.CLIENT, f"CUEC-{each}") for each in positions)


def too_old(period_to: date, today: date) -> bool:
    """Whether the period of a third party's report ended too long ago to speak of today (own policy)."""
    return period_to + timedelta(days=limits.REPORT_AGE_DAYS) < today


def reports_old(names: Iterable[str]) -> tuple[Blocker, ...]:
    """One blocker for each report that is too old; `names`: items, or numbers of sources."""
    return tuple(Blocker("source_stale", Duty.OWN, (), Who.CLIENT, name) for name in names)
