"""What a vendor may read of a refusal: the words meant for it, nothing of the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.services.house import Context
from audit_portal.storage import approvals


@dataclass(frozen=True)
class Notice:
    words: str
    told_at: datetime


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[Notice, ...]:
    """The newest first."""
    require(ctx.actor, Permission.ENGAGEMENT_VIEW)
    with ctx.read() as tx:
        rows = approvals.notices(tx, engagement_id)
    return tuple(Notice(row.words, row.told_at) for row in rows)
