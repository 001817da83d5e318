"""A decision (決裁): its states, what an approver accepts, and the frozen snapshot it rests on."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from audit_portal.domain import limits
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Tier
from audit_portal.domain.contracts import ContractKind, Reentrustment, StandIn, Standing
from audit_portal.domain.errors import Invalid
from audit_portal.domain.events.event import plain
from audit_portal.domain.evidence_in_use import Inspected, Refusal
from audit_portal.domain.findings import Severity
from audit_portal.domain.frozen_facts import FrozenFacts
from audit_portal.domain.ledger import canonical
from audit_portal.domain.on_behalf import ControlStatus, SourceKind
from audit_portal.domain.review_basis import Sample, ThirdParty
from audit_portal.domain.supervision import Duty, Gate, State, Who, blocker_key

FORMAT = "audit-portal-decision/4"
# Still read as they were written: /1 knew no contracts; /2 no route, no answers on behalf, no inspections;
# /3 no facts of the work, no dates of files, no last day for notice.
FORMERS = ("audit-portal-decision/1", "audit-portal-decision/2", "audit-portal-decision/3")

T = TypeVar("T")
Text = Mapping[str, str]  # by language: ja, en


class DecisionState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"  # to who asked: it is asked anew, or let be
    STALE = "stale"  # the facts it was asked on changed meanwhile


@dataclass(frozen=True)
class Acceptance:
    """A blocker the final approver accepts: why, what is done instead, until when."""

    key: str
    reason: str
    measure: str
    expires_on: date


@dataclass(frozen=True)
class FrozenFile:
    """One version of an evidence."""

    number: str
    version: int
    name: str
    sha256: str
    observed_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class FrozenClause:
    """Where in which document of which contract an answer finds its clause."""

    contract: str
    document: str
    sha256: str  # of the document's file; "" for paper alone
    page: int | None
    clause: str


@dataclass(frozen=True)
class FrozenReview:
    result: ReviewResult
    basis: ReviewBasis
    comment: str
    reviewer: str
    reviewed_at: datetime
    sample: Sample | None = None
    report: ThirdParty | None = None  # a third party's


@dataclass(frozen=True)
class FrozenFinding:
    number: str
    severity: Severity
    what: str
    due_on: date


@dataclass(frozen=True)
class FrozenSource:
    """How an answer came in that the client entered for the vendor."""

    kind: SourceKind
    answerer: str
    document: str
    sha256: str
    dated_on: date
    transcriber: str
    confirmer: str


@dataclass(frozen=True)
class FrozenControl:
    """A control that a provider leaves to its user."""

    words: str
    status: ControlStatus | None
    note: str
    due_on: date | None


@dataclass(frozen=True)
class FrozenItem:
    """A question as it was asked, what was answered, on what it stood, what the reviewer concluded."""

    code: str
    question: Text
    answered_by: AnsweredBy
    value: AnswerValue | None
    comment: str
    action: str
    action_due: date | None
    answerer: str
    answered_at: datetime | None
    files: tuple[FrozenFile, ...]
    review: FrozenReview | None
    clauses: tuple[FrozenClause, ...] = ()
    stand_in: StandIn | None = None
    stand_in_words: str = ""
    source: FrozenSource | None = None
    inspections: tuple[Inspected, ...] = ()
    refusal: Refusal | None = None
    findings: tuple[FrozenFinding, ...] = ()


@dataclass(frozen=True)
class FrozenBasis:
    code: str
    title: str


@dataclass(frozen=True)
class FrozenBlocker:
    code: str
    item: str | None
    duty: Duty
    basis: tuple[FrozenBasis, ...]
    who: Who

    @property
    def key(self) -> str:
        return blocker_key(self.code, self.item)


@dataclass(frozen=True)
class FrozenCheck:
    """The assessment the decision rests on, and the very edition of its questions."""

    number: str
    title: Text
    checklist: str
    version: str
    sha256: str
    reviewed_at: datetime | None


@dataclass(frozen=True)
class FrozenContract:
    number: str
    title: str
    kind: ContractKind
    standing: Standing
    concluded_on: date | None
    starts_on: date
    end: date | None  # of the term that ran then
    reentrustment: Reentrustment | None
    notice_by: date | None = None


@dataclass(frozen=True)
class FrozenDecision:
    """An earlier decision that this one stands on."""

    number: str
    gate: Gate
    state: DecisionState
    decided_at: datetime | None
    sha256: str  # of its own snapshot


@dataclass(frozen=True)
class FrozenLink:
    """A subcontractor right below."""

    number: str
    vendor: str
    state: State


@dataclass(frozen=True)
class FrozenSeat:
    """A step of the route; without names everybody with the role of approver may fill it."""

    title: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class FrozenOutside:
    """A decision taken outside the portal (稟議): when it happened, and on what paper."""

    number: str
    approver: str
    approver_title: str
    decided_on: date
    file: FrozenFile


@dataclass(frozen=True)
class Snapshot:
    """What was known when the decision was asked for; nothing later changes what it shows."""

    format: str
    gate: Gate
    engagement: str
    title: str
    client: str
    vendor: str
    risk_tier: Tier
    asked_by: str
    asked_at: datetime
    reason: str
    check: FrozenCheck | None
    blockers: tuple[FrozenBlocker, ...]
    items: tuple[FrozenItem, ...]
    contracts: tuple[FrozenContract, ...] = ()
    decisions: tuple[FrozenDecision, ...] = ()
    subcontractors: tuple[FrozenLink, ...] = ()
    user_controls: tuple[FrozenControl, ...] = ()
    route: tuple[FrozenSeat, ...] = ()
    outside: FrozenOutside | None = None
    facts: FrozenFacts | None = None  # None in former formats

    def question(self, code: str | None) -> Text | None:
        return next((item.question for item in self.items if item.code == code), None)


def write_snapshot(snapshot: Snapshot) -> bytes:
    """Its canonical JSON (RFC 8785). Raises Invalid('snapshot_too_large')."""
    content = canonical(_plain(snapshot))
    if len(content) > limits.SNAPSHOT_BYTES:
        raise Invalid("snapshot_too_large")
    return content


def read_snapshot(content: bytes) -> Snapshot:
    """The way back. Raises Invalid('snapshot_unreadable') for anything `write_snapshot` can't have written."""
    try:
        found = _read(Snapshot, _as_now(json.loads(content)))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Invalid("snapshot_unreadable") from error
    if found.format not in (FORMAT, *FORMERS):
        raise Invalid("snapshot_unreadable")
    return found


def _as_now(data: Any) -> Any:
    """What was frozen in a former format, with nothing where it knew nothing."""
    for number, add in enumerate((_with_contracts, _with_routes, _with_facts)):
        if data["format"] in FORMERS[: number + 1]:
            data = add(data)
    return data


def _with_contracts(data: Any) -> Any:
    _knows_nothing_of(data, "contracts", "decisions", "subcontractors")
    items = [{**item, "clauses": [], "stand_in": None, "stand_in_words": ""} for item in data["items"]]
    return {**data, "contracts": [], "decisions": [], "subcontractors": [], "items": items}


def _with_routes(data: Any) -> Any:
    _knows_nothing_of(data, "route", "outside", "user_controls")
    beside: dict[str, Any] = {"source": None, "inspections": [], "refusal": None, "findings": []}
    grounds: dict[str, Any] = {"sample": None, "report": None}
    items = []
    for item in data["items"]:
        _knows_nothing_of(item, *beside)
        items.append({**item, **beside, "review": item["review"] and {**item["review"], **grounds}})
    return {**data, "route": [], "outside": None, "user_controls": [], "items": items}


def _with_facts(data: Any) -> Any:
    _knows_nothing_of(data, "facts")
    items = [{**item, "files": [_dated(each) for each in item["files"]]} for item in data["items"]]
    outside = data["outside"] and {**data["outside"], "file": _dated(data["outside"]["file"])}
    contracts = [_knowing(each, notice_by=None) for each in data["contracts"]]
    return {**data, "items": items, "outside": outside, "contracts": contracts, "facts": None}


def _dated(file: Any) -> Any:
    return _knowing(file, observed_on=None, expires_on=None)


def _knowing(data: Any, **more: None) -> Any:
    _knows_nothing_of(data, *more)
    return {**data, **more}


def _knows_nothing_of(data: Any, *names: str) -> None:
    if set(names) & set(data):
        raise KeyError(names)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return plain(value)


def _read(kind: type[T], value: Any) -> T:
    """A value of the declared type, or TypeError, ValueError, KeyError: no key more, none less."""
    found = _read_any(kind, value)
    if not isinstance(found, kind):
        raise TypeError(kind)
    return found


def _read_any(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(each for each in get_args(kind) if each is not type(None))
        return None if value is None else _read_any(inner, value)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise TypeError(kind)
        return tuple(_read_any(get_args(kind)[0], each) for each in value)
    if kind == Text:
        return {_read(str, key): _read(str, text) for key, text in value.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        if set(value) != set(hints):
            raise KeyError(kind)
        return kind(**{name: _read_any(each, value[name]) for name, each in hints.items()})  # type: ignore[operator]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if type(value) is not kind:
        raise TypeError(kind)
    return value
