"""Facts of an engagement that come in rows, its cloud determinations, and what has to be checked again."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import Tier
from audit_portal.domain.cloud import Determination
from audit_portal.domain.engagement import Part, Route
from audit_portal.storage.tables.base import (
    Identified,
    Kept,
    Ledger,
    Scope,
    choice,
    document,
    moment,
    reference,
    text,
)


class EngagementScopeItem(Kept, table=True):
    """A task inside, outside, or on the line; `liaison` settles what comes up there."""

    __tablename__: ClassVar[str] = "engagement_scope_item"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    position: int
    part: Part = choice(Part)
    task: str = text(limits.LINE)
    liaison: str = text(limits.NAME, default="")
    ended_on: date | None = None

    __table_args__ = (sa.CheckConstraint("part <> 'boundary' OR liaison <> ''", name="boundary_has_liaison"),)


class EngagementPlace(Kept, table=True):
    """A place of handling: a site of the vendor, or words."""

    __tablename__: ClassVar[str] = "engagement_place"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    position: int
    site_id: UUID | None = reference("party_site.id", default=None, nullable=True)
    place: str = text(limits.LINE, default="")
    country: str = text(2)
    ended_on: date | None = None


class EngagementRecipient(Kept, table=True):
    """A third party abroad, with the Article 28 route and what it rests on."""

    __tablename__: ClassVar[str] = "engagement_recipient"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    position: int
    who: str = text(limits.NAME)
    country: str = text(2)
    route: Route = choice(Route)
    rests_on: str = text(limits.LINE)
    ended_on: date | None = None


class CloudDetermination(Identified, table=True):
    """Whether a cloud provider handles the data, as found on a day; a later finding is another row."""

    __tablename__: ClassVar[str] = "cloud_determination"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    outcome: Determination = choice(Determination)
    service: str = text(limits.NAME)
    terms: str = text(limits.TEXT)
    access_control: str = text(limits.TEXT)
    source: str = text(limits.LINE)
    determined_on: date
    determined_by: str = text(limits.NAME)
    recorded_at: datetime = moment()
    recorded_by: UUID = reference("account.id")


class PendingRecheck(Kept, table=True):
    """Items that a change of facts made new, not decided yet. Open while `settled_at` is empty."""

    __tablename__: ClassVar[str] = "pending_recheck"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID = reference("assessment.id")  # the newest decided check of this kind
    kind: AssessmentKind = choice(AssessmentKind)
    items: list[str] = document()
    risk_tier: Tier = choice(Tier)
    conditions: list[str] = document()
    raised_at: datetime = moment()
    settled_at: datetime | None = moment(default=None, nullable=True)

    __table_args__ = (
        sa.Index(
            "uq_pending_recheck_open",
            "engagement_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )
