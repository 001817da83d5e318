"""Gates that an engagement brought in while it ran never went through here: "not yet shown", caught up by a decision.

Source: design.md section 2: its gates say "not yet shown" with a catch-up date, never "passed".
"""

from __future__ import annotations

from collections.abc import Collection

from audit_portal.domain.supervision import NEXT_GATE, OPENED_BY, Action, Gate, State, after

# What a running engagement should have gone through, in this order.
CAUGHT_UP = (Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE)
RUNNING = frozenset({State.LIVE, State.SUSPENDED})


def gate_ahead(state: State, unshown: Collection[Gate]) -> Gate | None:
    """The gate to be decided next: the one that opens the next state; of what runs, the first not yet shown."""
    if state in RUNNING:
        return next((gate for gate in CAUGHT_UP if gate in unshown), None)
    return NEXT_GATE.get(state)


def decided_at(state: State, gate: Gate, approved: bool, unshown: Collection[Gate]) -> State:
    """Where a decision at a gate leaves an engagement.

    What runs goes on running: approval shows the gate, and refusal leaves it not yet shown (whether the work is
    to be suspended is decided by itself). Raises Invalid('action_not_possible') for a gate that isn't ahead.
    """
    if state in RUNNING and gate in unshown:
        return state
    return after(state, OPENED_BY[gate] if approved else Action.REFUSE)
