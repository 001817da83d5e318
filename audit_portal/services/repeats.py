"""A form sent twice changes things once, and the second time leads where the first did."""

from __future__ import annotations

from audit_portal.domain.access import system
from audit_portal.services.house import Context
from audit_portal.storage import accounts

_SYSTEM = system("repeats")


def remember_location(ctx: Context, key: str, location: str) -> None:
    with ctx.house.db.begin(_SYSTEM) as tx:
        if ctx.actor.account_id and (row := accounts.done_before(tx, ctx.actor.account_id, key)):
            row.location = location[:500]


def first_location(ctx: Context, key: str) -> str | None:
    with ctx.house.db.read(_SYSTEM) as tx:
        row = accounts.done_before(tx, ctx.actor.account_id, key) if ctx.actor.account_id else None
        return row.location if row else None
