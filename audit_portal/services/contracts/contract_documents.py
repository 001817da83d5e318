"""Documents of a contract: files sealed like any evidence, paper whose original lies somewhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.contracts import DocumentForm, SignatureState
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.contracts import (
    ContractDocumentAdded,
    ContractDocumentShared,
    ContractDocumentWithdrawn,
    ContractSignaturesChecked,
)
from audit_portal.domain.evidence import PDF, Received
from audit_portal.services.contracts.contracts import on_timelines, overtake
from audit_portal.services.evidence import vault, versions
from audit_portal.services.evidence.incoming import Incoming
from audit_portal.services.house import Context, House
from audit_portal.storage import assessments, contracts, get
from audit_portal.storage.tables.assessments import Evidence, EvidenceVersion
from audit_portal.storage.tables.contracts import Contract, ContractDocument
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("contract_documents")
_NEEDS_ORIGINAL = frozenset({DocumentForm.SCAN, DocumentForm.PAPER})


@dataclass(frozen=True)
class DocumentFacts:
    """What its bringer says of a document."""

    title: str
    form: DocumentForm
    original_place: str = ""
    original_binder: str = ""
    original_keeper: str = ""
    shared: bool = False


def _check(facts: DocumentFacts) -> None:
    if facts.form in _NEEDS_ORIGINAL and not facts.original_place.strip():
        raise Invalid("original_place_needed", field="original_place")


class ContractUpload(Incoming):
    """One file of a contract, streaming in. What can be refused early is refused on construction."""

    def __init__(
        self, ctx: Context, contract_id: UUID, facts: DocumentFacts, name: str, expected: int | None
    ) -> None:
        require(ctx.actor, Permission.CONTRACT_REGISTER)
        _check(facts)
        if facts.form is DocumentForm.PAPER:
            raise Invalid("paper_has_no_file", field="form")
        with ctx.read() as tx:
            row = get.one(tx, Contract, contract_id)
            _require_room(tx, row)
        self._contract_id, self._facts = contract_id, facts
        # Whoever entrusts keeps the contract: its file stays with theirs, whoever the vendor is.
        super().__init__(ctx, row.principal_id, name, expected)

    def _record(self, received: Received) -> UUID:
        with self._ctx.begin() as tx:
            row = get.one(tx, Contract, self._contract_id)
            _require_room(tx, row)
            _, version = versions.first(tx, self._at, received, contract_id=row.id)
            found = _add(tx, row, self._facts, version)
            if found.signature_state is SignatureState.PENDING:
                key = f"contract_signatures:{found.id}"
                tx.send("check_contract_signatures", key, {"document_id": str(found.id)})
        return found.id


def _require_room(tx: Transaction, row: Contract) -> None:
    if len(contracts.documents(tx, (row.id,)).get(row.id, ())) >= limits.CONTRACT_DOCUMENTS:
        raise Conflict("too_many_documents", most=limits.CONTRACT_DOCUMENTS)


def record_paper(ctx: Context, contract_id: UUID, facts: DocumentFacts) -> UUID:
    """A paper original without a file: where it is kept. Raises Invalid('original_place_needed')."""
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    _check(facts)
    with ctx.begin() as tx:
        row = get.one(tx, Contract, contract_id)
        _require_room(tx, row)
        return _add(tx, row, facts, None).id


def _add(
    tx: Transaction, row: Contract, facts: DocumentFacts, version: EvidenceVersion | None
) -> ContractDocument:
    to_check = (
        version is not None and facts.form is DocumentForm.ELECTRONIC and version.media_type == PDF.name
    )
    found = ContractDocument(
        contract_id=row.id,
        title=facts.title or (version.file_name[: limits.NAME] if version else row.title),
        form=facts.form,
        evidence_id=version.evidence_id if version else None,
        evidence_version_id=version.id if version else None,
        original_place=facts.original_place,
        original_binder=facts.original_binder,
        original_keeper=facts.original_keeper,
        shared=facts.shared,
        signature_state=SignatureState.PENDING if to_check else SignatureState.NONE,
        added_at=tx.now,
        added_by=tx.actor.person,
    )
    tx.add(found)
    tx.flush()
    on_timelines(
        tx,
        row,
        ContractDocumentAdded,
        number=row.number,
        document_id=found.id,
        form=found.form.value,
        sha256=version.sha256 if version else None,
    )
    return found


def _document(tx: Transaction, contract_id: UUID, document_id: UUID) -> tuple[Contract, ContractDocument]:
    row = get.one(tx, Contract, contract_id)
    return row, get.one(tx, ContractDocument, document_id, contract_id=row.id)


def share(ctx: Context, contract_id: UUID, document_id: UUID, shared: bool) -> None:
    """Shows the document to the vendor, or no longer."""
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    with ctx.begin() as tx:
        row, found = _document(tx, contract_id, document_id)
        if found.withdrawn_at is not None:
            raise Conflict("document_withdrawn")
        if found.shared is not shared:
            found.shared = shared
            on_timelines(
                tx, row, ContractDocumentShared, number=row.number, document_id=found.id, shared=shared
            )


def withdraw(ctx: Context, contract_id: UUID, document_id: UUID, reason: str) -> None:
    """A document put here by mistake: it stays on record, counts no longer, and the vendor sees it no more."""
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    if not reason.strip():
        raise Invalid("withdrawal_needs_reason", field="reason")
    with ctx.begin() as tx:
        row, found = _document(tx, contract_id, document_id)
        if found.withdrawn_at is not None:
            raise Conflict("document_withdrawn")
        overtake(tx, row)
        found.withdrawn_at, found.withdrawn_reason = tx.now, reason
        on_timelines(tx, row, ContractDocumentWithdrawn, number=row.number, document_id=found.id)


def check_signatures(house: House, payload: Mapping[str, Any]) -> None:
    """The worker's part: reads the signatures of a contract that was concluded electronically."""
    with house.db.read(_SYSTEM) as tx:
        found = get.one(tx, ContractDocument, UUID(payload["document_id"]))
        stored = assessments.version(tx, found.evidence_version_id) if found.evidence_version_id else None
    if stored is None or found.signature_state is not SignatureState.PENDING:
        return  # run twice
    version, evidence = stored
    state, signatures = _read(house, version, evidence)
    with house.db.begin(_SYSTEM) as tx:
        row, found = _document(tx, found.contract_id, found.id)
        found.signature_state, found.signatures_at = state, tx.now
        found.signatures = [_plain(asdict(each)) for each in signatures]
        on_timelines(
            tx,
            row,
            ContractSignaturesChecked,
            number=row.number,
            document_id=found.id,
            sha256=version.sha256,
            state=state.value,
            signatures=len(signatures),
            intact=sum(each.intact for each in signatures),
        )


def _read(house: House, version: EvidenceVersion, evidence: Evidence) -> tuple[SignatureState, Any]:
    if version.size > limits.SIGNATURE_CHECK_BYTES:
        return SignatureState.UNREADABLE, ()
    pdf = vault.read_bytes(house, vault.locator(version, evidence.party_id), version.size)
    try:
        return SignatureState.CHECKED, house.signature_reader(pdf)
    except Invalid:
        return SignatureState.UNREADABLE, ()


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    at = found["signed_at"]
    return {**found, "signed_at": at.isoformat() if at else None}
