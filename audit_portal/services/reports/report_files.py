"""The PDF of a report after each step, sealed like evidence."""

from __future__ import annotations

import hashlib

from audit_portal.domain.access import system
from audit_portal.domain.errors import NotFound
from audit_portal.services.evidence import vault
from audit_portal.services.evidence.vault import Deposit, Locator
from audit_portal.services.house import House
from audit_portal.storage import assessments, get
from audit_portal.storage.tables.assessments import Assessment, ReportFile, SignedReport
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("reports")


def deposit(house: House, row: SignedReport) -> Deposit:
    with house.db.read(_SYSTEM) as tx:
        check = get.one(tx, Assessment, row.assessment_id)
    return Deposit(house, "reports", row.id, row.latest + 1, check.vendor_id)


def keep(tx: Transaction, row: SignedReport, at: Locator, pdf: bytes) -> str:
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


def content(house: House, row: SignedReport) -> bytes:
    with house.db.read(_SYSTEM) as tx:
        file = assessments.report_file(tx, row.id, row.latest)
        check = get.one(tx, Assessment, row.assessment_id)
    if file is None:
        raise NotFound()
    return vault.read_bytes(house, vault.locator(file, check.vendor_id), file.size)
