"""What a vendor may read of a refusal: the words meant for it, nothing of the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, Role, require, system
from audit_portal.domain.catching_up import RUNNING
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.supervision import State
from audit_portal.services.house import Context, House
from audit_portal.services.notify import active, post
from audit_portal.storage import accounts, approvals, decisions, get, parties
from audit_portal.storage.tables.approvals import RefusalNotice
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.supervision import EngagementLink
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("notices")


@dataclass(frozen=True)
class Notice:
    words: str
    told_at: datetime


def standing(ctx: Context, engagement_id: UUID) -> Notice | None:
    """The newest, while the refusal stands: as long as the work is refused; of what runs on, until the same gate
    is approved."""
    require(ctx.actor, Permission.ENGAGEMENT_VIEW)
    with ctx.read() as tx:
        state = get.one(tx, EngagementLink, engagement_id).state
        newest = next(iter(approvals.notices(tx, engagement_id)), None)
    if newest is None or not (state is State.REFUSED or state in RUNNING):
        return None
    if state in RUNNING:
        with ctx.acting_as(_SYSTEM).read() as tx:  # a vendor sees no decisions
            if _overcome(tx, newest):
                return None
    return Notice(newest.words, newest.told_at)


def _overcome(tx: Transaction, notice: RefusalNotice) -> bool:
    rows = decisions.of_engagement(tx, notice.engagement_id)
    by = next((row for row in rows if _made_it(row, notice)), None)
    return by is not None and any(
        row.gate is by.gate and row.state is DecisionState.APPROVED and row.id > by.id for row in rows
    )


def _made_it(row: GateRequest, notice: RefusalNotice) -> bool:
    return row.state is DecisionState.REFUSED and row.decided_at == notice.told_at


def tell(house: House, payload: Mapping[str, Any]) -> None:
    """The letter to the vendor's leads: the words meant for them alone."""
    with house.db.read(_SYSTEM) as tx:
        row = get.one(tx, GateRequest, UUID(payload["decision_id"]))
        placed = parties.placed(tx, row.engagement_id)
        if placed is None:
            return
        leads = [each for each in accounts.of_party(tx, placed.vendor.id) if active(each, Role.VENDOR_LEAD)]
    facts = {
        "vendor": placed.vendor.name,
        "client": placed.principal.name,
        "work": placed.engagement.title,
        "words": row.vendor_words.strip(),
        "link": f"{house.settings.base_url}/engagements/{row.engagement_id}",
    }
    for lead in leads:
        post(house, lead, "refusal_told", facts)
