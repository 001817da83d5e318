"""Queries on sites, certifications and contacts of parties, and on the rows of an engagement's facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col, select

from audit_portal.domain.register import SOON, CertificationKind, Validity
from audit_portal.storage.among import among
from audit_portal.storage.tables.base import Kept
from audit_portal.storage.tables.engagement_facts import (
    CloudDetermination,
    EngagementPlace,
    EngagementRecipient,
    EngagementScopeItem,
    PendingRecheck,
)
from audit_portal.storage.tables.register import PartyCertification, PartyContact, PartySite
from audit_portal.storage.transaction import Transaction

Rows = TypeVar("Rows", EngagementScopeItem, EngagementPlace, EngagementRecipient)


def sites(tx: Transaction, party_id: UUID) -> list[PartySite]:
    """Those in use first, by name."""
    query = select(PartySite).where(PartySite.party_id == party_id)
    order = (col(PartySite.valid_to).is_not(None), col(PartySite.name), col(PartySite.id))
    return list(tx.session.exec(query.order_by(*order)))


def site_is_used(tx: Transaction, site_id: UUID) -> bool:
    """Whether an engagement is, or was, handled there."""
    query = select(EngagementPlace.id).where(EngagementPlace.site_id == site_id).limit(1)
    return tx.session.exec(query).first() is not None


def certifications(tx: Transaction, party_id: UUID) -> list[PartyCertification]:
    query = select(PartyCertification).where(PartyCertification.party_id == party_id)
    order = (
        col(PartyCertification.kind),
        col(PartyCertification.expires_on).desc(),
        col(PartyCertification.id),
    )
    return list(tx.session.exec(query.order_by(*order)))


def certified(which: Validity, today: date) -> sa.Select[UUID]:
    """Ids of parties with a certification that has expired, or expires soon; for a condition.

    As everywhere: one of a kind that holds again in a newer one needs no look.
    """
    expires, withdrawn = col(PartyCertification.expires_on), col(PartyCertification.withdrawn_on)
    kept = sa.or_(withdrawn.is_(None), withdrawn > today)
    stands = expires < today if which is Validity.EXPIRED else expires.between(today, today + SOON)
    holds = expires > today + SOON
    kind, party = col(PartyCertification.kind), col(PartyCertification.party_id)
    return (
        sa.select(party)
        .where(kept)
        .group_by(party, kind)
        .having(_some(stands), sa.or_(kind == CertificationKind.OTHER, sa.not_(_some(holds))))
    )


def _some(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0)) > 0


def contacts(tx: Transaction, party_ids: Collection[UUID]) -> list[PartyContact]:
    """Those of all these parties, the oldest first."""
    query = select(PartyContact).where(among(col(PartyContact.party_id), party_ids))
    return list(tx.session.exec(query.order_by(col(PartyContact.created_at), col(PartyContact.id))))


def standing(tx: Transaction, cls: type[Rows], engagement_id: UUID) -> list[Rows]:
    """The rows of an engagement's fact that hold, in their order."""
    query = select(cls).where(cls.engagement_id == engagement_id, col(cls.ended_on).is_(None))
    return list(tx.session.exec(query.order_by(col(cls.position), col(cls.id))))


def write(
    tx: Transaction, cls: type[Rows], engagement_id: UUID, wanted: Sequence[Mapping[str, Any]], today: date
) -> None:
    """Makes these the rows that hold: what is there stays, what is gone ends, what is new is added."""
    left = standing(tx, cls, engagement_id)
    for position, values in enumerate(wanted):
        same = next((row for row in left if _says(row, values)), None)
        if same is None:
            tx.add(cls(engagement_id=engagement_id, position=position, **values))
        else:
            left.remove(same)
            same.position = position
    for row in left:
        row.ended_on = today


def touch(row: Kept) -> None:
    """Counts as a change of the row although none of its columns changes: what hangs on it did."""
    flag_modified(row, "updated_by")


def _says(row: Kept, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def determinations(tx: Transaction, engagement_id: UUID) -> list[CloudDetermination]:
    """The newest finding first."""
    query = select(CloudDetermination).where(CloudDetermination.engagement_id == engagement_id)
    order = (col(CloudDetermination.determined_on).desc(), col(CloudDetermination.id).desc())
    return list(tx.session.exec(query.order_by(*order)))


def open_rechecks(tx: Transaction, engagement_id: UUID) -> list[PendingRecheck]:
    query = select(PendingRecheck).where(
        PendingRecheck.engagement_id == engagement_id, col(PendingRecheck.settled_at).is_(None)
    )
    return list(tx.session.exec(query.order_by(col(PendingRecheck.id))))
