"""A reviewed check with a rendered report, and people with signing keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from audit_portal.domain.access import Role
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.services import jobs
from audit_portal.services.accounts import signing_keys
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.reports import reports
from audit_portal.services.reports.reports import ReportView
from tests.factories.house import People, account, context, people
from tests.factories.stages import at_stage, further
from tests.factories.world import answer_all, review_all, send, short_checklists, submit, work

PASSPHRASE = "署名のための長い合い言葉"


@dataclass(frozen=True)
class Bench:
    house: House
    everyone: People
    second_officer: UUID
    assessment_id: UUID
    report_id: UUID

    def view(self) -> ReportView:
        return reports.get_report(context(self.house, self.everyone.officer), self.report_id)

    def sign(
        self, account_id: UUID, field: str, passphrase: str = PASSPHRASE, version: int | None = None
    ) -> None:
        version = version if version is not None else self.view().version
        reports.sign(context(self.house, account_id), self.report_id, field, passphrase, version)

    def certified(self) -> None:
        self.sign(self.everyone.auditor, FIELD_AUDITOR)
        jobs.run_due(self.house)

    def countersigned(self) -> None:
        self.sign(self.everyone.officer, FIELD_OFFICER)
        jobs.run_due(self.house)

    def pdf(self) -> bytes:
        return reports.download(context(self.house, self.everyone.officer), self.report_id)[1]

    def keys(self) -> None:
        self.key(self.everyone.auditor)
        self.key(self.everyone.officer)

    def key(self, account_id: UUID) -> UUID:
        return signing_keys.issue(context(self.house, account_id), PASSPHRASE)


def make_bench(house: House, folder: Path, keys: bool = True) -> Bench:
    short, ids = at_stage("bench", house, folder, short_checklists, _bench)
    bench = Bench(short, *ids)
    if keys:
        further(short, "with keys", bench.keys)
    return bench


def _bench(house: House) -> tuple[People, UUID, UUID, UUID]:
    everyone = people(house)
    second = account(house, everyone.client_id, Role.OFFICER)
    officer, lead = context(house, everyone.officer), context(house, everyone.vendor_lead)
    engagement_id = engagements.register(officer, everyone.vendor_id, work())
    engagements.assign(officer, engagement_id, everyone.auditor)
    assessment_id = send(officer, engagement_id)
    answer_all(lead, assessment_id)
    submit(lead, assessment_id)
    answer_all(officer, assessment_id)
    review_all(context(house, second), assessment_id)
    report_id = reports.create(officer, assessment_id, "ja")
    jobs.run_due(house)
    return everyone, second, assessment_id, report_id
