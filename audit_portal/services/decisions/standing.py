"""What a running engagement that was brought in still has to show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.supervision import Gate
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import brought_in
from audit_portal.storage.tables.brought_in import GateShown, GateStanding, StandingState


@dataclass(frozen=True)
class GateLine:
    gate: Gate
    shown: bool
    catch_up_on: date
    decision_id: UUID | None = None  # by which it was shown …
    decision_number: str = ""
    decided_on: date | None = None  # … and when that was decided


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
        shown = brought_in.shown(tx, engagement_id) if brought else {}
    if brought is None:
        return None
    people = then(ctx, {brought.entered_by})
    lines = tuple(_line(row, shown.get(row.gate)) for row in gates)
    name = people.name(brought.entered_by, brought.entered_at)
    return Standing(brought.runs_since, brought.entered_at, name, brought.basis, lines)


def _line(row: GateStanding, by: tuple[GateShown, str] | None) -> GateLine:
    line = GateLine(row.gate, row.state is StandingState.SHOWN, row.catch_up_on)
    return (
        replace(line, decision_id=by[0].decision_id, decision_number=by[1], decided_on=by[0].decided_on)
        if by
        else line
    )
