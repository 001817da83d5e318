"""The content of a report: frozen facts without a language of their own.

Vendors' and reviewers' text keeps the language it was written in (`str`); what the portal itself says
exists in both (`Bilingual`). Times are aware UTC datetimes, sizes bytes, digests lower-case hex SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.evidence_in_use import InspectionMeans, RefusalOffer
from audit_portal.domain.findings import Severity
from audit_portal.domain.report.decided import DecisionFacts
from audit_portal.domain.report.words import NOTHING, Bilingual
from audit_portal.domain.report.work import BroughtInFacts, ContractFacts, EngagementFacts, PartyFacts
from audit_portal.domain.review_basis import Sample, ThirdParty

FIELD_AUDITOR = "Auditor"
FIELD_OFFICER = "Officer"


class ReportKind(StrEnum):
    ASSESSMENT = "assessment"


class Conclusion(StrEnum):
    SATISFIED = "satisfied"
    CONDITIONAL = "conditional"  # satisfied once dated corrective actions are done
    NOT_SATISFIED = "not_satisfied"
    OPEN = "open"  # the review is not finished


@dataclass(frozen=True)
class Basis:
    code: str
    title: str
    url: str = ""


@dataclass(frozen=True)
class OnBehalf:
    """A principal entered the answer for a party without an account."""

    answerer: str
    answerer_title: str
    document: str
    document_date: date | None
    confirmed_by: str
    way: Bilingual = NOTHING  # by letter, by telephone, from a web page …
    source: int = 0  # its number among the report's sources
    confirmed_at: datetime | None = None


@dataclass(frozen=True)
class AnswerFacts:
    value: AnswerValue
    text: str
    by: str
    party: str
    at: datetime
    on_behalf: OnBehalf | None = None


@dataclass(frozen=True)
class NamedFact:
    name: Bilingual
    text: str


@dataclass(frozen=True)
class SourceRecord:
    """What answers were transcribed from, with what it says of itself (period, auditor, address …)."""

    number: int
    kind: Bilingual
    document: str
    sha256: str
    dated_on: date
    facts: tuple[NamedFact, ...] = ()
    stale: bool = False  # when the report was made


@dataclass(frozen=True)
class UserControlFacts:
    """A control that a provider leaves to its user, and what the client does about it."""

    source: int
    text: str
    status: str  # done | planned | not_done | open
    note: str
    due: date | None
    by: str
    at: datetime | None


@dataclass(frozen=True)
class ReviewFacts:
    result: ReviewResult
    basis: tuple[ReviewBasis, ...]  # how it was confirmed
    comment: str
    by: str
    at: datetime
    sample: Sample | None = None
    source: ThirdParty | None = None  # somebody else's report


@dataclass(frozen=True)
class EvidenceFacts:
    """A file version, or something inspected and not handed over (then without digest and size)."""

    name: str
    version: int = 1
    sha256: str = ""
    size: int | None = None
    observed: date | None = None
    expires: date | None = None
    handed_over: bool = True
    inspected_by: str = ""
    inspected_at: str = ""  # place or means of the inspection
    edition: str = ""  # of what was inspected, as it says itself
    means: InspectionMeans | None = None
    seen: str = ""


@dataclass(frozen=True)
class RefusalFacts:
    """A document that wasn't disclosed; `resolved`: something was shown in its place."""

    reason: str
    offer: RefusalOffer
    words: str
    resolved: bool


@dataclass(frozen=True)
class FindingFacts:
    number: str
    severity: Severity
    what: str
    due: date


@dataclass(frozen=True)
class ReportItem:
    code: str
    question: Bilingual
    duty: str  # law | gl_must | gl_should | std | eu | seed | prac
    basis: tuple[Basis, ...] = ()
    blocking: bool = False
    answer: AnswerFacts | None = None
    review: ReviewFacts | None = None
    evidence: tuple[EvidenceFacts, ...] = ()
    refusal: RefusalFacts | None = None
    findings: tuple[FindingFacts, ...] = ()


@dataclass(frozen=True)
class ReportSection:
    code: str
    title: Bilingual
    items: tuple[ReportItem, ...]
    score: int | None = None  # percent; None: nothing that counts


@dataclass(frozen=True)
class Summary:
    """`depends_on`: on what a conclusion rests that is satisfied only so far: items | conditions | accepted |
    controls."""

    conclusion: Conclusion
    remarks: str = ""
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotChecked:
    what: Bilingual
    reason: Bilingual


@dataclass(frozen=True)
class PortalItem:
    """An item that nobody is asked: answered from the portal's own records, and how."""

    code: str
    question: Bilingual
    value: AnswerValue
    how: Bilingual


@dataclass(frozen=True)
class ChecklistFacts:
    id: str
    version: str
    title: Bilingual
    sha256: str


@dataclass(frozen=True)
class PlannedSigner:
    field: str  # FIELD_AUDITOR | FIELD_OFFICER
    name: str
    role: Bilingual


@dataclass(frozen=True)
class LedgerProof:
    """RFC 9162 inclusion proof of one ledger entry under the checkpoint."""

    what: str
    index: int
    leaf: str  # hex
    path: tuple[str, ...]  # hex


@dataclass(frozen=True)
class LedgerFacts:
    checkpoint: str  # text of the signed note
    proofs: tuple[LedgerProof, ...] = ()


@dataclass(frozen=True)
class Report:
    id: str
    number: str
    kind: ReportKind
    title: Bilingual
    client: PartyFacts
    vendor: PartyFacts
    engagement: EngagementFacts
    summary: Summary
    sections: tuple[ReportSection, ...]
    checklist: ChecklistFacts
    signers: tuple[PlannedSigner, ...]
    generated_at: datetime
    zone: str = "Asia/Tokyo"  # in which the pages show times
    decision: DecisionFacts | None = None
    not_checked: tuple[NotChecked, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    user_controls: tuple[UserControlFacts, ...] = ()
    principal: PartyFacts | None = None  # who entrusts, where it is not the client
    statement: str = ""  # what the portal says of itself: name, version, address
    ledger: LedgerFacts | None = None
    score: int | None = None  # percent, of information only; None: nothing that counts
    release: DecisionFacts | None = None  # the decision on releasing data that stands on this one
    contracts: tuple[ContractFacts, ...] = ()  # those that serve the engagement
    brought_in: BroughtInFacts | None = None
    portal_items: tuple[PortalItem, ...] = ()

    def items(self) -> tuple[ReportItem, ...]:
        return tuple(item for section in self.sections for item in section.items)


def result_counts(report: Report) -> dict[str, int]:
    """How many items have which review result, every result named; `open` counts those not reviewed."""
    counts = {result.value: 0 for result in ReviewResult} | {"open": 0}
    for item in report.items():
        counts[item.review.result.value if item.review else "open"] += 1
    return counts
