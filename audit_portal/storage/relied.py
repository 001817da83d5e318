"""Queries on what engagements rely on beside their answers: certifications of the vendor that stand no more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain.supervision import State
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.register import PartyCertification
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party
from audit_portal.storage.transaction import Transaction

_OVER = (State.CLOSED, State.REFUSED)  # nobody relies on anything there any more
Head = tuple[Engagement, EngagementLink, Party]


def certifications(
    tx: Transaction, today: date, vendor_id: UUID | None = None
) -> dict[UUID, list[PartyCertification]]:
    """By vendor: all the certifications of those of whom one was withdrawn or has expired."""
    expires, withdrawn = col(PartyCertification.expires_on), col(PartyCertification.withdrawn_on)
    over = sa.select(col(PartyCertification.party_id)).where(sa.or_(expires < today, withdrawn <= today))
    query = select(PartyCertification).where(col(PartyCertification.party_id).in_(over))
    if vendor_id is not None:
        query = query.where(PartyCertification.party_id == vendor_id)
    found: dict[UUID, list[PartyCertification]] = {}
    for row in tx.session.exec(query.order_by(col(PartyCertification.id))):
        found.setdefault(row.party_id, []).append(row)
    return found


def reviewed(
    tx: Transaction, vendor_ids: Collection[UUID], engagement_id: UUID | None = None
) -> dict[UUID, tuple[UUID, datetime]]:
    """By engagement of these vendors that isn't over: its vendor, and when a check was last reviewed."""
    newest = sa.func.max(col(Assessment.reviewed_at))
    query = (
        sa.select(col(Assessment.engagement_id), col(Assessment.vendor_id), newest)
        .join(EngagementLink, col(EngagementLink.id) == Assessment.engagement_id)
        .where(
            col(Assessment.vendor_id).in_(tuple(vendor_ids)),
            col(Assessment.reviewed_at).is_not(None),
            col(EngagementLink.state).not_in(_OVER),
        )
        .group_by(col(Assessment.engagement_id), col(Assessment.vendor_id))
    )
    if engagement_id is not None:
        query = query.where(col(Assessment.engagement_id) == engagement_id)
    return {row[0]: (row[1], row[2]) for row in tx.session.execute(query)}


def heads(tx: Transaction, ids: Collection[UUID], limit: int) -> list[Head]:
    """These engagements with their vendors, by name of the vendor."""
    query = (
        sa.select(Engagement, EngagementLink, Party)
        .join(EngagementLink, col(EngagementLink.id) == Engagement.id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(Engagement.id).in_(tuple(ids)))
        .order_by(col(Party.kana), col(EngagementLink.number))
        .limit(limit)
    )
    return [tuple(row) for row in tx.session.execute(query)]
