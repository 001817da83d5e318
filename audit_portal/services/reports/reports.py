"""Reports (報告書): ordered, shown, signed by people, handed out byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import Permission, other_person, require, system
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.reports import ReportCreated, ReportRead, ReportSigned
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER, ReportCheck
from audit_portal.domain.report.state import ReportState
from audit_portal.ports import SignatureRequest, SigningIdentity
from audit_portal.services.accounts import signing_keys, throttle
from audit_portal.services.assessments.report_ending import outdated
from audit_portal.services.evidence import vault
from audit_portal.services.house import Context, House
from audit_portal.services.people import then
from audit_portal.services.reports import report_files
from audit_portal.services.reports.report_making import SEALING
from audit_portal.storage import assessments, decisions, get, routes
from audit_portal.storage.numbers import next_number
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Assessment, ReportSignature, SignedReport
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("reports")
LANGUAGES = ("ja", "en")

_AWAITS = {FIELD_AUDITOR: ReportState.AWAITING_AUDITOR, FIELD_OFFICER: ReportState.AWAITING_OFFICER}
_PERMISSION = {FIELD_AUDITOR: Permission.REPORT_CERTIFY, FIELD_OFFICER: Permission.REPORT_COUNTERSIGN}
_ROLE = {FIELD_AUDITOR: ("監査人", "Auditor"), FIELD_OFFICER: ("個人情報保護担当", "Privacy officer")}
_MEANING = {
    FIELD_AUDITOR: (
        "内容を監査し、事実に相違ないことを証明します。",
        "I have audited the contents and certify them.",
    ),
    FIELD_OFFICER: (
        "監査の結果を受領し、確認しました。",
        "I have received and confirmed the result of the audit.",
    ),
}


@dataclass(frozen=True)
class SignatureView:
    field: str
    account_id: UUID
    name: str
    signed_at: datetime


@dataclass(frozen=True)
class ReportView:
    id: UUID
    number: str
    engagement_id: UUID
    assessment_id: UUID
    language: str
    state: ReportState
    created_at: datetime
    size: int
    sha256: str
    signatures: tuple[SignatureView, ...]
    version: int

    @property
    def next_field(self) -> str | None:
        """The signature that is awaited now."""
        return next((field for field, state in _AWAITS.items() if state is self.state), None)


def create(ctx: Context, assessment_id: UUID, language: str) -> UUID:
    """Orders a report of a reviewed assessment; the worker renders it."""
    require(ctx.actor, Permission.REPORT_CREATE)
    if language not in LANGUAGES:
        raise Invalid("report_language_wrong", field="language")
    with ctx.begin() as tx:
        assessments.lock(tx, assessment_id)  # nobody returns it before this order is there to be ended
        check = get.one(tx, Assessment, assessment_id)
        if check.state not in (AssessmentState.REVIEWED, AssessmentState.DECIDED):
            raise Conflict("not_reviewed_yet")
        row = SignedReport(
            number=next_number(tx, Numbered.REPORT),
            engagement_id=check.engagement_id,
            assessment_id=check.id,
            kind="assessment",
            reviewed_at=check.reviewed_at,
            language=language,
            content=b"",
            content_sha256="",
        )
        tx.add(row)
        tx.record(
            ReportCreated(
                engagement_id=row.engagement_id,
                report_id=row.id,
                number=row.number,
                kind=row.kind,
                assessment_id=check.id,
            )
        )
        tx.send("render_report", f"render_report:{row.id}", {"report_id": str(row.id)})
    return row.id


def _signed(
    ctx: Context,
    base: bytes,
    request: SignatureRequest,
    identity: SigningIdentity,
    passphrase: str,
    crl: bytes,
) -> bytes:
    """Guessing a passphrase is slowed down like guessing a password."""
    me = str(ctx.actor.person)
    if throttle.locked(ctx.house, "passphrase", me):
        raise Invalid("sign_in_locked", field="passphrase")
    try:
        signed = ctx.house.signer.sign(base, request, identity, passphrase, crl)
    except Invalid:
        throttle.count(ctx.house, "passphrase", me)
        raise
    throttle.clear(ctx.house, "passphrase", me)
    return signed


def sign(ctx: Context, report_id: UUID, field: str, passphrase: str, version: int) -> None:
    """The person's own signature, made in this request with the key their passphrase opens.

    Four eyes: the auditor who certified doesn't countersign. Two people can't both sign the same base:
    state, version and the base's digest are compared when the signed file is recorded.
    """
    require(ctx.actor, _PERMISSION[field])
    with ctx.read() as tx:
        row = get.one(tx, SignedReport, report_id)
        _may_sign(ctx, tx, row, field, version)
    certificate_id, identity = signing_keys.usable(ctx)
    base = report_files.content(ctx.house, row)
    language = 0 if row.language == "ja" else 1
    request = SignatureRequest(
        field, ctx.actor.name, _ROLE[field][language], _MEANING[field][language], ctx.now
    )
    crl = signing_keys.revocation_list(ctx.house)
    signed = _signed(ctx, base, request, identity, passphrase, crl)
    base_digest = hashlib.sha256(base).hexdigest()
    with report_files.deposit(ctx.house, row) as deposit:
        vault.seal_bytes(deposit, signed)
        with ctx.begin() as tx:
            row = get.one(tx, SignedReport, report_id)
            _may_sign(ctx, tx, row, field, version)
            tx.add(
                ReportSignature(
                    report_id=row.id,
                    engagement_id=row.engagement_id,
                    field=field,
                    account_id=ctx.actor.person,
                    certificate_id=certificate_id,
                    base_sha256=base_digest,
                    signed_at=tx.now,
                )
            )
            row.state = SEALING[field]
            digest = report_files.keep(tx, row, deposit.locator, signed)
            tx.record(
                ReportSigned(
                    engagement_id=row.engagement_id,
                    report_id=row.id,
                    field=field,
                    serial=format(identity.serial, "x"),
                    base_sha256=base_digest,
                    pdf_sha256=digest,
                )
            )
            tx.send(
                "seal_report", f"seal_report:{row.id}:{field}", {"report_id": str(row.id), "field": field}
            )


def _may_sign(ctx: Context, tx: Transaction, row: SignedReport, field: str, version: int) -> None:
    if row.state is not _AWAITS[field]:
        raise Conflict("report_not_awaiting", state=row.state.value)
    get.at_version(row, version)
    if outdated(tx, row):
        raise Conflict("report_outdated", number=row.number)
    if field == FIELD_AUDITOR:
        for decision in decisions.on(tx, row.assessment_id):
            seats = routes.seats(tx, {decision.id}).get(decision.id, [])
            other_person(ctx.actor, decision.decided_by, *routes.acted(seats), code="decided_it")
    for signature, _ in assessments.signatures(tx, row.id):
        other_person(ctx.actor, signature.account_id, code="signed_already")


def get_report(ctx: Context, report_id: UUID) -> ReportView:
    require(ctx.actor, Permission.REPORT_VIEW)
    with ctx.read() as tx:
        (view,) = _views(ctx, tx, [get.one(tx, SignedReport, report_id)])
    return view


@dataclass(frozen=True)
class WaitingReport:
    id: UUID
    number: str
    engagement_title: str
    vendor_name: str


def waiting(ctx: Context) -> tuple[WaitingReport, ...]:
    """Reports that wait for a signature the acting person may give."""
    states = [state for field, state in _AWAITS.items() if ctx.actor.may(_PERMISSION[field])]
    if not states:
        return ()
    with ctx.read() as tx:
        rows = assessments.reports_to_sign(tx, states, ctx.actor.person)
    return tuple(WaitingReport(row.id, row.number, work.title, vendor.name) for row, work, vendor in rows)


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[ReportView, ...]:
    require(ctx.actor, Permission.REPORT_VIEW)
    with ctx.read() as tx:
        return _views(ctx, tx, assessments.reports(tx, engagement_id))


def _views(ctx: Context, tx: Transaction, rows: Sequence[SignedReport]) -> tuple[ReportView, ...]:
    given = {row.id: [each for each, _ in assessments.signatures(tx, row.id)] for row in rows}
    people = then(ctx, {each.account_id for every in given.values() for each in every})
    return tuple(_view(tx, row, given[row.id], people) for row in rows)


def _view(tx: Transaction, row: SignedReport, given: Sequence[ReportSignature], people: People) -> ReportView:
    file = assessments.report_file(tx, row.id, row.latest) if row.latest else None
    signed = tuple(
        SignatureView(
            each.field, each.account_id, people.name(each.account_id, each.signed_at), each.signed_at
        )
        for each in given
    )
    return ReportView(
        row.id,
        row.number,
        row.engagement_id,
        row.assessment_id,
        row.language,
        row.state,
        row.created_at,
        file.size if file else 0,
        file.sha256 if file else "",
        signed,
        row.version,
    )


def download(ctx: Context, report_id: UUID) -> tuple[str, bytes]:
    """File name and PDF as it stands; in the ledger before it leaves."""
    require(ctx.actor, Permission.REPORT_VIEW)
    with ctx.read() as tx:
        row = get.one(tx, SignedReport, report_id)
    if not row.latest:
        raise Conflict("report_not_rendered")
    pdf = report_files.content(ctx.house, row)
    with ctx.begin() as tx:
        tx.record(
            ReportRead(
                engagement_id=row.engagement_id, report_id=row.id, pdf_sha256=hashlib.sha256(pdf).hexdigest()
            )
        )
    return f"{row.number}.pdf", pdf


def export(house: House, number: str | None) -> list[tuple[str, bytes]]:
    """For the command line: one report by number or id, or all of them."""
    with house.db.read(_SYSTEM) as tx:
        rows = [row for row in assessments.all_reports(tx) if row.latest]
    if number:
        rows = [row for row in rows if number in (row.number, str(row.id))]
        if not rows:
            raise NotFound("report_unknown", number=number)
    return [(f"{row.number}.pdf", report_files.content(house, row)) for row in rows]


def verify(house: House, pdf: bytes) -> ReportCheck:
    """Checks a file against this installation's own root; for the public page."""
    return house.verifier(pdf, (house.authority.root_pem(),), house.clock.now())
