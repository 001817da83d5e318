"""Reports (報告書): rendered and sealed by the worker, signed by people, kept byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, other_person, require, system
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.decision import ReportState
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events import ReportCreated, ReportRead, ReportRendered, ReportSealed, ReportSigned
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER, ReportCheck, manifest_bytes
from audit_portal.ports import SignatureRequest, SigningIdentity
from audit_portal.services import report_content, signing_keys, throttle, vault
from audit_portal.services.house import Context, House
from audit_portal.services.vault import Deposit, Locator
from audit_portal.storage import assessments, get
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.assessments import Assessment, ReportFile, ReportSignature, SignedReport
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("reports")
LANGUAGES = ("ja", "en")

_AWAITS = {FIELD_AUDITOR: ReportState.AWAITING_AUDITOR, FIELD_OFFICER: ReportState.AWAITING_OFFICER}
_SEALING = {FIELD_AUDITOR: ReportState.SEALING_AUDITOR, FIELD_OFFICER: ReportState.SEALING_OFFICER}
_SEALED = {
    ReportState.SEALING_AUDITOR: ReportState.AWAITING_OFFICER,
    ReportState.SEALING_OFFICER: ReportState.FINAL,
}
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


def render(house: House, payload: Mapping[str, Any]) -> None:
    """The worker's part: content, PDF, sealed file. Harmless twice."""
    report_id = UUID(payload["report_id"])
    with house.db.read(_SYSTEM) as tx:
        row = get.one(tx, SignedReport, report_id)
    if row.state is not ReportState.RENDERING:
        return
    content = report_content.build(house, row)
    pdf = house.renderer.render(content, row.language)
    with _deposit(house, row) as deposit:
        vault.seal_bytes(deposit, pdf)
        with house.db.begin(_SYSTEM) as tx:
            row = get.one(tx, SignedReport, report_id)
            if row.state is not ReportState.RENDERING:
                raise Conflict("report_moved_on")
            _still_reports(tx, row)
            manifest = manifest_bytes(content)
            row.content, row.content_sha256 = manifest, hashlib.sha256(manifest).hexdigest()
            row.state = ReportState.AWAITING_AUDITOR
            digest = _keep(tx, row, deposit.locator, pdf)
            tx.record(
                ReportRendered(
                    engagement_id=row.engagement_id,
                    report_id=row.id,
                    content_sha256=row.content_sha256,
                    pdf_sha256=digest,
                )
            )


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


def _still_reports(tx: Transaction, row: SignedReport) -> None:
    """A check that was returned or reviewed anew meanwhile needs another report. Raises Conflict."""
    check = get.one(tx, Assessment, row.assessment_id)
    done = check.state in (AssessmentState.REVIEWED, AssessmentState.DECIDED)
    if not done or check.reviewed_at != row.reviewed_at:
        raise Conflict("report_outdated", number=row.number)


def _deposit(house: House, row: SignedReport) -> Deposit:
    with house.db.read(_SYSTEM) as tx:
        check = get.one(tx, Assessment, row.assessment_id)
    return Deposit(house, "reports", row.id, row.latest + 1, check.vendor_id)


def _keep(tx: Transaction, row: SignedReport, at: Locator, pdf: bytes) -> str:
    digest = hashlib.sha256(pdf).hexdigest()
    tx.add(
        ReportFile(
            report_id=row.id,
            engagement_id=row.engagement_id,
            number=at.number,
            sha256=digest,
            size=len(pdf),
            store_key=at.store_key,
            class_key_id=at.class_key_id,
            wrapped_key=at.wrapped_key,
            created_at=tx.now,
        )
    )
    row.latest = at.number
    return digest


def _bytes(house: House, row: SignedReport) -> bytes:
    with house.db.read(_SYSTEM) as tx:
        file = assessments.report_file(tx, row.id, row.latest)
        check = get.one(tx, Assessment, row.assessment_id)
    if file is None:
        raise NotFound()
    at = Locator(row.id, file.number, check.vendor_id, file.store_key, file.class_key_id, file.wrapped_key)
    return vault.read_bytes(house, at, file.size)


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
    base = _bytes(ctx.house, row)
    language = 0 if row.language == "ja" else 1
    request = SignatureRequest(
        field, ctx.actor.name, _ROLE[field][language], _MEANING[field][language], ctx.now
    )
    crl = signing_keys.revocation_list(ctx.house)
    signed = _signed(ctx, base, request, identity, passphrase, crl)
    base_digest = hashlib.sha256(base).hexdigest()
    with _deposit(ctx.house, row) as deposit:
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
            row.state = _SEALING[field]
            digest = _keep(tx, row, deposit.locator, signed)
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
    _still_reports(tx, row)
    if field == FIELD_AUDITOR:
        decision = assessments.decision_on(tx, row.assessment_id)
        other_person(ctx.actor, decision.decided_by if decision else None, code="decided_it")
    for signature, _ in assessments.signatures(tx, row.id):
        other_person(ctx.actor, signature.account_id, code="signed_already")


def seal(house: House, payload: Mapping[str, Any]) -> None:
    """The worker's part after each signature: time stamp and validation data. Harmless twice."""
    report_id, field = UUID(payload["report_id"]), str(payload["field"])
    with house.db.read(_SYSTEM) as tx:
        row = get.one(tx, SignedReport, report_id)
    if row.state is not _SEALING[field]:
        return
    crl = signing_keys.revocation_list(house)
    sealed = house.signer.seal(_bytes(house, row), field, crl, house.clock.now())
    with _deposit(house, row) as deposit:
        vault.seal_bytes(deposit, sealed)
        with house.db.begin(_SYSTEM) as tx:
            row = get.one(tx, SignedReport, report_id)
            if row.state is not _SEALING[field]:
                raise Conflict("report_moved_on")
            row.state = _SEALED[row.state]
            digest = _keep(tx, row, deposit.locator, sealed)
            tx.record(
                ReportSealed(
                    engagement_id=row.engagement_id, report_id=row.id, field=field, pdf_sha256=digest
                )
            )


def get_report(ctx: Context, report_id: UUID) -> ReportView:
    require(ctx.actor, Permission.REPORT_VIEW)
    with ctx.read() as tx:
        return _view(tx, get.one(tx, SignedReport, report_id))


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
        rows = assessments.reports_in(tx, states)
        return tuple(
            WaitingReport(row.id, row.number, work.title, vendor.name)
            for row, work, vendor in rows
            if ctx.actor.account_id not in {s.account_id for s, _ in assessments.signatures(tx, row.id)}
        )


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[ReportView, ...]:
    require(ctx.actor, Permission.REPORT_VIEW)
    with ctx.read() as tx:
        return tuple(_view(tx, row) for row in assessments.reports(tx, engagement_id))


def _view(tx: Transaction, row: SignedReport) -> ReportView:
    file = assessments.report_file(tx, row.id, row.latest) if row.latest else None
    signed = tuple(
        SignatureView(signature.field, account.id, account.name, signature.signed_at)
        for signature, account in assessments.signatures(tx, row.id)
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
    pdf = _bytes(ctx.house, row)
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
    return [(f"{row.number}.pdf", _bytes(house, row)) for row in rows]


def verify(house: House, pdf: bytes) -> ReportCheck:
    """Checks a file against this installation's own root; for the public page."""
    return house.verifier(pdf, (house.authority.root_pem(),), house.clock.now())
