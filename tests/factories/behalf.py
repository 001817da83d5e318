"""A check of a vendor without an account, and the steps of entering its answers on behalf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from audit_portal.domain.access import Role
from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.domain.on_behalf import SourceFacts, SourceKind
from audit_portal.services.assessments import assessment_view, behalf_views, confirming, sources, transcribing
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.sources import SourceOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.evidence import evidence_reading
from audit_portal.services.evidence.source_upload import SourceUpload
from audit_portal.services.house import Context, House
from tests.factories.house import account, context, people, vendor
from tests.factories.stages import at_stage
from tests.factories.world import attach, send, short_checklists, work
from tests.services.steps import Case

CONTENT = b"paper answers, scanned\n"


def silent_case(house: House, folder: Path) -> Case:
    """One engagement with a vendor that has no account at all, and its check sent."""

    def build(short: House) -> tuple[object, ...]:
        everyone = people(short)
        second = account(short, everyone.client_id, Role.OFFICER)
        officer = context(short, everyone.officer)
        silent = vendor(short, everyone.officer, "山麓製本所", "サンロクセイホンジョ")
        engagement_id = engagements.register(officer, silent, work("申込書の製本"))
        engagements.assign(officer, engagement_id, everyone.owner)
        return everyone, second, engagement_id, send(officer, engagement_id)

    short, ids = at_stage("silent case", house, folder, short_checklists, build)
    return Case(short, *ids)


def paper(ctx: Context, **more: object) -> SourceOrder:
    facts = SourceFacts(ctx.house.today() - timedelta(days=3), "山本 登", "工場長", "製造部")
    return SourceOrder(SourceKind.PAPER, replace(facts, **more))  # type: ignore[arg-type]


def add_source(ctx: Context, assessment_id: UUID, order: SourceOrder | None = None) -> UUID:
    """Registers a source and sends its document in."""
    source_id = sources.register(ctx, assessment_id, order or paper(ctx))
    send_document(ctx, assessment_id, source_id)
    return source_id


def send_document(ctx: Context, assessment_id: UUID, source_id: UUID) -> UUID:
    with SourceUpload(ctx, assessment_id, source_id, "回答書.txt", len(CONTENT)) as upload:
        upload.write(CONTENT)
        return upload.finish()


def transcribe_all(ctx: Context, assessment_id: UUID, source_id: UUID, leave: Sequence[str] = ()) -> None:
    """Yes to every item of the vendor's, a file where one is needed."""
    done: set[str] = set(leave)
    while todo := [
        i for i in assessment_view.get_assessment(ctx, assessment_id).behalf if i.code not in done
    ]:
        item = todo[0]
        done.add(item.code)
        words = Written(AnswerValue.YES, "しています。")
        transcribing.transcribe(ctx, assessment_id, item.code, words, source_id, item.version)
        if item.evidence_needed:
            attach(ctx, assessment_id, item.code)


def ask(ctx: Context, assessment_id: UUID) -> None:
    confirming.ask(ctx, assessment_id, behalf_views.get_entry(ctx, assessment_id).version)


def read_sources(ctx: Context, assessment_id: UUID) -> None:
    for each in behalf_views.get_entry(ctx, assessment_id).sources:
        if each.version_id:
            evidence_reading.open_download(ctx, each.version_id)


def confirm(ctx: Context, assessment_id: UUID) -> bool:
    """Opens the sources, compares, confirms."""
    read_sources(ctx, assessment_id)
    entry = behalf_views.get_entry(ctx, assessment_id)
    return confirming.confirm(ctx, assessment_id, entry.version, entry.seen)


def to_confirm(case: Case) -> UUID:
    """Transcribed by the officer from one paper source, and put before a second person; returns the source."""
    officer = case.as_("officer")
    source_id = add_source(officer, case.assessment_id)
    transcribe_all(officer, case.assessment_id, source_id)
    ask(officer, case.assessment_id)
    return source_id


def vendors_item(case: Case) -> str:
    return next(i.code for i in case.view().items if i.answered_by is AnsweredBy.VENDOR)
