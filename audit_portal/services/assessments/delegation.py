"""Items given to a person: a vendor's lead shares the work among colleagues, an officer among owners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, Role, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.assessments import ItemsDelegated, ItemsTakenBack
from audit_portal.domain.more_time import WITH_VENDOR
from audit_portal.services.assessments import assessment_view
from audit_portal.services.assessments.answers import CLIENT_MAY
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.assessments.sheets import side_of
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import accounts, assessments, get, parties, process
from audit_portal.storage.people import People
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.process import Delegation
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("delegation")
_MAY_HOLD = {
    AnsweredBy.VENDOR: frozenset({Role.VENDOR_LEAD.value, Role.VENDOR_CONTRIBUTOR.value}),
    AnsweredBy.CLIENT: frozenset({Role.OWNER.value}),
}


@dataclass(frozen=True)
class Candidate:
    """Somebody items can be given to."""

    id: UUID
    name: str
    department: str
    joined: bool  # False: invited, hasn't signed in yet


@dataclass(frozen=True)
class Share:
    """What one person holds, and how far they are."""

    account_id: UUID
    name: str
    given: int
    finished: int
    due_on: date
    since: datetime
    given_by: str  # "": somebody of the other party
    message: str
    ended: bool  # the account is over: somebody else has to answer


@dataclass(frozen=True)
class Board:
    """An assessment as the one who shares its items sees it."""

    view: AssessmentView
    people: tuple[Candidate, ...]
    shares: tuple[Share, ...]
    possible: bool  # whether anything can still be given

    @property
    def free(self) -> int:
        """Items nobody was given."""
        return sum(1 for item in self.view.mine if item.delegate_id is None)


@dataclass(frozen=True)
class Gift:
    """What is given: these items, to this person (None: taken back), by when, with which words."""

    items: tuple[str, ...]
    to: UUID | None
    due_on: date | None = None
    message: str = ""


def board(ctx: Context, assessment_id: UUID) -> Board:
    """Who has what. NotFound outside one's reach."""
    require(ctx.actor, Permission.ITEM_DELEGATE)
    view = assessment_view.get_assessment(ctx, assessment_id)
    with ctx.read() as tx:
        row = get.one(tx, Assessment, assessment_id)
        given = {each.delegate_id: each for each in process.delegations(tx, assessment_id)}
        people = _candidates(tx, row, view.side)
        givers = {each.given_by for each in given.values()}
        known = accounts.people(tx, {*given, *givers})
    return Board(
        view,
        tuple(Candidate(p.id, p.name, p.department, p.state is AccountState.ACTIVE) for p in people),
        _shares(view, given, known, then(ctx, givers)),
        _open(row, view.side),
    )


def _shares(
    view: AssessmentView, given: dict[UUID, Delegation], known: dict[UUID, Account], people: People
) -> tuple[Share, ...]:
    """Who holds items, as they are called now; who gave them, as they were called then."""
    found = []
    for who, gift in given.items():
        items = [item for item in view.mine if item.delegate_id == who]
        if items and who in known:
            found.append(
                Share(
                    who,
                    known[who].name,
                    len(items),
                    sum(1 for item in items if finished(view, item)),
                    gift.due_on,
                    gift.given_at,
                    _giver(gift, known, people, known[who].party_id),
                    gift.message,
                    known[who].state is AccountState.ENDED,
                )
            )
    return tuple(sorted(found, key=lambda each: each.name))


def _giver(gift: Delegation, known: Mapping[UUID, Account], people: People, party_id: UUID | None) -> str:
    """The name a colleague had; who of the other party passed items on is not told."""
    giver = known.get(gift.given_by)
    return people.name(gift.given_by, gift.given_at) if giver and giver.party_id == party_id else ""


def finished(view: AssessmentView, item: ItemView) -> bool:
    """Whether nothing is left to do about an item: nothing is missing, and a returned one was written to."""
    if not item.editable:
        return True
    revised = item.answered_at and view.submitted_at and item.answered_at > view.submitted_at
    return item.missing is None and not (item.returned_note and not revised)


def _candidates(tx: Transaction, row: Assessment, side: AnsweredBy) -> list[Account]:
    """The vendor's people; of the client's, owners who are on the engagement: the others don't reach it."""
    of_client = side is AnsweredBy.CLIENT
    people = parties.assigned_to(tx, row.engagement_id) if of_client else accounts.of_party(tx, row.vendor_id)
    wanted = _MAY_HOLD[side]
    return [each for each in people if wanted & set(each.roles) and each.state is not AccountState.ENDED]


def _open(row: Assessment, side: AnsweredBy) -> bool:
    return row.state in (WITH_VENDOR if side is AnsweredBy.VENDOR else CLIENT_MAY)


def give(ctx: Context, assessment_id: UUID, gift: Gift) -> int:
    """Gives items to a person, or takes them back; returns how many changed hands.

    Only items that are still open. Raises Invalid for nobody, nothing or a date that doesn't fit, NotFound for
    another's items or people, Conflict when the answers are in.
    """
    require(ctx.actor, Permission.ITEM_DELEGATE)
    if not gift.items:
        raise Invalid("share_items_needed", field="items")
    with ctx.begin() as tx:
        assessments.lock(tx, assessment_id)
        row = get.one(tx, Assessment, assessment_id)
        side = side_of(ctx, row)
        if not _open(row, side):
            raise Conflict("assessment_moved_on", state=row.state.value)
        answers = _answers(tx, row, side, gift.items)
        changed = [each for each in answers if each.is_open and each.delegate_id != gift.to]
        if not changed:
            return 0
        if gift.to is None:
            _take_back(tx, row, side, changed)
        else:
            _hand_over(ctx, tx, row, side, changed, gift)
    return len(changed)


def _answers(tx: Transaction, row: Assessment, side: AnsweredBy, items: Collection[str]) -> list[Answer]:
    found = {each.item: each for each in assessments.answers(tx, row.id) if each.answered_by is side}
    if not set(items) <= found.keys():
        raise NotFound()
    return [answer for code, answer in found.items() if code in items]


def _take_back(tx: Transaction, row: Assessment, side: AnsweredBy, answers: Sequence[Answer]) -> None:
    for answer in answers:
        answer.delegate_id = None
    codes = tuple(answer.item for answer in answers)
    tx.record(ItemsTakenBack(engagement_id=_timeline(row, side), assessment_id=row.id, items=codes))


def _timeline(row: Assessment, side: AnsweredBy) -> UUID | None:
    """How a vendor shares its work is no matter of the client's: its entries name no engagement."""
    return row.engagement_id if side is AnsweredBy.CLIENT else None


def _hand_over(
    ctx: Context, tx: Transaction, row: Assessment, side: AnsweredBy, answers: Sequence[Answer], gift: Gift
) -> None:
    to = next((each for each in _candidates(tx, row, side) if each.id == gift.to), None)
    if to is None:
        raise Invalid("share_person_unknown", field="person")
    due_on = gift.due_on or row.due_on
    if gift.due_on and gift.due_on < tx.today:
        raise Invalid("share_due_in_past", field="due_on")
    if due_on > row.due_on:
        raise Invalid("share_due_too_late", field="due_on", due=row.due_on)
    for answer in answers:
        answer.delegate_id = to.id
    codes = tuple(answer.item for answer in answers)
    row_of_gift = Delegation(
        assessment_id=row.id,
        engagement_id=row.engagement_id,
        audience_id=row.vendor_id if side is AnsweredBy.VENDOR else row.principal_id,
        delegate_id=to.id,
        items=list(codes),
        message=gift.message,
        due_on=due_on,
        given_by=ctx.actor.person,
        given_at=tx.now,
    )
    tx.add(row_of_gift)
    tx.record(
        ItemsDelegated(
            engagement_id=_timeline(row, side),
            assessment_id=row.id,
            items=codes,
            account_id=to.id,
        )
    )
    if to.id != ctx.actor.account_id:
        payload = {"delegation_id": str(row_of_gift.id)}
        tx.send("mail_items_delegated", f"items_delegated:{row_of_gift.id}", payload)


@dataclass(frozen=True)
class MyShare:
    """What was given to the reader in one assessment, for the home page."""

    assessment_id: UUID
    number: str
    engagement_title: str
    left: int
    due_on: date
    given_by: str
    message: str


def mine(ctx: Context) -> tuple[MyShare, ...]:
    """The reader's items that still need an answer, by assessment, those due first at the front."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    states: Collection[AssessmentState] = WITH_VENDOR if ctx.actor.is_vendor else CLIENT_MAY
    with ctx.read() as tx:
        held: dict[UUID, set[str]] = {}
        for assessment_id, item in process.held_by(tx, ctx.actor.person, states):
            held.setdefault(assessment_id, set()).add(item)
        gifts = process.given_to(tx, ctx.actor.person, held.keys())
    with ctx.acting_as(_SYSTEM).read() as tx:
        givers = accounts.people(tx, {gift.given_by for gift in gifts.values()})
    people = then(ctx, givers)
    found = []
    for assessment_id, items in list(held.items())[:_MOST]:
        view = assessment_view.get_assessment(ctx, assessment_id)
        left = [item for item in view.mine if item.code in items and not finished(view, item)]
        gift = gifts.get(assessment_id)
        if left and gift:
            found.append(
                MyShare(
                    assessment_id,
                    view.head.number,
                    view.head.engagement_title,
                    len(left),
                    gift.due_on,
                    _giver(gift, givers, people, ctx.actor.party_id),
                    gift.message,
                )
            )
    return tuple(sorted(found, key=lambda each: each.due_on))


_MOST = 10
