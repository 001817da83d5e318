"""The worker's part in a report: rendered once, sealed after each signature, or ended with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict, Refused
from audit_portal.domain.events.reports import ReportRendered, ReportSealed
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER, manifest_bytes
from audit_portal.domain.report.state import ReportState
from audit_portal.services.accounts import signing_keys
from audit_portal.services.assessments.report_ending import end, outdated
from audit_portal.services.evidence import vault
from audit_portal.services.house import House
from audit_portal.services.reports import report_content, report_files
from audit_portal.storage import get
from audit_portal.storage.tables.assessments import SignedReport

_SYSTEM = system("reports")

SEALING = {FIELD_AUDITOR: ReportState.SEALING_AUDITOR, FIELD_OFFICER: ReportState.SEALING_OFFICER}
_SEALED = {
    ReportState.SEALING_AUDITOR: ReportState.AWAITING_OFFICER,
    ReportState.SEALING_OFFICER: ReportState.FINAL,
}
# What no later try can mend: the certificate that signed will never again be good.
_FOR_GOOD = frozenset({"certificate_revoked", "certificate_expired", "certificate_foreign"})


def render(house: House, payload: Mapping[str, Any]) -> None:
    """The worker's part: content, PDF, sealed file. Harmless twice."""
    report_id = UUID(payload["report_id"])
    with house.db.read(_SYSTEM) as tx:
        row = get.one(tx, SignedReport, report_id)
        late = outdated(tx, row)
    if row.state is not ReportState.RENDERING:
        return
    if late:
        _end(house, row, ReportState.OUTDATED, "returned")
        return
    content = report_content.build(house, row)
    pdf = house.renderer.render(content, row.language)
    with report_files.deposit(house, row) as deposit:
        vault.seal_bytes(deposit, pdf)
        with house.db.begin(_SYSTEM) as tx:
            row = get.one(tx, SignedReport, report_id)
            if row.state is not ReportState.RENDERING:
                raise Conflict("report_moved_on")
            if outdated(tx, row):
                raise Conflict("report_outdated", number=row.number)  # tried again, it ends
            manifest = manifest_bytes(content)
            row.content, row.content_sha256 = manifest, hashlib.sha256(manifest).hexdigest()
            row.state = ReportState.AWAITING_AUDITOR
            digest = report_files.keep(tx, row, deposit.locator, pdf)
            tx.record(
                ReportRendered(
                    engagement_id=row.engagement_id,
                    report_id=row.id,
                    content_sha256=row.content_sha256,
                    pdf_sha256=digest,
                )
            )


def seal(house: House, payload: Mapping[str, Any]) -> None:
    """The worker's part after each signature: time stamp and validation data. Harmless twice."""
    report_id, field = UUID(payload["report_id"]), str(payload["field"])
    with house.db.read(_SYSTEM) as tx:
        row = get.one(tx, SignedReport, report_id)
    if row.state is not SEALING[field]:
        return
    crl = signing_keys.revocation_list(house)
    try:
        sealed = house.signer.seal(report_files.content(house, row), field, crl, house.clock.now())
    except Refused as refusal:
        if refusal.code not in _FOR_GOOD:
            raise
        _end(house, row, ReportState.WITHDRAWN, refusal.code)
        return
    with report_files.deposit(house, row) as deposit:
        vault.seal_bytes(deposit, sealed)
        with house.db.begin(_SYSTEM) as tx:
            row = get.one(tx, SignedReport, report_id)
            if row.state is not SEALING[field]:
                raise Conflict("report_moved_on")
            row.state = _SEALED[row.state]
            digest = report_files.keep(tx, row, deposit.locator, sealed)
            tx.record(
                ReportSealed(
                    engagement_id=row.engagement_id, report_id=row.id, field=field, pdf_sha256=digest
                )
            )


def _end(house: House, row: SignedReport, state: ReportState, reason: str) -> None:
    with house.db.begin(_SYSTEM) as tx:
        again = get.one(tx, SignedReport, row.id)
        if again.state is row.state:  # else somebody else moved it on
            end(tx, again, state, reason)
