"""What was answered before, beside a question that is asked now: for who answers it, and for who reviews it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain import carried
from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.assessment import AssessmentKind, ReviewBasis, ReviewResult
from audit_portal.domain.carried import Wanted
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Item
from audit_portal.domain.checklist import Scope as ItemScope
from audit_portal.services import checklists
from audit_portal.services.assessments.assessment_list import AssessmentHead
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import given as storage
from audit_portal.storage.tables.assessments import EvidenceVersion
from audit_portal.storage.tables.given import GivenAnswer
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("former")


@dataclass(frozen=True)
class FormerFile:
    version_id: UUID
    evidence_id: UUID
    name: str
    sha256: str
    observed_on: date | None
    expires_on: date | None
    expired: bool


@dataclass(frozen=True)
class Conclusion:
    result: ReviewResult
    basis: ReviewBasis
    comment: str
    reviewer: str
    reviewed_at: datetime


@dataclass(frozen=True)
class Former:
    """An earlier answer. `number` is empty where the reader doesn't reach the assessment it was given in."""

    code: str
    given_id: UUID
    answer_version: int
    digest: str
    scope: ItemScope
    sites: tuple[str, ...]
    assessment_id: UUID
    number: str
    engagement: str
    given_at: datetime
    value: AnswerValue
    comment: str
    action: str
    action_due: date | None
    files: tuple[FormerFile, ...]
    confirmable: bool  # by the reader, as the answer to what is asked now
    fresh: bool  # asked anew in each period
    conclusion: Conclusion | None

    @property
    def expired(self) -> tuple[FormerFile, ...]:
        return tuple(file for file in self.files if file.expired)


@dataclass(frozen=True)
class Pinned:
    """What an answer was confirmed from."""

    number: str  # "" where the reader doesn't reach it
    assessment_id: UUID | None
    given_at: datetime
    confirmed_at: datetime
    confirmed_by: str
    version: int
    digest: str
    holds: bool


@dataclass(frozen=True)
class Beside:
    """What the page of one item shows beside its answer."""

    former: Former | None
    pinned: Pinned | None
    sites: tuple[str, ...] | None  # a question on sites: on which; None: on no sites on record


def _reader(ctx: Context) -> Context:
    """A contributor holds none of the earlier answers, but may see those to the items given to them now."""
    return ctx.acting_as(_SYSTEM) if ctx.actor.only_delegated else ctx


def beside(ctx: Context, view: AssessmentView, code: str) -> Beside:
    """For one item that `view` shows this reader."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    shown = view.item(code)  # NotFound for what isn't theirs to see
    with _reader(ctx).read() as tx:
        row, items = view.head, _asked(ctx, tx, view.head)
        item = items[code]
        chosen = _chosen(tx, row, view.side, [item])
        found = _views(ctx, tx, chosen, view.side is not AnsweredBy.VENDOR).get(code)
        pinned = _pinned(ctx, tx, row, code)
        is_site = carried.scope_of(item) is ItemScope.SITE
        names = storage.sites(tx, row.sites or ()) if is_site else {}
    if found and (shown.begun or not shown.editable):
        found = replace(found, confirmable=False)
    return Beside(found, pinned, tuple(sorted(names.values())) or None if is_site else ())


def of_items(ctx: Context, view: AssessmentView, codes: Sequence[str]) -> dict[str, Former]:
    """By item, the earlier answers that the pages of these items show; none where one was confirmed."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with _reader(ctx).read() as tx:
        asked = _asked(ctx, tx, view.head)
        confirmed = storage.confirmed_items(tx, view.head.id)
        items = [asked[code] for code in codes if code not in confirmed]
        return _views(ctx, tx, _chosen(tx, view.head, view.side, items), with_conclusion=False)


def _asked(ctx: Context, tx: Transaction, row: AssessmentHead) -> dict[str, Item]:
    version = checklists.version(tx, row.checklist_version_id)
    return {item.id: item for item in checklists.parsed(ctx.house, version).items}


def offered(ctx: Context, view: AssessmentView) -> tuple[Former, ...]:
    """The earlier answers this reader can confirm now: to items of theirs that nobody has begun."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    items = _untouched(view)
    if not items:
        return ()
    with _reader(ctx).read() as tx:
        found = _views(ctx, tx, _open(ctx, tx, view, items), with_conclusion=False)
    return tuple(found.values())


def offered_count(ctx: Context, view: AssessmentView) -> int:
    """How many `offered` has, in few queries: it comes with every page of an assessment."""
    items = _untouched(view)
    if not items or not ctx.actor.may(Permission.ANSWER_WRITE):
        return 0
    with _reader(ctx).read() as tx:
        return len(_open(ctx, tx, view, items))


def _untouched(view: AssessmentView) -> list[str]:
    if view.head.kind is AssessmentKind.CONTRACT:
        return []
    return [item.code for item in view.mine if item.editable and not item.begun]


_Chosen = dict[str, tuple[GivenAnswer, bool]]  # by item: the earlier answer, and whether it can be confirmed


def _open(ctx: Context, tx: Transaction, view: AssessmentView, codes: Sequence[str]) -> _Chosen:
    row, items = view.head, _asked(ctx, tx, view.head)
    found = _chosen(tx, row, view.side, [items[code] for code in codes])
    return {code: each for code, each in found.items() if each[1]}


def _chosen(tx: Transaction, row: AssessmentHead, side: AnsweredBy, items: Sequence[Item]) -> _Chosen:
    """By item, in their order. Who answers for the vendor sees what the vendor said anywhere; everybody else
    what was said of this engagement."""
    questions = {carried.question_of(item) for item in items}
    rows = storage.earlier(
        tx, row.id, row.engagement_id, row.vendor_id, questions, everywhere=side is AnsweredBy.VENDOR
    )
    found: _Chosen = {}
    for item in items:
        audience = None if item.answered_by is AnsweredBy.VENDOR else row.principal_id
        wanted = Wanted(item, carried.place_of(item, row.engagement_id, row.sites), row.engagement_id)
        fitting = [
            each
            for each in rows
            if each.question == carried.question_of(item) and each.audience_id == audience
        ]
        best = carried.newest_shown(fitting, wanted)
        if best is not None:
            may = item.answered_by is side and row.kind is not AssessmentKind.CONTRACT
            found[item.id] = (best, may and carried.may_stand_for(best, wanted))
    return found


def _views(ctx: Context, tx: Transaction, chosen: _Chosen, with_conclusion: bool) -> dict[str, Former]:
    rows = [row for row, _ in chosen.values()]
    if not rows:
        return {}
    files = storage.files(tx, [file for row in rows for file in row.files])
    sites = storage.sites(tx, [site for row in rows for site in row.sites])
    places = storage.places(tx, {row.assessment_id for row in rows})
    concluded = storage.conclusions(tx, [row.answer_id for row in rows]) if with_conclusion else {}
    people = then(ctx, {review.reviewer_id for review in concluded.values()})
    today = ctx.house.today()
    found = {}
    for code, (row, confirmable) in chosen.items():
        place, review = places.get(row.assessment_id), concluded.get(row.answer_id)
        conclusion = review and Conclusion(
            review.result,
            review.basis,
            review.comment,
            people.name(review.reviewer_id, review.reviewed_at),
            review.reviewed_at,
        )
        found[code] = Former(
            code=code,
            given_id=row.id,
            answer_version=row.answer_version,
            digest=row.digest,
            scope=row.scope,
            sites=tuple(sorted(sites[each] for each in row.sites if each in sites)),
            assessment_id=row.assessment_id,
            number=place[0].number if place else "",
            engagement=f"{place[1].number} {place[2].title}" if place else "",
            given_at=row.given_at,
            value=row.value,
            comment=row.comment,
            action=row.action,
            action_due=row.action_due,
            files=tuple(file_view(files[each], today) for each in row.files if each in files),
            confirmable=confirmable,
            fresh=row.fresh,
            conclusion=conclusion or None,
        )
    return found


def file_view(row: EvidenceVersion, today: date) -> FormerFile:
    return FormerFile(
        row.id,
        row.evidence_id,
        row.file_name,
        row.sha256,
        row.observed_on,
        row.expires_on,
        carried.has_expired(row.expires_on, today),
    )


def _pinned(ctx: Context, tx: Transaction, row: AssessmentHead, code: str) -> Pinned | None:
    found = storage.confirmation(tx, row.id, code)
    if found is None:
        return None
    source = storage.source_of(tx, found)
    place = storage.places(tx, {source}).get(source) if source else None
    people = then(ctx, {found.confirmed_by})
    return Pinned(
        place[0].number if place else "",
        place[0].id if place else None,
        found.given_at,
        found.confirmed_at,
        people.name(found.confirmed_by, found.confirmed_at),
        found.given_version,
        found.given_sha256,
        found.holds,
    )
