"""Contracts as pages show them: how each stands today, what it serves, its documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.contracts import (
    BELOW_GUIDELINE,
    ContractKind,
    Deadline,
    DocumentForm,
    Reentrustment,
    SignatureState,
    Standing,
    Terms,
    end_of_term,
    last_day_for_notice,
    next_deadline,
    standing,
)
from audit_portal.domain.errors import NotFound
from audit_portal.services.contracts.contracts import terms_of
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.services.readings import spellings
from audit_portal.storage import assessments, contracts, get, parties
from audit_portal.storage.page import Page
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import EvidenceVersion
from audit_portal.storage.tables.contracts import Contract, ContractDocument
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class ContractHead:
    """One line of a list."""

    id: UUID
    number: str
    kind: ContractKind
    title: str
    vendor_id: UUID
    vendor_name: str
    principal_name: str
    terms: Terms
    standing: Standing
    end: date | None  # of the term that runs today
    notice_by: date | None
    deadline: Deadline | None
    reentrustment: Reentrustment | None
    below_guideline: bool
    parent_id: UUID | None


@dataclass(frozen=True)
class ServedView:
    id: UUID
    number: str
    title: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class FoundView:
    """One signature in a PDF, as it was read after the upload."""

    signer: str
    issuer: str
    intact: bool
    whole: bool
    signed_at: datetime | None
    stamped: bool
    stamp: bool


@dataclass(frozen=True)
class DocumentView:
    id: UUID
    contract_id: UUID
    title: str
    form: DocumentForm
    version_id: UUID | None
    file_name: str
    media_type: str
    size: int
    sha256: str
    original_place: str
    original_binder: str
    original_keeper: str
    shared: bool
    signature_state: SignatureState
    signatures: tuple[FoundView, ...]
    signatures_at: datetime | None
    added_at: datetime
    added_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def sound(self) -> bool:
        """Every signature was found intact, and there is one."""
        return bool(self.signatures) and all(each.intact and each.whole for each in self.signatures)


@dataclass(frozen=True)
class ContractView:
    head: ContractHead
    reference_number: str
    ended_reason: str
    audit_right: bool
    audit_right_note: str
    governing_note: str
    parent: ContractHead | None
    children: tuple[ContractHead, ...]
    serves: tuple[ServedView, ...]
    documents: tuple[DocumentView, ...]
    inside: bool  # the reader's own organisation entrusts: it sees notes and where originals are kept
    version: int


def get_contract(ctx: Context, contract_id: UUID) -> ContractView:
    """NotFound outside one's reach. The vendor isn't shown the principal's notes."""
    require(ctx.actor, Permission.CONTRACT_VIEW)
    with ctx.read() as tx:
        row = get.one(tx, Contract, contract_id)
        parent = contracts.by_ids(tx, (row.parent_id,)).get(row.parent_id) if row.parent_id else None
        below = contracts.children(tx, row.id)
        heads = _heads(ctx, tx, [row, *below, *([parent] if parent else [])])
        serves = tuple(
            ServedView(work.id, link.number, work.title, found.valid_from, found.valid_to)
            for found, work, link in contracts.served(tx, row.id)
        )
        documents = _documents(ctx, tx, contracts.documents(tx, (row.id,)).get(row.id, []))
    inside = not (ctx.actor.is_vendor and ctx.actor.party_id == row.vendor_id)
    return ContractView(
        head=heads[row.id],
        reference_number=row.reference_number,
        ended_reason=row.ended_reason if inside else "",
        audit_right=row.audit_right,
        audit_right_note=row.audit_right_note,
        governing_note=row.governing_note if inside else "",
        parent=heads[parent.id] if parent else None,
        children=tuple(heads[each.id] for each in below),
        serves=serves,
        documents=documents,
        inside=inside,
        version=row.version,
    )


def listed(
    ctx: Context,
    after: str | None = None,
    vendor_id: UUID | None = None,
    search: str = "",
    limit: int = limits.PAGE,
) -> Page[ContractHead]:
    """Contracts within reach, the newest first; `search` in title, numbers, vendor."""
    require(ctx.actor, Permission.CONTRACT_VIEW)
    with ctx.read() as tx:
        page = contracts.listed(tx, after, vendor_id, spellings(search), limit)
        heads = _heads(ctx, tx, list(page.items))
    return page.map(lambda row: heads[row.id])


def due_soon(
    ctx: Context,
    after: str | None = None,
    search: str = "",
    days: int = limits.CONTRACT_WARNING_DAYS,
    limit: int = limits.PAGE,
) -> Page[ContractHead]:
    """What ends, or must be given notice of, within so many days; the earliest first."""
    require(ctx.actor, Permission.CONTRACT_VIEW)
    until = ctx.house.today() + timedelta(days=days)
    with ctx.read() as tx:
        page = contracts.due_until(tx, until, after, spellings(search), limit)
        heads = _heads(ctx, tx, list(page.items))
    # The worker may not have moved a passed deadline on yet: what counts is worked out here.
    shown = tuple(
        heads[row.id] for row in page.items if (due := heads[row.id].deadline) is not None and due.on <= until
    )
    return Page(shown, page.next_key)


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[ContractHead, ...]:
    """Contracts that serve, or served, an engagement."""
    require(ctx.actor, Permission.CONTRACT_VIEW)
    with ctx.read() as tx:
        rows = [row for _, row in contracts.of_engagement(tx, engagement_id)]
        heads = _heads(ctx, tx, rows)
    return tuple(heads[row.id] for row in rows)


def parents_for(ctx: Context, engagement_id: UUID) -> tuple[ContractHead, ...]:
    """Contracts of the same parties, that another one can hang on."""
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    with ctx.read() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        rows = contracts.between(tx, placed.principal.id, placed.vendor.id)
        heads = _heads(ctx, tx, rows)
    return tuple(heads[row.id] for row in rows)


def siblings_of(ctx: Context, contract_id: UUID) -> tuple[ContractHead, ...]:
    """The other contracts of its parties."""
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    with ctx.read() as tx:
        row = get.one(tx, Contract, contract_id)
        rows = [each for each in contracts.between(tx, row.principal_id, row.vendor_id) if each.id != row.id]
        heads = _heads(ctx, tx, rows)
    return tuple(heads[each.id] for each in rows)


def documents_of_engagement(
    ctx: Context, engagement_id: UUID
) -> tuple[tuple[ContractHead, DocumentView], ...]:
    """What a clause can be tied to: documents of the contracts that serve the engagement today."""
    require(ctx.actor, Permission.CONTRACT_VIEW)
    today = ctx.house.today()
    with ctx.read() as tx:
        rows = {
            row.id: row
            for found, row in contracts.of_engagement(tx, engagement_id)
            if found.valid_to is None or found.valid_to >= today
        }
        heads = _heads(ctx, tx, list(rows.values()))
        documents = contracts.documents(tx, rows)
        views = _documents(ctx, tx, [each for every in documents.values() for each in every])
    standing_now = [each for each in views if each.withdrawn_at is None]
    return tuple((heads[each.contract_id], each) for each in standing_now)


def _heads(ctx: Context, tx: Transaction, rows: list[Contract]) -> dict[UUID, ContractHead]:
    today = ctx.house.today()
    wanted = {each for row in rows for each in (row.vendor_id, row.principal_id)}
    names = parties.by_ids(tx, wanted)
    if names.keys() != wanted:
        raise NotFound()
    return {row.id: _head(row, names, today) for row in rows}


def _head(row: Contract, names: dict[UUID, Party], today: date) -> ContractHead:
    terms = terms_of(row)
    return ContractHead(
        row.id,
        row.number,
        row.kind,
        row.title,
        row.vendor_id,
        names[row.vendor_id].name,
        names[row.principal_id].name,
        terms,
        standing(terms, today),
        end_of_term(terms, today),
        last_day_for_notice(terms, today),
        next_deadline(terms, today),
        row.reentrustment,
        row.reentrustment in BELOW_GUIDELINE,
        row.parent_id,
    )


def _documents(ctx: Context, tx: Transaction, rows: list[ContractDocument]) -> tuple[DocumentView, ...]:
    versions = assessments.versions_by_id(tx, [each.evidence_version_id for each in rows])
    people = then(ctx, {each.added_by for each in rows})
    return tuple(_document(each, versions, people, ctx.actor.is_vendor) for each in rows)


def _document(
    row: ContractDocument,
    versions: dict[UUID, EvidenceVersion],
    people: People,
    for_vendor: bool,
) -> DocumentView:
    version = versions.get(row.evidence_version_id) if row.evidence_version_id else None
    return DocumentView(
        id=row.id,
        contract_id=row.contract_id,
        title=row.title,
        form=row.form,
        version_id=version.id if version else None,
        file_name=version.file_name if version else "",
        media_type=version.media_type if version else "",
        size=version.size if version else 0,
        sha256=version.sha256 if version else "",
        original_place="" if for_vendor else row.original_place,
        original_binder="" if for_vendor else row.original_binder,
        original_keeper="" if for_vendor else row.original_keeper,
        shared=row.shared,
        signature_state=row.signature_state,
        signatures=tuple(_found(each) for each in row.signatures),
        signatures_at=row.signatures_at,
        added_at=row.added_at,
        added_by="" if for_vendor else people.name(row.added_by, row.added_at),
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


def _found(each: dict[str, object]) -> FoundView:
    at = each["signed_at"]
    return FoundView(
        str(each["signer"]),
        str(each["issuer"]),
        bool(each["intact"]),
        bool(each["whole"]),
        datetime.fromisoformat(str(at)) if at else None,
        bool(each["stamped"]),
        bool(each["stamp"]),
    )
