"""The text of a contract's document, page by page, as it is read beside the clauses of a contract check."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.errors import Invalid, NotFound
from audit_portal.domain.evidence import PDF
from audit_portal.domain.preview import SHOWN, PageText, Unshown, plain_page
from audit_portal.services.evidence import evidence_reading, vault
from audit_portal.services.house import Context
from audit_portal.storage import assessments, contracts, get
from audit_portal.storage.tables.assessments import Assessment, EvidenceVersion
from audit_portal.storage.tables.contracts import Contract, ContractDocument
from audit_portal.storage.transaction import Transaction

PURPOSE = "preview"  # in the ledger: the text was shown, the file itself didn't leave


@dataclass(frozen=True)
class Preview:
    document_id: UUID
    title: str
    contract: str  # number and title
    version_id: UUID | None
    paged: bool  # its pages are those of the file
    shown: PageText | None
    why: Unshown | None  # when nothing is shown


def read_page(ctx: Context, assessment_id: UUID, document_id: UUID, page: int) -> Preview:
    """One page of a document of a contract that serves, or served, the engagement of a contract check.

    Reading is in the ledger before the document is opened. Outside one's reach, and for documents of other
    engagements, NotFound. Pages outside the document count as its first or its last.
    """
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    require(ctx.actor, Permission.EVIDENCE_READ)
    with ctx.read() as tx:
        row = get.one(tx, Assessment, assessment_id, kind=AssessmentKind.CONTRACT)
        contract, document = _document(tx, row, document_id)
        files = assessments.versions_by_id(tx, [document.evidence_version_id])
    version = files.get(document.evidence_version_id) if document.evidence_version_id else None
    found = _text(ctx, version, page)
    return Preview(
        document.id,
        document.title,
        f"{contract.number} {contract.title}",
        version.id if version else None,
        version is not None and version.media_type == PDF.name,
        found if isinstance(found, PageText) else None,
        found if isinstance(found, Unshown) else None,
    )


def _document(tx: Transaction, row: Assessment, document_id: UUID) -> tuple[Contract, ContractDocument]:
    serving = {contract.id: contract for _, contract in contracts.of_engagement(tx, row.engagement_id)}
    for contract_id, documents in contracts.documents(tx, serving).items():
        for each in documents:
            if each.id == document_id:
                return serving[contract_id], each
    raise NotFound()


def _text(ctx: Context, version: EvidenceVersion | None, page: int) -> PageText | Unshown:
    if version is None:
        return Unshown.PAPER
    if version.media_type not in SHOWN:
        return Unshown.KIND
    if version.size > limits.PREVIEW_BYTES:
        return Unshown.LARGE
    at = evidence_reading.open_download(ctx, version.id, PURPOSE)
    try:
        content = vault.read_bytes(ctx.house, at.at, at.size)
    except Invalid as error:  # a fault for who runs the portal, as with a download
        raise RuntimeError(f"evidence {version.id}: {error.code}") from error
    if version.media_type == PDF.name:
        return ctx.house.pdf_text(content, page)
    return plain_page(content, page)
