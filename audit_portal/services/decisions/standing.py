"""What a running engagement that was brought in still has to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.supervision import Gate
from audit_portal.services.house import Context
from audit_portal.storage import brought_in
from audit_portal.storage.people import then
from audit_portal.storage.tables.brought_in import StandingState

_SYSTEM = system("standing")


@dataclass(frozen=True)
class GateLine:
    gate: Gate
    shown: bool
    catch_up_on: date


@dataclass(frozen=True)
class Standing:
    """When it happened and when it was entered stay apart."""

    runs_since: date
    entered_at: datetime
    entered_by: str
    basis: str
    gates: tuple[GateLine, ...]

    @property
    def open(self) -> tuple[GateLine, ...]:
        return tuple(each for each in self.gates if not each.shown)


def of_engagement(ctx: Context, engagement_id: UUID) -> Standing | None:
    """None for an engagement that began here."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        brought, gates = brought_in.of_engagement(tx, engagement_id)
    if brought is None:
        return None
    with ctx.acting_as(_SYSTEM).read() as tx:
        people = then(tx, {brought.entered_by})
    lines = tuple(GateLine(row.gate, row.state is StandingState.SHOWN, row.catch_up_on) for row in gates)
    name = people.name(brought.entered_by, brought.entered_at)
    return Standing(brought.runs_since, brought.entered_at, name, brought.basis, lines)
