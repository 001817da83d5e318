"""Queries on rounds: engagements to pick from, what is known of them before a check goes, lines and counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import Tier
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.rounds import LineState
from audit_portal.domain.supervision import Gate, State
from audit_portal.storage import search
from audit_portal.storage.page import Page, beyond, page
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Assessment, ChecklistVersion, GateRequest
from audit_portal.storage.tables.rounds import CheckRound, CheckRoundLine
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party
from audit_portal.storage.transaction import Transaction

Work = tuple[Engagement, EngagementLink, Party]
_OVER = (AssessmentState.REVIEWED, AssessmentState.DECIDED)


def _work() -> sa.Select[Engagement, EngagementLink, Party]:
    return (
        sa.select(Engagement, EngagementLink, Party)
        .join(EngagementLink, col(EngagementLink.id) == Engagement.id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
    )


def pickable(
    tx: Transaction,
    state: State | None = None,
    tier: Tier | None = None,
    words: Collection[str] = (),
    limit: int = limits.ROUND,
) -> list[Work]:
    """Engagements within reach that fit, by number; `words` are looked for in number, title, vendor and its kana."""
    query = _work()
    if state:
        query = query.where(col(EngagementLink.state) == state)
    if tier:
        query = query.where(col(EngagementLink.risk_tier) == tier)
    if words:
        work = col(Engagement.id)
        places = {search.PARTY: col(Party.id), search.WORK: work, search.LINK: work}
        query = query.where(search.found(tx, words, places))
    query = query.order_by(col(EngagementLink.number), col(EngagementLink.id)).limit(limit)
    return [tuple(row) for row in tx.session.execute(query)]


def works(tx: Transaction, ids: Collection[UUID]) -> list[Work]:
    query = _work().where(col(Engagement.id).in_(ids))
    query = query.order_by(col(EngagementLink.number), col(EngagementLink.id))
    return [tuple(row) for row in tx.session.execute(query)]


@dataclass(frozen=True)
class Known:
    """What stands against sending: engagement ids, and how far each vendor's leads are."""

    running: frozenset[UUID]
    deciding: frozenset[UUID]
    sent_this_year: frozenset[UUID]
    leads: dict[UUID, bool]  # vendor → whether one of its leads can sign in already


def known(
    tx: Transaction, ids: Collection[UUID], vendors: Collection[UUID], fiscal_year: int, version_id: UUID
) -> Known:
    """In four queries, however many engagements."""
    running = sa.select(col(Assessment.engagement_id)).where(
        col(Assessment.engagement_id).in_(ids),
        col(Assessment.kind) == AssessmentKind.SELECTION,
        col(Assessment.state).not_in(_OVER),
    )
    deciding = sa.select(col(GateRequest.engagement_id)).where(
        col(GateRequest.engagement_id).in_(ids),
        col(GateRequest.gate) == Gate.SELECTION,
        col(GateRequest.state) == DecisionState.REQUESTED,
    )
    return Known(
        frozenset(tx.session.execute(running).scalars()),
        frozenset(tx.session.execute(deciding).scalars()),
        frozenset(tx.session.execute(_sent_in(ids, fiscal_year, version_id)).scalars()),
        leads(tx, vendors),
    )


def _sent_in(ids: Collection[UUID], fiscal_year: int, version_id: UUID) -> sa.Select[UUID]:
    """Engagements that a round of this fiscal year sent the same checklist, of whatever version."""
    same = sa.select(col(ChecklistVersion.checklist)).where(col(ChecklistVersion.id) == version_id)
    return (
        sa.select(col(CheckRoundLine.engagement_id))
        .join(CheckRound, col(CheckRound.id) == CheckRoundLine.round_id)
        .join(ChecklistVersion, col(ChecklistVersion.id) == CheckRound.checklist_version_id)
        .where(
            col(CheckRoundLine.engagement_id).in_(ids),
            col(CheckRoundLine.state) == LineState.SENT,
            col(CheckRound.fiscal_year) == fiscal_year,
            col(ChecklistVersion.checklist).in_(same),
        )
    )


def leads(tx: Transaction, vendors: Collection[UUID]) -> dict[UUID, bool]:
    """Vendors of which somebody was invited as lead, and whether one of them can sign in already."""
    query = select(Account).where(
        col(Account.party_id).in_(vendors), col(Account.state) != AccountState.ENDED
    )
    found: dict[UUID, bool] = {}
    for each in tx.session.exec(query):
        if Role.VENDOR_LEAD.value in each.roles:
            active = each.state is AccountState.ACTIVE
            found[each.party_id] = found.get(each.party_id, False) or active
    return found


def line_for_sending(tx: Transaction, line_id: UUID) -> CheckRoundLine | None:
    """The line as it is now, held until the transaction ends."""
    query = select(CheckRoundLine).where(CheckRoundLine.id == line_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return tx.session.exec(query).one_or_none()


def lock(tx: Transaction, round_id: UUID) -> CheckRound | None:
    query = select(CheckRound).where(CheckRound.id == round_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return tx.session.exec(query).one_or_none()


def counts(tx: Transaction, round_id: UUID) -> dict[LineState, int]:
    query = (
        sa.select(col(CheckRoundLine.state), sa.func.count(col(CheckRoundLine.id)))
        .where(col(CheckRoundLine.round_id) == round_id)
        .group_by(col(CheckRoundLine.state))
    )
    found: dict[LineState, int] = {row[0]: row[1] for row in tx.session.execute(query)}
    return {state: found.get(state, 0) for state in LineState}


def unsent(tx: Transaction, round_id: UUID) -> list[CheckRoundLine]:
    query = select(CheckRoundLine).where(
        CheckRoundLine.round_id == round_id, CheckRoundLine.state != LineState.SENT
    )
    return list(tx.session.exec(query.order_by(col(CheckRoundLine.id))))


LineRow = tuple[CheckRoundLine, Engagement, EngagementLink, Party]


def lines(
    tx: Transaction, round_id: UUID, state: LineState, after: str | None, limit: int = 50
) -> Page[LineRow]:
    query = (
        sa.select(CheckRoundLine, Engagement, EngagementLink, Party)
        .join(Engagement, col(Engagement.id) == CheckRoundLine.engagement_id)
        .join(EngagementLink, col(EngagementLink.id) == CheckRoundLine.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(CheckRoundLine.round_id) == round_id, col(CheckRoundLine.state) == state)
    )
    condition = beyond(after, EngagementLink.number, EngagementLink.id)
    if condition is not None:
        query = query.where(condition)
    query = query.order_by(col(EngagementLink.number), col(EngagementLink.id)).limit(limit + 1)
    rows: list[LineRow] = [tuple(row) for row in tx.session.execute(query)]
    return page(rows, limit, lambda row: (row[2].number, row[2].id))


def listed(tx: Transaction, limit: int = limits.PAGE) -> list[CheckRound]:
    """The newest first."""
    return list(tx.session.exec(select(CheckRound).order_by(col(CheckRound.id).desc()).limit(limit)))
