"""Keeping watch: the yearly plan."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.monitoring import PlanState
from audit_portal.storage.tables.base import Kept, Ledger, Scope, choice, reference, text

_OPEN = sa.text("state <> 'cancelled'")


class PlanEntry(Kept, table=True):
    """One line of the yearly plan: this engagement, this kind of check, in this month. Internal to the client."""

    __tablename__: ClassVar[str] = "plan_entry"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    engagement_id: UUID = reference("engagement_link.id", index=True)
    fiscal_year: int
    kind: AssessmentKind = choice(AssessmentKind)
    month: date  # its first day
    state: PlanState = choice(PlanState, default=PlanState.PLANNED)
    reason: str = text(limits.LINE, default="")  # why it was moved last, or cancelled
    assessment_id: UUID | None = reference("assessment.id", default=None, nullable=True)
    planned_by: UUID = reference("account.id")

    __table_args__ = (
        sa.Index(
            "uq_plan_entry_open",
            "engagement_id",
            "fiscal_year",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index(None, "fiscal_year", "month"),
    )
