"""How a request walks its route: the states, and what each act makes of them."""

from __future__ import annotations

from enum import StrEnum

from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict


class Act(StrEnum):
    """What somebody on the route, or a change of facts, does to a request."""

    APPROVE = "approve"
    REFUSE = "refuse"
    RETURN = "return"
    OVERTAKE = "overtake"


_REQUESTED = DecisionState.REQUESTED
# (state, act, whether the seat is the last) → state. Every triple is decided: what is not here is refused.
WALK: dict[tuple[DecisionState, Act, bool], DecisionState] = {
    (_REQUESTED, Act.APPROVE, False): _REQUESTED,
    (_REQUESTED, Act.APPROVE, True): DecisionState.APPROVED,
    **{(_REQUESTED, Act.REFUSE, last): DecisionState.REFUSED for last in (False, True)},
    **{(_REQUESTED, Act.RETURN, last): DecisionState.RETURNED for last in (False, True)},
    **{(_REQUESTED, Act.OVERTAKE, last): DecisionState.STALE for last in (False, True)},
}


def walked(state: DecisionState, act: Act, last: bool) -> DecisionState:
    """Raises Conflict('decision_made') when the request is over."""
    try:
        return WALK[state, act, last]
    except KeyError:
        raise Conflict("decision_made") from None
