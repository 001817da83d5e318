"""Answers entered on behalf of a party without an account: from which source, how old it may be, what it must say.

A party that answers on paper, by telephone or not at all (a cloud provider) is checked all the same: the client's
people transcribe what a document says, and a second person compares it (design.md section 3).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from audit_portal.domain import limits
from audit_portal.domain.checklist import Duty
from audit_portal.domain.contracts import add_months
from audit_portal.domain.errors import Conflict, Invalid

# Own rule, no law: what a source older than this says of today is doubtful. Shown as a warning, never a blocker.
STALE_MONTHS = 12
STALE_DUTY = Duty.OWN


class SourceKind(StrEnum):
    PAPER = "paper"
    EMAIL = "email"
    PHONE = "phone"
    INTERVIEW = "interview"
    PUBLIC = "public"
    CAPTURE = "capture"  # a web page as it looked on a day
    SOC2 = "soc2"
    ISMAP = "ismap"


# Somebody of the party answered; the others are documents that speak for themselves.
ANSWERED = frozenset({SourceKind.PAPER, SourceKind.EMAIL, SourceKind.PHONE, SourceKind.INTERVIEW})
CLOUD = frozenset({SourceKind.CAPTURE, SourceKind.SOC2, SourceKind.ISMAP})
# Somebody else vouches for the party there.
THIRD_PARTY = frozenset({SourceKind.SOC2, SourceKind.ISMAP})
# Written down or captured by the client's own people: theirs to keep, not the party's file.
OWN_NOTES = frozenset({SourceKind.PHONE, SourceKind.INTERVIEW, SourceKind.CAPTURE, SourceKind.ISMAP})


class Soc2Type(StrEnum):
    TYPE_1 = "1"  # design, as of one day
    TYPE_2 = "2"  # operation, over a period


@dataclass(frozen=True)
class SourceFacts:
    """What is said of a source. `dated_on`: answered, published, captured, or looked up on this day."""

    dated_on: date
    answerer: str = ""
    answerer_title: str = ""
    answerer_department: str = ""
    url: str = ""
    captured_by: str = ""
    soc2_type: Soc2Type | None = None
    period_from: date | None = None
    period_to: date | None = None
    auditor: str = ""
    covers: str = ""  # the services in scope
    exceptions: str = ""
    bridge_to: date | None = None  # until when a bridge letter carries the report on
    registration: str = ""
    service: str = ""


_PERSON = ("answerer", "answerer_title")
_NEEDED: dict[SourceKind, tuple[str, ...]] = {
    **dict.fromkeys(ANSWERED, _PERSON),
    SourceKind.PUBLIC: ("url",),
    SourceKind.CAPTURE: ("url", "captured_by"),
    SourceKind.SOC2: ("soc2_type", "period_to", "auditor", "covers", "exceptions"),
    SourceKind.ISMAP: ("registration", "service", "url"),
}
_ASKED: dict[SourceKind, tuple[str, ...]] = {
    **dict.fromkeys(ANSWERED, (*_PERSON, "answerer_department")),
    SourceKind.PUBLIC: ("url",),
    SourceKind.CAPTURE: ("url", "captured_by"),
    SourceKind.SOC2: (
        "soc2_type",
        "period_from",
        "period_to",
        "auditor",
        "covers",
        "exceptions",
        "bridge_to",
    ),
    SourceKind.ISMAP: ("registration", "service", "url"),
}


def asked(kind: SourceKind) -> tuple[str, ...]:
    """Which facts beside the date a source of this kind has."""
    return _ASKED[kind]


def needed(kind: SourceKind) -> tuple[str, ...]:
    """Without which no source of this kind is registered; a Type 2 report also has its first day."""
    return _NEEDED[kind]


def check_source(kind: SourceKind, facts: SourceFacts, today: date) -> None:
    """Raises Invalid, with the field: a fact missing, a date of the future, a period that ends before it begins."""
    for name in _NEEDED[kind]:
        value = getattr(facts, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Invalid("source_fact_needed", field=name)
    for name in ("dated_on", "period_to"):
        day = getattr(facts, name)
        if day is not None and day > today:
            raise Invalid("source_in_future", field=name)
    if facts.url and not facts.url.startswith(("https://", "http://")):
        raise Invalid("source_url_wrong", field="url")
    if kind is SourceKind.SOC2:
        _check_period(facts)


def _check_period(facts: SourceFacts) -> None:
    if facts.soc2_type is Soc2Type.TYPE_2 and facts.period_from is None:
        raise Invalid("source_fact_needed", field="period_from")
    if facts.period_to is None:
        return
    if facts.period_from is not None and facts.period_from > facts.period_to:
        raise Invalid("source_period_wrong", field="period_to")
    if facts.dated_on < facts.period_to:
        raise Invalid("source_before_period", field="dated_on")
    if facts.bridge_to is not None and facts.bridge_to <= facts.period_to:
        raise Invalid("source_bridge_wrong", field="bridge_to")


def as_of(kind: SourceKind, facts: SourceFacts) -> date:
    """The last day the source speaks of."""
    if kind is SourceKind.SOC2 and facts.period_to is not None:
        return max(facts.period_to, facts.bridge_to or facts.period_to)
    return facts.dated_on


def is_stale(kind: SourceKind, facts: SourceFacts, today: date) -> bool:
    return add_months(as_of(kind, facts), STALE_MONTHS) < today


def to_details(kind: SourceKind, facts: SourceFacts) -> dict[str, str]:
    """The facts of this kind beside the date, as they are stored: those that say something, dates as ISO 8601."""
    values = {name: getattr(facts, name) for name in asked(kind)}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in values.items()
        if value not in (None, "")
    }


def from_details(dated_on: date, details: dict[str, str]) -> SourceFacts:
    """The way back; what a later version stored and this one doesn't know is left out."""
    known = {each.name for each in fields(SourceFacts)} - {"dated_on"}
    return SourceFacts(
        dated_on, **{name: _value(name, text) for name, text in details.items() if name in known}
    )


def _value(name: str, text: str) -> Any:
    if name == "soc2_type":
        return Soc2Type(text)
    return date.fromisoformat(text) if name in ("period_from", "period_to", "bridge_to") else text


class EntryState(StrEnum):
    """How far answers entered on behalf have come, until a second person stands for them too."""

    TRANSCRIBING = "transcribing"
    TO_CONFIRM = "to_confirm"
    CONFIRMED = "confirmed"


class EntryAction(StrEnum):
    ASK = "ask"
    CONFIRM = "confirm"
    GIVE_BACK = "give_back"
    REOPEN = "reopen"  # the reviewer returned items


_E, _A = EntryState, EntryAction
NEXT: dict[tuple[EntryState, EntryAction], EntryState] = {
    (_E.TRANSCRIBING, _A.ASK): _E.TO_CONFIRM,
    (_E.TRANSCRIBING, _A.REOPEN): _E.TRANSCRIBING,
    (_E.TO_CONFIRM, _A.CONFIRM): _E.CONFIRMED,
    (_E.TO_CONFIRM, _A.GIVE_BACK): _E.TRANSCRIBING,
    (_E.TO_CONFIRM, _A.REOPEN): _E.TRANSCRIBING,
    (_E.CONFIRMED, _A.REOPEN): _E.TRANSCRIBING,
}


def after(state: EntryState, action: EntryAction) -> EntryState:
    """The next state. Raises Conflict('entry_moved_on'): the usual cause is that somebody else was quicker."""
    try:
        return NEXT[state, action]
    except KeyError:
        raise Conflict("entry_moved_on", state=state.value) from None


class ControlStatus(StrEnum):
    """What became of a control that a provider leaves to its user (CUEC)."""

    DONE = "done"
    PLANNED = "planned"  # by a day
    NOT_DONE = "not_done"  # and why not


def check_control(status: ControlStatus, note: str, due_on: date | None, today: date) -> None:
    """Raises Invalid for a plan without a day (or with one past), and for a "no" without a reason."""
    if status is ControlStatus.PLANNED and due_on is None:
        raise Invalid("control_due_needed", field="due_on")
    if status is ControlStatus.PLANNED and due_on is not None and due_on < today:
        raise Invalid("control_due_past", field="due_on")
    if status is ControlStatus.NOT_DONE and not note.strip():
        raise Invalid("control_reason_needed", field="note")


def controls_in(text: str) -> tuple[str, ...]:
    """One control a line. Raises Invalid for a line that is too long; the count is checked where they are kept."""
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if any(len(line) > limits.LINE for line in lines):
        raise Invalid("control_too_long", field="controls", most=limits.LINE)
    return lines
