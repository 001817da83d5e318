"""Two vendors' engagements, alike in everything, each with a check, a file, an open decision and a report."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.config import ROOT
from audit_portal.domain.access import Role, system
from audit_portal.domain.assessment import AssessmentKind, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Problem, Tier
from audit_portal.domain.events.decisions import ConditionMoved
from audit_portal.domain.events.handovers import LeadChangeAsked
from audit_portal.domain.events.monitoring import PlanEntryAdded
from audit_portal.domain.evidence_in_use import Inspected, InspectionMeans
from audit_portal.domain.findings import FindingFacts, Severity
from audit_portal.domain.lead_change import Means
from audit_portal.domain.monitoring import FiscalYear
from audit_portal.domain.monitoring.fiscal_year import month_of
from audit_portal.domain.register import CertificationKind
from audit_portal.domain.route import Step
from audit_portal.domain.supervision import Classification, Gate, WorkKind
from audit_portal.services import checklists, jobs
from audit_portal.services.assessments import (
    answers,
    assessment_view,
    findings,
    inspections,
    reviews,
    sending,
    submission,
)
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.contracts import contracts
from audit_portal.services.decisions import decision_views, decisions, route_settings
from audit_portal.services.engagements import engagements
from audit_portal.services.engagements.engagements import EngagementFacts
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.handovers import handovers, looking
from audit_portal.services.handovers.looking import Order
from audit_portal.services.house import Context, House
from audit_portal.services.parties import party_certifications, party_contacts, party_sites
from audit_portal.services.parties.party_certifications import CertificationFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.parties.party_sites import SiteFacts
from audit_portal.services.reports import reports
from audit_portal.services.rounds import rounds
from audit_portal.services.rounds.rounds import RoundOrder
from audit_portal.storage import given
from audit_portal.storage.tables.approvals import DecisionCondition
from audit_portal.storage.tables.handovers import LeadChange
from audit_portal.storage.tables.monitoring import PlanEntry
from tests.factories.contracts import add_document, agreement, begin
from tests.factories.house import People, account, context, people, vendor
from tests.factories.stages import at_stage

CONTENT = b"evidence for tests\n"


@dataclass(frozen=True)
class Thread:
    """One vendor's objects."""

    vendor_id: UUID
    lead: UUID
    engagement_id: UUID
    assessment_id: UUID
    version_id: UUID
    decision_id: UUID
    report_id: UUID
    contract_id: UUID
    document_id: UUID
    round_id: UUID
    site_id: UUID
    certification_id: UUID
    contact_id: UUID
    given_id: UUID
    inspection_id: UUID
    finding_id: UUID
    route_id: UUID
    deputy_id: UUID
    condition_id: UUID
    handover_id: UUID
    change_id: UUID
    entry_id: UUID


@dataclass(frozen=True)
class Inside:
    """Of a vendor's own engagement, what its client keeps to itself."""

    assessment_id: UUID  # a contract check
    version_id: UUID  # a file of the client's own answer
    document_id: UUID  # of a contract, not shared
    decision_id: UUID


@dataclass(frozen=True)
class World:
    everyone: People
    second_officer: UUID
    ours: Thread  # auditor and owner are assigned here
    theirs: Thread
    inside: Inside
    vendor_item: str
    client_item: str
    officer_and_admin: UUID  # one person in two roles


class Unlinted(ChecklistFolder):
    """Of checklists that were cut to a few items, which lint would refuse."""

    def lint(self) -> tuple[Problem, ...]:
        return ()


def short_checklists(house: House, folder: Path) -> House:
    """The house with five-item checklists that count as whole, so that a gate can open in few steps."""
    target = folder / "checklists"
    if not target.exists():
        shutil.copytree(ROOT / "checklists", target)
        file = next((target / "quick_selection").glob("*.yaml"))
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("covers_annex10: false", "covers_annex10: true"), encoding="utf-8")
    short = replace(house, checklists=Unlinted(target))
    checklists.publish_all(short)
    return short


def deeper_checklists(house: House, folder: Path) -> House:
    """As `short_checklists`, but the short one asks less of a low tier: QSL-003 from medium, QSL-004 of high."""
    return tiered_checklists(house, folder, {"QSL-003": "[medium, high]", "QSL-004": "[high]"})


def tiered_checklists(house: House, folder: Path, tiers: dict[str, str]) -> House:
    """As `short_checklists`, with items of the short one asked of these tiers only."""
    target = folder / "checklists"
    shutil.copytree(ROOT / "checklists", target)
    file = next((target / "quick_selection").glob("*.yaml"))
    head, *items = file.read_text(encoding="utf-8").split("  - id: ")
    every = "[low, medium, high]"
    items = [item.replace(f"tiers: {every}", f"tiers: {tiers.get(item[:7], every)}") for item in items]
    whole = head.replace("covers_annex10: false", "covers_annex10: true")
    file.write_text("  - id: ".join((whole, *items)), encoding="utf-8")
    return short_checklists(house, folder)


def work(title: str = "会員データの入力") -> EngagementFacts:
    return EngagementFacts(
        title=title,
        work_kind=WorkKind.BPO,
        purpose="会員への案内の発送",
        data_categories="氏名、住所",
        persons=900,
        classification=Classification.ENTRUSTMENT,
        classification_reason="入力を任せるため",
    )


def send(ctx: Context, engagement_id: UUID, days: int = 14) -> UUID:
    """Sends the five-item check."""
    short = next(each for each in sending.sendable(ctx) if "QSL" in _prefix(ctx, each.id))
    return sending.send(ctx, engagement_id, SendOrder(short.id, ctx.house.today() + timedelta(days=days)))


def _prefix(ctx: Context, version_id: UUID) -> str:
    found = next(each for each in checklists.published(ctx.house) if each.id == version_id)
    return ctx.house.checklists.parse(ctx.house.checklists.read(found.checklist, found.version)).prefix


def answer_all(ctx: Context, assessment_id: UUID) -> None:
    """Yes to every item of one's own, a file where one is needed."""
    done: set[str] = set()
    while todo := [i for i in assessment_view.get_assessment(ctx, assessment_id).mine if i.code not in done]:
        for item in todo:
            done.add(item.code)
            answers.save(
                ctx, assessment_id, item.code, Written(AnswerValue.YES, "しています。"), item.version
            )
            if item.evidence_needed:
                attach(ctx, assessment_id, item.code)


def attach(ctx: Context, assessment_id: UUID, code: str, content: bytes = CONTENT) -> UUID:
    with Upload(ctx, Place(assessment_id, code), "確認資料.txt", len(content)) as upload:
        upload.write(content)
        return upload.finish()


def submit(ctx: Context, assessment_id: UUID) -> None:
    submission.submit(ctx, assessment_id, assessment_view.get_assessment(ctx, assessment_id).head.version)


def review_all(ctx: Context, assessment_id: UUID) -> None:
    for item in assessment_view.get_assessment(ctx, assessment_id).items:
        judgement = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。")
        reviews.review_item(ctx, assessment_id, item.code, judgement, None)
    reviews.finish(ctx, assessment_id, assessment_view.get_assessment(ctx, assessment_id).head.version)


def world_in(house: House, folder: Path) -> tuple[House, World]:
    return at_stage("world", house, folder, short_checklists, make_world)


def make_world(house: House) -> World:
    """Needs a house with short checklists."""
    everyone = people(house)
    second = account(house, everyone.client_id, Role.OFFICER)
    ours = _thread(house, everyone, second, everyone.vendor_id, everyone.vendor_lead)
    other = vendor(house, everyone.officer, "関西コールセンター株式会社", "カンサイコールセンター")
    theirs = _thread(house, everyone, second, other, account(house, other, Role.VENDOR_LEAD))
    officer = context(house, everyone.officer)
    for person in (everyone.auditor, everyone.owner):
        engagements.assign(officer, ours.engagement_id, person)
    items = assessment_view.get_assessment(officer, ours.assessment_id).items
    first = {who: next(i.code for i in items if i.answered_by is who) for who in AnsweredBy if who in _SIDES}
    both = account(house, everyone.client_id, Role.OFFICER, Role.ADMIN)
    inside = _inside(house, everyone, second)
    return World(
        everyone, second, ours, theirs, inside, first[AnsweredBy.VENDOR], first[AnsweredBy.CLIENT], both
    )


_SIDES = (AnsweredBy.CLIENT, AnsweredBy.VENDOR)


def _thread(house: House, everyone: People, second: UUID, vendor_id: UUID, lead: UUID) -> Thread:
    officer, reviewer, vendor_ctx = (
        context(house, everyone.officer),
        context(house, second),
        context(house, lead),
    )
    engagement_id = engagements.register(officer, vendor_id, work())
    assessment_id = send(officer, engagement_id)
    answer_all(vendor_ctx, assessment_id)
    item = assessment_view.get_assessment(vendor_ctx, assessment_id).mine[0].code
    version_id = attach(vendor_ctx, assessment_id, item)
    submit(vendor_ctx, assessment_id)
    answer_all(officer, assessment_id)
    inspection_id = inspections.record(reviewer, assessment_id, item, inspected(house))
    found = FindingFacts(Severity.MEDIUM, "規程の改訂日が古い。")
    finding_id = findings.raise_finding(reviewer, assessment_id, item, found)
    review_all(reviewer, assessment_id)
    decision_id = decisions.request(officer, engagement_id, "承認をお願いします。")
    report_id = reports.create(officer, assessment_id, "ja")
    jobs.run_due(house)
    contract_id = contracts.register(officer, engagement_id, agreement(house))
    document_id = add_document(officer, contract_id, shared=True)
    round_id = _round(officer, engagement_id)
    site_id = party_sites.add(officer, vendor_id, SiteFacts("本社"))
    certification_id = party_certifications.add(
        officer, vendor_id, CertificationFacts(CertificationKind.P_MARK)
    )
    contact_id = party_contacts.add(officer, vendor_id, ContactFacts("海野 渚"))
    return Thread(
        vendor_id,
        lead,
        engagement_id,
        assessment_id,
        version_id,
        decision_id,
        report_id,
        contract_id,
        document_id,
        round_id,
        site_id,
        certification_id,
        contact_id,
        _given(house, assessment_id),
        inspection_id,
        finding_id,
        *_route(house, everyone, vendor_id),
        _condition(house, engagement_id, decision_id),
        *_replaced(house, everyone, vendor_id, lead, contact_id),
        _planned(house, everyone, engagement_id),
    )


def inspected(house: House) -> Inspected:
    return Inspected(
        "入退室記録",
        "2026年10月分",
        "監査 花子",
        "本社の会議室",
        InspectionMeans.ON_SITE,
        house.today(),
        "全件を見た。",
    )


def _given(house: House, assessment_id: UUID) -> UUID:
    """The first answer that was handed in."""
    with house.db.read(system("tests")) as tx:
        return min(row.id for row in given.of_assessment(tx, assessment_id).values())


def _route(house: House, everyone: People, vendor_id: UUID) -> tuple[UUID, UUID]:
    """A route that no request here walks, and a stand-in; they are nobody's in particular."""
    officer, tier = (
        context(house, everyone.officer),
        Tier.LOW if vendor_id == everyone.vendor_id else Tier.HIGH,
    )
    other = account(house, everyone.client_id, Role.APPROVER)
    route_id = route_settings.save(officer, Gate.RELEASE, tier.value, (Step("個人情報保護管理者"),))
    today = house.today()
    return route_id, route_settings.name_deputy(officer, everyone.approver, other, today, today, "")


def _replaced(
    house: House, everyone: People, vendor_id: UUID, lead: UUID, contact_id: UUID
) -> tuple[UUID, UUID]:
    """A hand-over to come, and a next lead that waits for a second person."""
    officer = context(house, everyone.officer)
    leaver = account(house, everyone.client_id, Role.APPROVER)
    decider = account(house, everyone.client_id, Role.APPROVER)
    tier = Tier.LOW if vendor_id == everyone.vendor_id else Tier.HIGH
    route_settings.save(officer, Gate.CONTRACT, tier.value, (Step("部長", (leaver,)),))
    order = Order(leaver, None, decider, house.today() + timedelta(days=30))
    handover_id = handovers.plan(officer, order, looking.preview(officer, order).seen)
    another = context(house, account(house, everyone.client_id, Role.OFFICER))
    with house.db.begin(system("world")) as tx:  # not asked for: the contact was written today
        change = LeadChange(
            party_id=vendor_id,
            leaving_id=lead,
            contact_id=contact_id,
            contact_name="海野 渚",
            means=Means.LETTER,
            confirmed_on=house.today(),
            note="前任の退職を確かめた。",
            name="新任 者",
            email=f"next-{vendor_id}@example.jp",
            asked_by=another.actor.person,
            asked_at=tx.now,
        )
        tx.add(change)
        tx.record(
            LeadChangeAsked(
                change_id=change.id,
                party_id=vendor_id,
                contact_id=contact_id,
                leaving_id=lead,
                means=change.means.value,
                confirmed_on=change.confirmed_on,
            )
        )
    return handover_id, change.id


def _planned(house: House, everyone: People, engagement_id: UUID) -> UUID:
    """A line of the yearly plan; put there by hand, as no data is handled yet."""
    today = house.today()
    with house.db.begin(system("world")) as tx:
        row = PlanEntry(
            engagement_id=engagement_id,
            fiscal_year=FiscalYear.of(today).year,
            kind=AssessmentKind.PERIODIC,
            month=month_of(today),
            planned_by=everyone.officer,
        )
        tx.add(row)
        facts = {"kind": row.kind.value, "fiscal_year": row.fiscal_year, "month": row.month}
        tx.record(PlanEntryAdded(engagement_id=engagement_id, entry_id=row.id, **facts))
    return row.id


def _condition(house: House, engagement_id: UUID, decision_id: UUID) -> UUID:
    """As of an approval: the decision itself still waits here."""
    with house.db.begin(system("world")) as tx:
        row = DecisionCondition(
            decision_id=decision_id,
            engagement_id=engagement_id,
            number=f"D-{decision_id}"[-40:],
            what="誓約書を集める",
            who="人事部",
            due_on=house.today(),
        )
        tx.add(row)
        moved = {"decision_id": decision_id, "number": row.number, "state": row.state.value}
        tx.record(ConditionMoved(engagement_id=engagement_id, **moved))
    return row.id


def _inside(house: House, everyone: People, second: UUID) -> Inside:
    """An engagement of our vendor past selection, its contract being checked."""
    officer, lead = context(house, everyone.officer), context(house, everyone.vendor_lead)
    engagement_id = engagements.register(officer, everyone.vendor_id, work("契約中の業務"))
    selection_id = send(officer, engagement_id)
    answer_all(lead, selection_id)
    submit(lead, selection_id)
    answer_all(officer, selection_id)
    item = assessment_view.get_assessment(officer, selection_id).mine[0].code
    version_id = attach(officer, selection_id, item)
    review_all(context(house, second), selection_id)
    decision_id = decisions.request(officer, engagement_id, "承認をお願いします。")
    approver = context(house, everyone.approver)
    version = decision_views.get_decision(approver, decision_id).version
    decisions.decide(approver, decision_id, version, True, "確認しました。")
    contract_id = contracts.register(officer, engagement_id, agreement(house))
    document_id = add_document(officer, contract_id)
    assessment_id = begin(officer, engagement_id)
    return Inside(assessment_id, version_id, document_id, decision_id)


def _round(officer: Context, engagement_id: UUID) -> UUID:
    """A round of one other engagement of the same vendor, sent."""
    vendor_id = engagements.get_engagement(officer, engagement_id).vendor_id
    fresh = engagements.register(officer, vendor_id, work("一斉送付の業務"))
    short = sending.sendable(officer)[0]
    due = officer.house.today() + timedelta(days=14)
    found = rounds.start(officer, [fresh], RoundOrder("試験の一斉送付", 2026, short.id, due))
    jobs.run_due(officer.house)
    return found
