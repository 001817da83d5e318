"""Contracts (契約): registered, changed, ended, and tied to the engagements they serve."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.contracts import (
    ContractKind,
    Reentrustment,
    Standing,
    Terms,
    check_parent,
    check_terms,
    next_deadline,
    standing,
)
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.contracts import (
    ContractChanged,
    ContractEnded,
    ContractRegistered,
    ContractTied,
    ContractUntied,
)
from audit_portal.domain.events.event import Event
from audit_portal.domain.numbers import Numbered
from audit_portal.services.engagements import open_requests
from audit_portal.services.house import Context, House
from audit_portal.storage import contracts, get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.contracts import Contract, ContractDeadline, ContractEngagement
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("contracts")
_SWEPT = 200


@dataclass(frozen=True)
class ContractFacts:
    """What an officer writes about a contract."""

    kind: ContractKind
    title: str
    starts_on: date
    ends_on: date | None = None
    concluded_on: date | None = None
    reference_number: str = ""
    parent_id: UUID | None = None
    renewal_months: int | None = None
    notice_months: int = 0
    notice_days: int = 0
    reentrustment: Reentrustment | None = None
    audit_right: bool = False
    audit_right_note: str = ""
    governing_note: str = ""

    def terms(self, ended_on: date | None = None) -> Terms:
        return Terms(
            self.kind,
            self.starts_on,
            self.ends_on,
            self.concluded_on,
            self.renewal_months,
            self.notice_months,
            self.notice_days,
            ended_on,
        )


def terms_of(row: Contract) -> Terms:
    return Terms(
        row.kind,
        row.starts_on,
        row.ends_on,
        row.concluded_on,
        row.renewal_months,
        row.notice_months,
        row.notice_days,
        row.ended_on,
    )


def serving_today(
    ctx: Context, tx: Transaction, engagement_id: UUID
) -> tuple[tuple[Contract, Standing], ...]:
    """The contracts that serve the engagement, each as it stands today."""
    today = ctx.house.today()
    return tuple(
        (row, standing(terms_of(row), today))
        for tie, row in contracts.of_engagement(tx, engagement_id)
        if tie.valid_to is None or tie.valid_to >= today
    )


def register(ctx: Context, engagement_id: UUID, facts: ContractFacts) -> UUID:
    """A new contract between the engagement's principal and vendor; it serves this engagement.

    Raises Invalid for dates and periods that can't be (domain.contracts), or a parent that doesn't fit.
    """
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    check(ctx, facts)
    with ctx.begin() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        row = Contract(
            number=next_number(tx, Numbered.CONTRACT),
            principal_id=placed.principal.id,
            vendor_id=placed.vendor.id,
            kind=facts.kind,
            title=facts.title,
            starts_on=facts.starts_on,
        )
        _write(tx, row, facts)
        tx.add(row)
        tx.flush()
        _tie(tx, row, engagement_id, facts.starts_on)
        _set_deadline(ctx, tx, row)
        tx.record(
            ContractRegistered(
                engagement_id=engagement_id, contract_id=row.id, number=row.number, kind=row.kind.value
            )
        )
    return row.id


def change(ctx: Context, contract_id: UUID, version: int, facts: ContractFacts) -> None:
    """Corrects what is registered; a contract that was ended keeps its end."""
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    check(ctx, facts)
    with ctx.begin() as tx:
        row = get.one(tx, Contract, contract_id)
        get.at_version(row, version)
        check_terms(facts.terms(row.ended_on))
        if any(getattr(row, name) != value for name, value in columns(facts).items()):
            overtake(tx, row)
        _write(tx, row, facts)
        _set_deadline(ctx, tx, row)
        on_timelines(tx, row, ContractChanged, number=row.number)


def end(ctx: Context, contract_id: UUID, version: int, ended_on: date | None, reason: str) -> None:
    """It ends, or ended, on this day, whatever its dates say; None takes that back.

    Raises Invalid('contract_end_needs_reason' | 'contract_ended_before_start').
    """
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    if not reason.strip():
        raise Invalid("contract_end_needs_reason", field="reason")
    with ctx.begin() as tx:
        row = get.one(tx, Contract, contract_id)
        get.at_version(row, version)
        check_terms(replace(terms_of(row), ended_on=ended_on))
        if row.ended_on != ended_on:
            overtake(tx, row)
        row.ended_on, row.ended_reason = ended_on, reason
        _set_deadline(ctx, tx, row)
        on_timelines(tx, row, ContractEnded, number=row.number, ended_on=ended_on)


def tie(ctx: Context, contract_id: UUID, engagement_id: UUID, valid_from: date) -> None:
    """The contract serves another engagement of the same two parties, too.

    Raises Invalid('contract_of_others'), Conflict('contract_tied').
    """
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    with ctx.begin() as tx:
        row = get.one(tx, Contract, contract_id)
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        if (placed.principal.id, placed.vendor.id) != (row.principal_id, row.vendor_id):
            raise Invalid("contract_of_others", field="engagement")
        _tie(tx, row, engagement_id, valid_from)


def untie(ctx: Context, contract_id: UUID, engagement_id: UUID, valid_to: date) -> None:
    """It serves the engagement up to this day. Raises Invalid('tie_ends_before_start')."""
    require(ctx.actor, Permission.CONTRACT_REGISTER)
    with ctx.begin() as tx:
        row = get.one(tx, Contract, contract_id)
        found = contracts.tie(tx, contract_id, engagement_id)
        if found is None:
            raise NotFound()
        if valid_to < found.valid_from:
            raise Invalid("tie_ends_before_start", field="valid_to", first=found.valid_from)
        open_requests.overtake_on_contracts(tx, engagement_id)
        found.valid_to = valid_to
        tx.record(
            ContractUntied(
                engagement_id=engagement_id, contract_id=row.id, number=row.number, valid_to=valid_to
            )
        )


def _tie(tx: Transaction, row: Contract, engagement_id: UUID, valid_from: date) -> None:
    open_requests.overtake_on_contracts(tx, engagement_id)
    found = contracts.tie(tx, row.id, engagement_id)
    if found is not None:
        if found.valid_to is None:
            raise Conflict("contract_tied", number=row.number)
        found.valid_to = None
    else:
        tx.add(ContractEngagement(contract_id=row.id, engagement_id=engagement_id, valid_from=valid_from))
    tx.record(
        ContractTied(
            engagement_id=engagement_id, contract_id=row.id, number=row.number, valid_from=valid_from
        )
    )


def overtake(tx: Transaction, row: Contract) -> None:
    """A decision that waits on this contract was asked on other terms."""
    for found, _, _ in contracts.served(tx, row.id):
        open_requests.overtake_on_contracts(tx, found.engagement_id)


def on_timelines(tx: Transaction, row: Contract, kind: type[Event], **facts: object) -> None:
    """One entry on the timeline of every engagement that the contract serves, or served."""
    for found, _, _ in contracts.served(tx, row.id):
        tx.record(kind(engagement_id=found.engagement_id, contract_id=row.id, **facts))  # type: ignore[call-arg]


def check(ctx: Context, facts: ContractFacts) -> None:
    """Raises Invalid for what can't be (domain.contracts), and ('concluded_in_future')."""
    check_terms(facts.terms())
    check_parent(facts.kind, facts.parent_id is not None)
    if facts.concluded_on and facts.concluded_on > ctx.house.today():
        raise Invalid("concluded_in_future", field="concluded_on")


def columns(facts: ContractFacts) -> dict[str, Any]:
    """What is written of a contract: every fact has a column of its name."""
    return {each.name: getattr(facts, each.name) for each in fields(facts)}


def _write(tx: Transaction, row: Contract, facts: ContractFacts) -> None:
    _check_parent(tx, row, facts.parent_id)
    for name, value in columns(facts).items():
        setattr(row, name, value)


def _check_parent(tx: Transaction, row: Contract, parent_id: UUID | None) -> None:
    """Between the same parties, and never itself or one that hangs on it."""
    above = parent_id
    while above is not None:
        if above == row.id:
            raise Invalid("parent_in_circle", field="parent")
        found = contracts.by_ids(tx, (above,)).get(above)
        if found is None or (found.principal_id, found.vendor_id) != (row.principal_id, row.vendor_id):
            raise Invalid("parent_of_others", field="parent")
        above = found.parent_id


def _set_deadline(ctx: Context, tx: Transaction, row: Contract) -> None:
    due = next_deadline(terms_of(row), ctx.house.today())
    found = contracts.deadline(tx, row.id)
    if due is None:
        if found is not None:
            tx.remove(found)
    elif found is None:
        tx.add(ContractDeadline(contract_id=row.id, due_on=due.on, notice=due.notice))
    else:
        found.due_on, found.notice = due.on, due.notice


def move_deadlines_on(house: House) -> int:
    """The worker's part: what has passed gives way to what comes next. Returns how many were looked at."""
    ctx = Context(house, _SYSTEM)
    with ctx.begin() as tx:
        passed = contracts.overdue_deadlines(tx, house.today(), _SWEPT)
        for each in passed:
            _set_deadline(ctx, tx, get.one(tx, Contract, each.contract_id))
    return len(passed)
