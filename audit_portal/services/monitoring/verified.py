"""When an engagement was last looked at: by a finished check here, or by one from before the portal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from audit_portal.services.house import House
from audit_portal.storage import plans
from audit_portal.storage.transaction import Transaction


def verified_on(tx: Transaction, house: House, ids: Collection[UUID]) -> Mapping[UUID, date]:
    """In two queries, as dates of the installation's zone; who was never looked at is left out."""
    found = dict(plans.evaluated_on(tx, ids))
    for engagement_id, moment in plans.reviewed_at(tx, ids).items():
        day = moment.astimezone(house.zone).date()
        found[engagement_id] = max(day, found.get(engagement_id, day))
    return found
