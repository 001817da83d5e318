"""The life of an engagement: states, actions, and the pure gates that open the next state.

Source: APPI Article 25; PPC guideline 3-4-4 (selection, contract, grasp); design.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from audit_portal.domain.contracts import BELOW_GUIDELINE, Reentrustment, Standing
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


# Nothing is asked of these any more.
OVER = frozenset({State.REFUSED, State.CLOSING, State.CLOSED})


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

NEXT_GATE: dict[State, Gate] = {
    State.DRAFT: Gate.SELECTION,
    State.SELECTED: Gate.CONTRACT,
    State.CONTRACTED: Gate.RELEASE,
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
    """One reason why a gate stays shut. `code` names its sentence; `item` the checklist item, or the number of
    the contract or subcontractor it is about. `needed`: without it there is nothing to decide on."""

    code: str
    duty: Duty
    basis: tuple[str, ...]
    who: Who
    item: str | None = None
    needed: bool = False

    @property
    def key(self) -> str:
        return blocker_key(self.code, self.item)

    @property
    def acceptable(self) -> bool:
        """Whether the final approver may accept it with reason, measure and expiry."""
        return self.duty not in NEVER_ACCEPTED and not self.needed


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


_CONTRACT = ("PPC-GL-3-4-4-2",)
_REENTRUSTMENT = ("PPC-GL-3-4-4-3",)


@dataclass(frozen=True)
class StandingContract:
    """A contract that serves the engagement today, as it stands today."""

    number: str
    standing: Standing
    reentrustment: Reentrustment | None


@dataclass(frozen=True)
class ContractFacts:
    """What gate G2 knows. `open_items` are the blockers the checklist itself found, `untied` the clauses that
    are said to be there and aren't tied to a running contract, nor to what stands in for them."""

    checked: bool  # a contract check has been reviewed
    contracts: tuple[StandingContract, ...]
    open_items: tuple[Blocker, ...] = ()
    untied: tuple[str, ...] = ()


def contract_gate(facts: ContractFacts) -> GateDecision:
    """G2: agreed measures and a way to grasp the handling are in the contract (PPC guideline 3-4-4(2)), which
    the guideline calls desirable: blockers of its own are no "must"."""
    should, found = Duty.GUIDELINE_SHOULD, list[Blocker]()
    if not facts.contracts:
        found.append(Blocker("contract_missing", should, _CONTRACT, Who.CLIENT, needed=True))
    found += _not_running(facts.contracts)
    running = [each for each in facts.contracts if each.standing is Standing.RUNNING]
    said = [each for each in running if each.reentrustment is not None]
    if running and not said:
        found.append(Blocker("reentrustment_unsaid", should, _REENTRUSTMENT, Who.CLIENT))
    found += [
        Blocker("reentrustment_below_guideline", should, _REENTRUSTMENT, Who.CLIENT, each.number)
        for each in said
        if each.reentrustment in BELOW_GUIDELINE
    ]
    if not facts.checked:
        found.append(Blocker("contract_not_reviewed", should, _CONTRACT, Who.REVIEWER, needed=True))
    found += [Blocker("clause_untied", Duty.OWN, _CONTRACT, Who.CLIENT, item) for item in facts.untied]
    return GateDecision(Gate.CONTRACT, (*found, *facts.open_items))


def _not_running(contracts: tuple[StandingContract, ...]) -> list[Blocker]:
    """One running contract will do; without one, each is named with what keeps it from being one."""
    if any(each.standing is Standing.RUNNING for each in contracts):
        return []
    return [
        Blocker(f"contract_{each.standing.value}", Duty.GUIDELINE_SHOULD, _CONTRACT, Who.CLIENT, each.number)
        for each in contracts
    ]


@dataclass(frozen=True)
class Subcontractor:
    """A declared re-entrustment right below the engagement."""

    number: str
    state: State


@dataclass(frozen=True)
class ReleaseFacts:
    """What gate G2b knows."""

    approved: frozenset[Gate]  # whose newest decision is an approval
    contracts: tuple[StandingContract, ...]
    subcontractors: tuple[Subcontractor, ...] = ()
    my_number: bool = False
    abroad_without_route: bool = False  # handled abroad, and nothing says by which route of Article 28
    recheck_pending: bool = False  # facts changed, and what became new was not checked yet
    conditions_open: tuple[str, ...] = ()  # numbers of conditions that have to be met before the release
    untied: tuple[str, ...] = ()  # clauses of the contract check that stand in no running contract any more


_ON_THE_WAY = frozenset({State.DRAFT, State.SELECTED})  # the refused and closed handle nothing


def release_gate(facts: ReleaseFacts) -> GateDecision:
    """G2b: data is handed over only after selection and contract, for every tier; abroad only by a route."""
    must, should, found = Duty.GUIDELINE_MUST, Duty.GUIDELINE_SHOULD, list[Blocker]()
    if Gate.SELECTION not in facts.approved:
        found.append(Blocker("selection_not_approved", must, ("PPC-GL-3-4-4-1",), Who.CLIENT, needed=True))
    if Gate.CONTRACT not in facts.approved:
        found.append(Blocker("contract_not_approved", should, _CONTRACT, Who.CLIENT, needed=True))
    if not facts.contracts:
        found.append(Blocker("contract_missing", should, _CONTRACT, Who.CLIENT))
    found += _not_running(facts.contracts)
    found += [Blocker("clause_untied", Duty.OWN, _CONTRACT, Who.CLIENT, item) for item in facts.untied]
    duty, basis = (Duty.LAW, ("NUM-10",)) if facts.my_number else (should, _REENTRUSTMENT)
    waiting = (each.number for each in facts.subcontractors if each.state in _ON_THE_WAY)
    found += [Blocker("subcontractor_not_through", duty, basis, Who.CLIENT, number) for number in waiting]
    if facts.abroad_without_route:
        found.append(Blocker("abroad_without_route", Duty.LAW, ("APPI-28-1",), Who.CLIENT))
    if facts.recheck_pending:
        found.append(Blocker("recheck_pending", must, ("PPC-GL-3-4-4-1",), Who.CLIENT))
    for number in facts.conditions_open:
        found.append(Blocker("condition_open", Duty.OWN, (), Who.CLIENT, number, needed=True))
    return GateDecision(Gate.RELEASE, tuple(found))
