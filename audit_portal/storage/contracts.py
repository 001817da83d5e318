"""Queries on contracts, the engagements they serve, their documents, and the clauses answers stand on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.storage import search
from audit_portal.storage.page import Order, Page, mentions
from audit_portal.storage.tables.contracts import (
    ClauseStandIn,
    ClauseTie,
    Contract,
    ContractDeadline,
    ContractDocument,
    ContractEngagement,
)
from audit_portal.storage.tables.supervision import Engagement, EngagementLink
from audit_portal.storage.transaction import Transaction

Served = tuple[ContractEngagement, Engagement, EngagementLink]
Tied = tuple[ClauseTie, Contract, ContractDocument]


def of_engagement(tx: Transaction, engagement_id: UUID) -> list[tuple[ContractEngagement, Contract]]:
    """Contracts that serve, or served, an engagement; by number."""
    query = (
        sa.select(ContractEngagement, Contract)
        .join(Contract, col(Contract.id) == ContractEngagement.contract_id)
        .where(col(ContractEngagement.engagement_id) == engagement_id)
        .order_by(col(Contract.number), col(Contract.id))
    )
    return [tuple(row) for row in tx.session.execute(query)]


def served(tx: Transaction, contract_id: UUID) -> list[Served]:
    """The engagements within reach that a contract serves, or served."""
    query = (
        sa.select(ContractEngagement, Engagement, EngagementLink)
        .join(Engagement, col(Engagement.id) == ContractEngagement.engagement_id)
        .join(EngagementLink, col(EngagementLink.id) == ContractEngagement.engagement_id)
        .where(col(ContractEngagement.contract_id) == contract_id)
        .order_by(col(EngagementLink.number), col(EngagementLink.id))
    )
    return [tuple(row) for row in tx.session.execute(query)]


def tie(tx: Transaction, contract_id: UUID, engagement_id: UUID) -> ContractEngagement | None:
    query = select(ContractEngagement).where(
        ContractEngagement.contract_id == contract_id, ContractEngagement.engagement_id == engagement_id
    )
    return tx.session.exec(query).one_or_none()


_CONTRACTS: Order[Contract] = Order("newest", col(Contract.id), lambda row: row.id, newest_first=True)
_DUE: Order[tuple[Contract, ContractDeadline]] = Order(
    "due",
    col(Contract.id),
    lambda row: row[0].id,
    col(ContractDeadline.due_on),
    lambda row: row[1].due_on.isoformat(),
    date.fromisoformat,
)


def _about(tx: Transaction, words: Collection[str]) -> Any:
    own = mentions(words, col(Contract.title), col(Contract.number), col(Contract.reference_number))
    return sa.or_(own, search.found(tx, words, {search.PARTY: col(Contract.vendor_id)}))


def listed(
    tx: Transaction,
    after: str | None = None,
    vendor_id: UUID | None = None,
    words: Collection[str] = (),
    limit: int = limits.PAGE,
) -> Page[Contract]:
    """Contracts within reach, the newest first; `words` in title, numbers, vendor."""
    query = select(Contract)
    if vendor_id:
        query = query.where(Contract.vendor_id == vendor_id)
    if words:
        query = query.where(_about(tx, words))
    return _CONTRACTS.page(tx.session.exec(_CONTRACTS.rows(query, after, limit)).all(), limit)


def due_until(
    tx: Transaction,
    until: date,
    after: str | None = None,
    words: Collection[str] = (),
    limit: int = limits.PAGE,
) -> Page[Contract]:
    """Contracts whose next deadline, as it was last worked out, lies on or before a day; the earliest first."""
    query = (
        sa.select(Contract, ContractDeadline)
        .join(ContractDeadline, col(ContractDeadline.contract_id) == Contract.id)
        .where(col(ContractDeadline.due_on) <= until)
    )
    if words:
        query = query.where(_about(tx, words))
    rows = [(row[0], row[1]) for row in tx.session.execute(_DUE.rows(query, after, limit))]
    return _DUE.page(rows, limit).map(lambda row: row[0])


def overdue_deadlines(tx: Transaction, today: date, limit: int) -> list[ContractDeadline]:
    """Deadlines that have passed: what comes next has to be worked out anew."""
    query = select(ContractDeadline).where(ContractDeadline.due_on < today).limit(limit)
    return list(tx.session.exec(query))


def deadline(tx: Transaction, contract_id: UUID) -> ContractDeadline | None:
    query = select(ContractDeadline).where(ContractDeadline.contract_id == contract_id)
    return tx.session.exec(query).one_or_none()


def children(tx: Transaction, contract_id: UUID) -> list[Contract]:
    query = select(Contract).where(Contract.parent_id == contract_id)
    return list(tx.session.exec(query.order_by(col(Contract.number))))


def by_ids(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Contract]:
    query = select(Contract).where(col(Contract.id).in_(tuple(ids)))
    return {row.id: row for row in tx.session.exec(query)}


def between(tx: Transaction, principal_id: UUID, vendor_id: UUID) -> list[Contract]:
    """All contracts of two parties within reach, by number."""
    query = select(Contract).where(Contract.principal_id == principal_id, Contract.vendor_id == vendor_id)
    return list(tx.session.exec(query.order_by(col(Contract.number))))


def documents(tx: Transaction, contract_ids: Collection[UUID]) -> dict[UUID, list[ContractDocument]]:
    """Documents by contract, the newest first; withdrawn ones too."""
    query = select(ContractDocument).where(col(ContractDocument.contract_id).in_(tuple(contract_ids)))
    found: dict[UUID, list[ContractDocument]] = {}
    for row in tx.session.exec(query.order_by(col(ContractDocument.id).desc())):
        found.setdefault(row.contract_id, []).append(row)
    return found


def document_of(tx: Transaction, evidence_id: UUID) -> ContractDocument | None:
    """The document, if the actor may see it, that this evidence is."""
    query = select(ContractDocument).where(ContractDocument.evidence_id == evidence_id)
    return tx.session.exec(query).one_or_none()


def clauses(tx: Transaction, assessment_id: UUID) -> dict[UUID, list[Tied]]:
    """By answer id: where in which document of which contract it finds its clause."""
    return tx.remembered(("clauses", assessment_id), lambda: _clauses(tx, assessment_id))


def _clauses(tx: Transaction, assessment_id: UUID) -> dict[UUID, list[Tied]]:
    query = (
        sa.select(ClauseTie, Contract, ContractDocument)
        .join(Contract, col(Contract.id) == ClauseTie.contract_id)
        .join(ContractDocument, col(ContractDocument.id) == ClauseTie.document_id)
        .where(col(ClauseTie.assessment_id) == assessment_id)
        .order_by(col(ClauseTie.id))
    )
    found: dict[UUID, list[Tied]] = {}
    for row in tx.session.execute(query):
        found.setdefault(row[0].answer_id, []).append(tuple(row))
    return found


def stand_ins(tx: Transaction, assessment_id: UUID) -> dict[UUID, ClauseStandIn]:
    """By answer id: what takes the place of a clause; those taken back are left out."""
    return tx.remembered(("stand_ins", assessment_id), lambda: _stand_ins(tx, assessment_id))


def _stand_ins(tx: Transaction, assessment_id: UUID) -> dict[UUID, ClauseStandIn]:
    query = select(ClauseStandIn).where(
        ClauseStandIn.assessment_id == assessment_id, col(ClauseStandIn.kind).is_not(None)
    )
    return {row.answer_id: row for row in tx.session.exec(query)}


def stand_in(tx: Transaction, answer_id: UUID) -> ClauseStandIn | None:
    query = select(ClauseStandIn).where(ClauseStandIn.answer_id == answer_id)
    return tx.session.exec(query).one_or_none()
