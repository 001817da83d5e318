"""Many contracts registered at once, as they come in from a table; each with its entries in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.contracts import ContractKind, DocumentForm, SignatureState, next_deadline
from audit_portal.domain.events.contracts import ContractDocumentAdded, ContractRegistered, ContractTied
from audit_portal.domain.numbers import Numbered
from audit_portal.services.contracts.contracts import ContractFacts, columns
from audit_portal.services.house import Context
from audit_portal.storage.many import add_all
from audit_portal.storage.numbers import next_numbers
from audit_portal.storage.tables.contracts import (
    Contract,
    ContractDeadline,
    ContractDocument,
    ContractEngagement,
)
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Original:
    """What is known of the original when no file comes with it."""

    form: DocumentForm
    place: str


@dataclass(frozen=True)
class Entry:
    """A contract to be registered; its facts were checked (contracts.check). It serves at least one engagement."""

    principal_id: UUID
    vendor_id: UUID
    engagement_ids: tuple[UUID, ...]
    facts: ContractFacts
    original: Original | None = None


def register_all(ctx: Context, tx: Transaction, entries: Sequence[Entry]) -> None:
    numbers = next_numbers(tx, Numbered.CONTRACT, len(entries))
    placed = [(uuid7(), number, each) for number, each in zip(numbers, entries, strict=True)]
    add_all(tx, Contract, [_contract(*each) for each in placed])
    add_all(
        tx,
        ContractEngagement,
        [_tie(id, work, each.facts.starts_on) for id, _, each in placed for work in each.engagement_ids],
    )
    papers = {id: _paper(tx, id, each) for id, _, each in placed if each.original}
    add_all(tx, ContractDocument, list(papers.values()))
    for id, _, each in placed:
        due = next_deadline(each.facts.terms(), ctx.house.today())
        if due is not None:
            tx.add(ContractDeadline(contract_id=id, due_on=due.on, notice=due.notice))
    for id, number, each in placed:
        for work in each.engagement_ids:
            _tell(tx, work, id, number, each, papers.get(id))


def tie_all(tx: Transaction, ties: Sequence[tuple[Contract, UUID, date]]) -> None:
    """Contracts that are there serve another engagement (of the same parties), too: (contract, engagement, since)."""
    add_all(tx, ContractEngagement, [_tie(row.id, work, since) for row, work, since in ties])
    for row, work, since in ties:
        tx.record(ContractTied(engagement_id=work, contract_id=row.id, number=row.number, valid_from=since))


def _contract(id: UUID, number: str, entry: Entry) -> dict[str, Any]:
    return {
        "id": id,
        "number": number,
        "principal_id": entry.principal_id,
        "vendor_id": entry.vendor_id,
        **columns(entry.facts),
    }


def _tie(contract_id: UUID, engagement_id: UUID, since: date) -> dict[str, Any]:
    return {"id": uuid7(), "contract_id": contract_id, "engagement_id": engagement_id, "valid_from": since}


def _paper(tx: Transaction, contract_id: UUID, entry: Entry) -> dict[str, Any]:
    original = entry.original
    if original is None:
        raise ValueError("no original")
    return {
        "id": uuid7(),
        "contract_id": contract_id,
        "title": entry.facts.title,
        "form": original.form,
        "original_place": original.place,
        "signature_state": SignatureState.NONE,
        "added_at": tx.now,
        "added_by": tx.actor.person,
    }


def _tell(
    tx: Transaction, work: UUID, contract_id: UUID, number: str, entry: Entry, paper: dict[str, Any] | None
) -> None:
    kind: ContractKind = entry.facts.kind
    tx.record(ContractRegistered(engagement_id=work, contract_id=contract_id, number=number, kind=kind.value))
    tx.record(
        ContractTied(
            engagement_id=work, contract_id=contract_id, number=number, valid_from=entry.facts.starts_on
        )
    )
    if paper is not None:
        tx.record(
            ContractDocumentAdded(
                engagement_id=work,
                contract_id=contract_id,
                number=number,
                document_id=paper["id"],
                form=paper["form"].value,
                sha256=None,
            )
        )
