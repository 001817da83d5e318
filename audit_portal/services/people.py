"""People as they were when they acted, for a page or a report that has decided to tell their names."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.services.house import Context
from audit_portal.storage import people
from audit_portal.storage.people import People

_SYSTEM = system("people")


def then(ctx: Context, ids: Collection[UUID | None]) -> People:
    """In one query, in the system's name: the history is read by nobody else (docs/adr/0013)."""
    with ctx.acting_as(_SYSTEM).read() as tx:
        return people.then(tx, ids)
