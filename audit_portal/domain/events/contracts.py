"""What the ledger says of contracts, their documents, and the clauses that answers stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class ContractRegistered(Event, name="contract.registered"):
    contract_id: UUID
    number: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class ContractChanged(Event, name="contract.changed"):
    contract_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Event, name="contract.ended"):
    """It ends, or ended, on a day; the reason is in the row."""

    contract_id: UUID
    number: str
    ended_on: date | None  # None: taken back


@dataclass(frozen=True, kw_only=True)
class ContractTied(Event, name="contract.tied"):
    """The contract serves this engagement from a day on."""

    contract_id: UUID
    number: str
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class ContractUntied(Event, name="contract.untied"):
    contract_id: UUID
    number: str
    valid_to: date


@dataclass(frozen=True, kw_only=True)
class ContractDocumentAdded(Event, name="contract.document_added"):
    contract_id: UUID
    number: str
    document_id: UUID
    form: str
    sha256: str | None  # None: paper alone


@dataclass(frozen=True, kw_only=True)
class ContractDocumentShared(Event, name="contract.document_shared"):
    contract_id: UUID
    number: str
    document_id: UUID
    shared: bool


@dataclass(frozen=True, kw_only=True)
class ContractDocumentWithdrawn(Event, name="contract.document_withdrawn"):
    contract_id: UUID
    number: str
    document_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContractSignaturesChecked(Event, name="contract.signatures_checked"):
    contract_id: UUID
    number: str
    document_id: UUID
    sha256: str
    state: str
    signatures: int
    intact: int


@dataclass(frozen=True, kw_only=True)
class ClauseTied(Event, name="assessment.clause_tied"):
    """An answer of a contract check stands on a place in a contract's document."""

    assessment_id: UUID
    item: str
    contract_id: UUID
    document_id: UUID


@dataclass(frozen=True, kw_only=True)
class ClauseUntied(Event, name="assessment.clause_untied"):
    assessment_id: UUID
    item: str
    contract_id: UUID
    document_id: UUID
