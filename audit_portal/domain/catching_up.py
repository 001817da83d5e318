"""Which gate is decided next: the one that opens the next state, one not yet shown, one to be gone through again.

Source: design.md section 2: of what was brought in running, gates say "not yet shown" with a catch-up date, never
"passed"; a change of facts asks only what became new, and releases nothing wider before a decision.
"""

from __future__ import annotations

from collections.abc import Collection

from audit_portal.domain.supervision import NEXT_GATE, OPENED_BY, Action, Gate, State, after

# What a running engagement should have gone through, in this order.
CAUGHT_UP = (Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE)
RUNNING = frozenset({State.LIVE, State.SUSPENDED})


def gate_ahead(state: State, unshown: Collection[Gate], again: Collection[Gate] = ()) -> Gate | None:
    """The gate to be decided next.

    `unshown`: gates that what runs never went through here; `again`: gates it went through before its facts
    changed. Those come first.
    """
    if state in RUNNING:
        return next((gate for gate in CAUGHT_UP if gate in unshown or gate in again), None)
    following = NEXT_GATE.get(state)
    if following is None:
        return None
    return next((gate for gate in CAUGHT_UP[: CAUGHT_UP.index(following)] if gate in again), following)


def decided_at(
    state: State, gate: Gate, approved: bool, unshown: Collection[Gate], again: Collection[Gate] = ()
) -> State:
    """Where a decision at a gate leaves an engagement.

    What runs goes on running: approval shows the gate, and refusal leaves it as it was (whether the work is to
    be suspended is decided by itself). A gate gone through again opens nothing; its refusal refuses what doesn't
    run yet. Raises Invalid('action_not_possible') for a gate that isn't ahead.
    """
    if state in RUNNING and (gate in unshown or gate in again):
        return state
    if approved and gate is not NEXT_GATE.get(state) and gate is gate_ahead(state, (), again):
        return state
    return after(state, OPENED_BY[gate] if approved else Action.REFUSE)
