"""The gates as they stand: the very blockers that would refuse a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.catching_up import RUNNING, gate_ahead
from audit_portal.domain.decision import FrozenBlocker, Snapshot
from audit_portal.domain.supervision import Blocker, Gate
from audit_portal.services.decisions.gate_facts import CHECKED_BY, Judged, judge
from audit_portal.services.engagements import rechecks
from audit_portal.services.house import Context
from audit_portal.storage import brought_in, get
from audit_portal.storage.tables.supervision import EngagementLink
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class GateView:
    gate: Gate
    blockers: tuple[Blocker, ...]
    assessment_id: UUID | None
    questions: Mapping[str, dict[str, str]]  # item → its question by language, for the items in blockers
    ahead: bool = False  # the one to be decided next
    places: Mapping[str, UUID] = field(default_factory=dict)  # item → the check it was asked in

    @property
    def can_be_asked(self) -> bool:
        """A decision can be asked for when nothing stands in the way that nobody may accept."""
        return all(blocker.acceptable for blocker in self.blockers)


def gate(ctx: Context, engagement_id: UUID, which: Gate | None = None) -> GateView:
    """A gate as it stands; unless said otherwise the next one (where none is left, the first)."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        ahead = next_gate(tx, engagement_id)
        view = look(ctx, tx, engagement_id, which or ahead or Gate.SELECTION)[0]
    return replace(view, ahead=view.gate is ahead)


def next_gate(tx: Transaction, engagement_id: UUID) -> Gate | None:
    """The gate to be decided next, if there is one."""
    state = get.one(tx, EngagementLink, engagement_id).state
    unshown = brought_in.unshown(tx, engagement_id) if state in RUNNING else ()
    return gate_ahead(state, unshown, rechecks.gates(tx, engagement_id))


def look(ctx: Context, tx: Transaction, engagement_id: UUID, which: Gate) -> tuple[GateView, Judged]:
    """A gate with what it was judged on."""
    judged = judge(ctx, tx, engagement_id, which)
    found, blockers = judged.sheet, judged.decision.blockers
    asked = {item.id: item.question for item in found.checklist.items} if found else {}
    questions = {
        each.item: {"ja": asked[each.item].ja, "en": asked[each.item].en}
        for each in blockers
        if each.item in asked
    }
    places = {code: part.row.id for part in found.checks for code in part.answers} if found else {}
    view = GateView(which, blockers, found.row.id if found else None, questions, places=places)
    return view, judged


@dataclass(frozen=True)
class Drift:
    """How a gate differs from what was frozen when its decision was asked for."""

    appeared: tuple[Blocker, ...] = ()
    gone: tuple[FrozenBlocker, ...] = ()
    other_check: bool = False  # a newer check was reviewed meanwhile


def drift(view: GateView, frozen: Snapshot, assessment_id: UUID | None) -> Drift:
    """Compares a gate as it stands with the one a decision on `assessment_id` was asked on."""
    then = {(each.key, each.duty) for each in frozen.blockers}
    now = {(each.key, each.duty) for each in view.blockers}
    return Drift(
        tuple(each for each in view.blockers if (each.key, each.duty) not in then),
        tuple(each for each in frozen.blockers if (each.key, each.duty) not in now),
        view.gate in CHECKED_BY and view.assessment_id != assessment_id,
    )
