"""Parties, engagements and who reaches them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from audit_portal.domain import limits
from audit_portal.domain.access import Level
from audit_portal.domain.checklist import Tier
from audit_portal.domain.engagement import Category
from audit_portal.domain.supervision import Classification, State, WorkKind
from audit_portal.storage.tables.base import (
    Identified,
    Kept,
    Ledger,
    Row,
    Scope,
    choice,
    document,
    moment,
    reference,
    text,
)


class PartyKind(StrEnum):
    CLIENT = "client"
    VENDOR = "vendor"


class Party(Kept, table=True):
    """An organisation: the client is a row like any other."""

    __scope__ = Scope.PARTY
    __ledger__ = Ledger.RECORDED

    number: str = text(limits.NUMBER, unique=True)
    kind: PartyKind = choice(PartyKind)
    name: str = text(limits.NAME)
    kana: str = text(limits.KANA, index=True)  # lists sort by it: neither database knows Japanese order
    corporate_number: str | None = text(13, default=None, nullable=True, unique=True)
    country: str = text(2, default="JP")  # ISO 3166-1 alpha-2
    address: str = text(limits.LINE, default="")
    entrusting_entity: str = text(limits.NAME, default="")  # of ours, that contracts; "" is the client itself
    # The number (管理番号) by which another system of the client knows it.
    external_key: str | None = text(limits.NUMBER, default=None, nullable=True, index=True, unique=True)


class EngagementLink(Kept, table=True):
    """What relatives may see of an engagement: parties, tier, state."""

    __tablename__ = "engagement_link"
    __scope__ = Scope.LINK
    __ledger__ = Ledger.RECORDED

    number: str = text(limits.NUMBER, unique=True)
    parent_id: UUID | None = reference("engagement_link.id", default=None, nullable=True, index=True)
    principal_id: UUID = reference("party.id", index=True)
    vendor_id: UUID = reference("party.id", index=True)
    tier: int
    state: State = choice(State, default=State.DRAFT)
    risk_tier: Tier = choice(Tier)
    valid_from: date
    valid_to: date | None = None

    __table_args__ = (sa.CheckConstraint("tier >= 1", name="tier_counts_from_one"),)


class Engagement(Kept, table=True):
    """The work itself; same id as its link."""

    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    __engagement_column__: ClassVar[str] = "id"

    principal_id: UUID = reference("party.id", index=True)
    vendor_id: UUID = reference("party.id", index=True)
    title: str = text(limits.NAME)
    description: str = text(limits.TEXT, default="")
    work_kind: WorkKind = choice(WorkKind)
    purpose: str = text(limits.LINE)
    data_categories: str = text(limits.LINE)
    persons: int
    special_care: bool = False
    my_number: bool = False
    handled_abroad: bool = False
    subcontracting: bool = False
    classification: Classification = choice(Classification)
    classification_reason: str = text(limits.LINE)
    recheck_on: date | None = None
    conditions: list[str] = document()  # codes of checklists/reference/conditions.yaml set by the profile
    owner_id: UUID | None = reference("account.id", default=None, nullable=True)
    deputy_id: UUID | None = reference("account.id", default=None, nullable=True)
    category: Category | None = choice(Category, default=None, nullable=True)
    aims: list[str] = document(default_factory=list)
    data_kinds: list[str] = document(default_factory=list)
    abroad_where: str = text(limits.LINE, default="")
    no_recipient_why: str = text(limits.LINE, default="")
    transfer: list[str] = document(default_factory=list)
    transfer_note: str = text(limits.LINE, default="")
    profile: list[str] = document(default_factory=list)  # the conditions that people said hold
    tier_reason: str = text(limits.LINE, default="")  # why the proposal was overruled; "" follows it
    upstream_who: str = text(limits.NAME, default="")
    upstream_number: str = text(13, default="")
    upstream_contract: str = text(limits.LINE, default="")
    upstream_permission: bool = False
    upstream_permitted_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    external_key: str | None = text(limits.NUMBER, default=None, nullable=True, index=True, unique=True)

    __table_args__ = (
        sa.ForeignKeyConstraint(["id"], ["engagement_link.id"], ondelete="RESTRICT"),
        sa.CheckConstraint("persons >= 0", name="persons_not_negative"),
    )


class Reopening(Identified, table=True):
    """Why a refused engagement was taken up again."""

    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    engagement_id: UUID = reference("engagement_link.id", index=True)
    decision_id: UUID | None = reference("decision.id", default=None, nullable=True)  # the refusal before it
    reason: str = text(limits.TEXT)
    reopened_at: datetime = moment()
    reopened_by: UUID = reference("account.id")


class Reach(Row, table=True):
    """Who stands how to an engagement; written with the link, the assignment or the grant."""

    __scope__ = Scope.SELF
    __ledger__ = Ledger.RECORDED
    __deletable__ = True

    engagement_id: UUID = reference("engagement_link.id", primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    level: Level = choice(Level, primary_key=True)

    __table_args__ = (sa.Index("ix_reach_subject_id_level", "subject_id", "level", "engagement_id"),)
