"""A condition of an approval (条件付き承認): what is still to be done, by whom, by when; done and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit_portal.domain.errors import Invalid


class ConditionState(StrEnum):
    OPEN = "open"
    FULFILLED = "fulfilled"  # said to be done …
    CONFIRMED = "confirmed"  # … and another person agrees


class ConditionAct(StrEnum):
    FULFIL = "fulfil"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"


_S, _A = ConditionState, ConditionAct
# Every pair is decided: what is not named here is refused.
NEXT: dict[tuple[ConditionState, ConditionAct], ConditionState] = {
    (_S.OPEN, _A.FULFIL): _S.FULFILLED,
    (_S.FULFILLED, _A.CONFIRM): _S.CONFIRMED,
    (_S.FULFILLED, _A.SEND_BACK): _S.OPEN,
}


def after(state: ConditionState, act: ConditionAct) -> ConditionState:
    try:
        return NEXT[state, act]
    except KeyError:
        raise Invalid("condition_not_possible", state=state.value, act=act.value) from None


@dataclass(frozen=True)
class NewCondition:
    """`before_release`: data may not be handed over until it is confirmed."""

    text: str
    who: str
    due_on: date
    before_release: bool = False


def late(state: ConditionState, due_on: date, today: date) -> bool:
    return state is ConditionState.OPEN and due_on < today
