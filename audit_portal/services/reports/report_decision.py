"""The decision as a report tells it: who decided along the route, what was accepted, on what conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from audit_portal.domain.acceptance import first_key
from audit_portal.domain.checklist import Item, LegalRef, duty_of
from audit_portal.domain.condition import ConditionState
from audit_portal.domain.decision import DecisionState, FrozenBlocker, Snapshot, read_snapshot
from audit_portal.domain.report import (
    AcceptedBlocker,
    Bilingual,
    ConditionFacts,
    DecisionFacts,
    DecisionOutcome,
)
from audit_portal.domain.route import SeatState
from audit_portal.domain.supervision import Gate
from audit_portal.services.assessments.sheets import Sheet
from audit_portal.services.house import House
from audit_portal.services.reports.blocker_words import words_of
from audit_portal.storage import approvals, decisions, routes
from audit_portal.storage.people import then
from audit_portal.storage.tables.approvals import DecisionCondition
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.routes import DecisionSeat
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Known:
    """What a decision's shortfalls are named from: its own snapshot; else the check that is reported on."""

    sheet: Sheet
    legal: Mapping[str, LegalRef]


def facts(tx: Transaction, row: GateRequest, house: House, known: Known) -> DecisionFacts | None:
    """None as long as nobody decided."""
    if row.decided_at is None or row.decided_by is None:
        return None
    seats = routes.seats(tx, {row.id}).get(row.id, [])
    names = tuple(_name(each) for each in seats if each.state is not SeatState.WAITING)
    if not names:  # decided before there were routes
        names = (then(tx, {row.decided_by}).name(row.decided_by, row.decided_at),)
    paper = approvals.outside(tx, row.id)
    if paper is not None:  # when it happened; when it was entered is the request's own moment
        said = f"稟議 / outside decision {paper.number} ({paper.decided_on.isoformat()})"
        names = (f"{paper.approver} [{paper.approver_title}] {said}", *names)
    approved = row.state is DecisionState.APPROVED
    return DecisionFacts(
        DecisionOutcome.APPROVED if approved else DecisionOutcome.REFUSED,
        names,
        row.decided_at,
        row.comment or row.reason,
        _accepted(tx, row, house, known),
        tuple(
            _condition(each, house)
            for each in approvals.conditions(tx, row.engagement_id)
            if each.decision_id == row.id
        ),
        row.gate.value,
        row.number,
    )


def release(tx: Transaction, row: GateRequest, house: House, known: Known) -> DecisionFacts | None:
    """The newest decision on releasing data that stands on this one, of a contract."""
    if row.gate is not Gate.CONTRACT:
        return None
    for later in decisions.of_engagement(tx, row.engagement_id):
        made = later.state in (DecisionState.APPROVED, DecisionState.REFUSED)
        if later.gate is Gate.RELEASE and made:
            before = read_snapshot(later.snapshot).decisions
            if row.number in {each.number for each in before}:
                return facts(tx, later, house, known)
    return None


def _name(seat: DecisionSeat) -> str:
    """In both languages at once: names aren't translated."""
    deputy = f"（{seat.for_name} 代理 / deputy）" if seat.for_name else ""
    title = f" [{seat.title}]" if seat.title else ""
    return f"{seat.actor_name}{deputy}{title}"


def _accepted(tx: Transaction, row: GateRequest, house: House, known: Known) -> tuple[AcceptedBlocker, ...]:
    if not row.accepted:
        return ()
    frozen = _with_earlier(tx, row, read_snapshot(row.snapshot))
    stood = approvals.ever_accepted(tx, row.engagement_id)
    found = []
    for each in row.accepted:
        what, basis, duty = _about(each["key"], frozen, known)
        mine = [other for other in stood if first_key(other.key) == first_key(each["key"])]
        later = [other.expires_on for other in mine if other.decision_id > row.id]
        settled = [other.settled_at for other in mine if other.decision_id == row.id and other.settled_at]
        found.append(
            AcceptedBlocker(
                what,
                basis,
                each["reason"],
                each["measure"],
                date.fromisoformat(each["expires_on"]),
                duty,
                later[-1] if later else None,
                _day(settled[0], house) if settled and not later else None,
            )
        )
    return tuple(found)


def _with_earlier(tx: Transaction, row: GateRequest, frozen: Snapshot) -> Snapshot:
    """With the questions of the decisions it stands on: what ended there is accepted anew here."""
    before = {each.number for each in frozen.decisions}
    rows = decisions.of_engagement(tx, row.engagement_id) if before else []
    earlier = (read_snapshot(each.snapshot).items for each in rows if each.number in before)
    return replace(frozen, items=(*frozen.items, *(item for items in earlier for item in items)))


def _about(key: str, frozen: Snapshot, known: Known) -> tuple[Bilingual, str, str]:
    """What was short, on what basis and how strong, of a blocker that was accepted under this key."""
    code, _colon, item = first_key(key).partition(":")
    blocker: FrozenBlocker | None = next((each for each in frozen.blockers if each.key == key), None)
    asked: Item | None = next((each for each in known.sheet.checklist.items if each.id == item), None)
    question = frozen.question(item) or (asked and {"ja": asked.question.ja, "en": asked.question.en})
    what = words_of(code, item or None, Bilingual(question["ja"], question["en"]) if question else None)
    if key != first_key(key):
        what = Bilingual(
            f"期限が過ぎたあとの再度の受け入れ：{what.ja}", f"Accepted anew after its end: {what.en}"
        )
    if blocker is not None:
        return what, " / ".join(each.title for each in blocker.basis), blocker.duty.value
    if asked is None:  # it came up after the decision was asked for, and isn't one of this check's items
        return what, "", ""
    titles = (known.legal[each].title for each in asked.legal_basis if each in known.legal)
    return what, " / ".join(titles), duty_of(asked, known.sheet.conditions).value


def _day(moment: datetime, house: House) -> date:
    return moment.astimezone(house.zone).date()


def _condition(row: DecisionCondition, house: House) -> ConditionFacts:
    confirmed = row.confirmed_at if row.state is ConditionState.CONFIRMED else None
    return ConditionFacts(
        row.what,
        row.who,
        row.due_on,
        row.before_release,
        _day(confirmed, house) if confirmed else None,
    )
