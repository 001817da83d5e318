"""The life of an engagement: states, actions, and the pure gates that open the next state.

Source: APPI Article 25; PPC guideline 3-4-4 (selection, contract, grasp); design.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from audit_portal.domain.errors import Invalid


class State(StrEnum):
    DRAFT = "draft"
    SELECTED = "selected"
    CONTRACTED = "contracted"
    LIVE = "live"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    CLOSED = "closed"
    REFUSED = "refused"


class Action(StrEnum):
    SELECT = "select"
    CONTRACT = "contract"
    RELEASE = "release"
    SUSPEND = "suspend"
    RESUME = "resume"
    BEGIN_CLOSING = "begin_closing"
    CLOSE = "close"
    REFUSE = "refuse"
    REOPEN = "reopen"


_S, _A = State, Action
# Every pair is decided: what is not named here is refused, and a test walks the whole product.
NEXT: dict[tuple[State, Action], State] = {
    (_S.DRAFT, _A.SELECT): _S.SELECTED,
    (_S.DRAFT, _A.REFUSE): _S.REFUSED,
    (_S.SELECTED, _A.CONTRACT): _S.CONTRACTED,
    (_S.SELECTED, _A.REFUSE): _S.REFUSED,
    (_S.CONTRACTED, _A.RELEASE): _S.LIVE,
    (_S.CONTRACTED, _A.REFUSE): _S.REFUSED,
    (_S.CONTRACTED, _A.BEGIN_CLOSING): _S.CLOSING,
    (_S.LIVE, _A.SUSPEND): _S.SUSPENDED,
    (_S.LIVE, _A.BEGIN_CLOSING): _S.CLOSING,
    (_S.SUSPENDED, _A.RESUME): _S.LIVE,
    (_S.SUSPENDED, _A.BEGIN_CLOSING): _S.CLOSING,
    (_S.CLOSING, _A.CLOSE): _S.CLOSED,
    (_S.REFUSED, _A.REOPEN): _S.DRAFT,
}


def after(state: State, action: Action) -> State:
    """The next state. Raises Invalid('action_not_possible') for every pair the table doesn't hold."""
    try:
        return NEXT[state, action]
    except KeyError:
        raise Invalid("action_not_possible", state=state.value, action=action.value) from None


class Classification(StrEnum):
    """What a relation with an outside party is (design.md section 2; PPC guideline 3-4-4 note 1)."""

    ENTRUSTMENT = "entrustment"
    CLOUD_NOT_HANDLING = "cloud_not_handling"
    JOINT_USE = "joint_use"
    PROVISION = "provision"
    TEMPORARY_STAFF = "temporary_staff"
    NONE = "none"


class WorkKind(StrEnum):
    BPO = "bpo"
    ITO = "ito"
    KPO = "kpo"
    RPO = "rpo"


class Gate(StrEnum):
    """G1 … G4 of design.md; the value is what ledger and reports call them."""

    SELECTION = "G1"
    CONTRACT = "G2"
    RELEASE = "G2b"
    STANDING = "G3"
    CLOSED = "G4"


OPENED_BY: dict[Gate, Action] = {
    Gate.SELECTION: Action.SELECT,
    Gate.CONTRACT: Action.CONTRACT,
    Gate.RELEASE: Action.RELEASE,
    Gate.CLOSED: Action.CLOSE,
}


class Duty(StrEnum):
    """How strongly a thing is asked; a "desirable" is never called a duty."""

    LAW = "law"
    GUIDELINE_MUST = "gl_must"
    GUIDELINE_SHOULD = "gl_should"
    STANDARD = "std"
    EU = "eu"
    SEED = "seed"
    OWN = "prac"


def blocker_key(code: str, item: str | None) -> str:
    """What names one blocker of a gate, also after it was frozen."""
    return f"{code}:{item}" if item else code


NEVER_ACCEPTED = frozenset({Duty.LAW, Duty.GUIDELINE_MUST, Duty.EU})


class Who(StrEnum):
    """Who can mend a blocker."""

    CLIENT = "client"
    VENDOR = "vendor"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Blocker:
    """One reason why a gate stays shut. `code` names its sentence; `item` the checklist item, if one."""

    code: str
    duty: Duty
    basis: tuple[str, ...]
    who: Who
    item: str | None = None

    @property
    def key(self) -> str:
        return blocker_key(self.code, self.item)

    @property
    def acceptable(self) -> bool:
        """Whether the final approver may accept it with reason, measure and expiry."""
        return self.duty not in NEVER_ACCEPTED


@dataclass(frozen=True)
class GateDecision:
    gate: Gate
    blockers: tuple[Blocker, ...]

    @property
    def allowed(self) -> bool:
        return not self.blockers

    def without(self, accepted: Iterable[str]) -> GateDecision:
        """The decision once these blockers are accepted; one that can't be accepted raises Invalid."""
        keys = set(accepted)
        for blocker in self.blockers:
            if blocker.key in keys and not blocker.acceptable:
                raise Invalid("blocker_not_acceptable", blocker=blocker.key)
        return GateDecision(self.gate, tuple(each for each in self.blockers if each.key not in keys))


@dataclass(frozen=True)
class SelectionFacts:
    """What gate G1 knows. `open_items` are the blockers the checklist itself found."""

    state: State
    classified: bool
    checked: bool  # a selection check has been reviewed
    covers_annex10: bool  # its checklist asks every applicable item of 別添10
    open_items: tuple[Blocker, ...] = ()


def selection_gate(facts: SelectionFacts) -> GateDecision:
    """G1: every applicable 別添10 item confirmed before (PPC guideline 3-4-4(1))."""
    found: list[Blocker] = []
    basis = ("PPC-GL-3-4-4-1",)
    if not facts.classified:
        found.append(Blocker("not_classified", Duty.GUIDELINE_MUST, ("PPC-GL-3-4-4-n1",), Who.CLIENT))
    if not facts.checked:
        found.append(Blocker("selection_not_reviewed", Duty.GUIDELINE_MUST, basis, Who.REVIEWER))
    elif not facts.covers_annex10:
        found.append(Blocker("annex10_not_covered", Duty.GUIDELINE_MUST, basis, Who.CLIENT))
    return GateDecision(Gate.SELECTION, (*found, *facts.open_items))
