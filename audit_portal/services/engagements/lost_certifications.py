"""Engagements that were checked while a certification stood that the vendor has lost since.

The flag goes when a check is reviewed after the loss became known, or when the register holds a certification of
that kind again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.gate_holds import Certificate, lost
from audit_portal.services.house import Context
from audit_portal.storage import get, relied
from audit_portal.storage.tables.register import PartyCertification
from audit_portal.storage.tables.supervision import Engagement


@dataclass(frozen=True)
class LostLine:
    """An engagement with what its vendor lost, for the home page."""

    engagement_id: UUID
    number: str
    title: str
    vendor_name: str
    certificates: tuple[Certificate, ...]


def listed(ctx: Context) -> tuple[LostLine, ...]:
    """Within reach, at most a page of them."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    today = ctx.house.today()
    with ctx.read() as tx:
        known = relied.certifications(tx, today)
        found: dict[UUID, tuple[Certificate, ...]] = {}
        for engagement_id, (vendor_id, at) in (relied.reviewed(tx, known) if known else {}).items():
            gone = _since(ctx, known[vendor_id], at, today)
            if gone:
                found[engagement_id] = gone
        heads = relied.heads(tx, found, limits.PAGE) if found else []
    return tuple(
        LostLine(work.id, link.number, work.title, vendor.name, found[work.id])
        for work, link, vendor in heads
    )


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[Certificate, ...]:
    """What the vendor lost since this engagement was last reviewed."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    today = ctx.house.today()
    with ctx.read() as tx:
        vendor_id = get.one(tx, Engagement, engagement_id).vendor_id
        known = relied.certifications(tx, today, vendor_id)
        checked = relied.reviewed(tx, known, engagement_id) if known else {}
    if engagement_id not in checked:
        return ()
    return _since(ctx, known[vendor_id], checked[engagement_id][1], today)


def _since(
    ctx: Context, rows: Iterable[PartyCertification], reviewed_at: datetime, today: date
) -> tuple[Certificate, ...]:
    """What is lost, without what the reviewer could know: lost and on record before the review."""
    rows = tuple(rows)
    pairs = {_certificate(row): row for row in rows}
    gone = lost(pairs, today)
    day = reviewed_at.astimezone(ctx.house.zone).date()
    return tuple(each for each in gone if _after(pairs[each], reviewed_at, day))


def _after(row: PartyCertification, reviewed_at: datetime, day: date) -> bool:
    """Whether it was lost, or put on record as lost, after a review at this moment of this day."""
    if row.withdrawn_on is not None:
        return row.withdrawn_on > day or row.updated_at > reviewed_at
    return row.expires_on is not None and row.expires_on >= day


def _certificate(row: PartyCertification) -> Certificate:
    return Certificate(row.kind, row.title, row.expires_on, row.withdrawn_on)
