"""A sealed object without its key, digest or size gets no row: the database itself refuses."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from uuid6 import uuid7

from audit_portal.domain import limits
from audit_portal.domain.access import system
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.evidence import EvidenceAdded
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import (
    Assessment,
    ChecklistVersion,
    Evidence,
    EvidenceVersion,
    ReportFile,
    SignedReport,
)
from audit_portal.storage.tables.sheets import PendingSheet
from audit_portal.storage.tables.supervision import EngagementLink, Party, PartyKind
from audit_portal.storage.transaction import Database, Transaction

SYSTEM = system("test")


Sealed = EvidenceVersion | ReportFile | PendingSheet
KINDS = (EvidenceVersion, ReportFile, PendingSheet)


def sealed(tx: Transaction, kind: type[Sealed], **forgotten: Any) -> Sealed:
    """A whole row over rows it may point to, but for what the test forgets."""
    party = Party(number="P-1", kind=PartyKind.VENDOR, name="北海印刷", kana="ホッカイ")
    tx.add(party)
    tx.flush()
    person = Account(party_id=party.id, email="a@b.example", name="人", roles=[])
    link = EngagementLink(
        number="E-1",
        principal_id=party.id,
        vendor_id=party.id,
        tier=1,
        risk_tier=Tier.LOW,
        valid_from=date(2026, 11, 20),
    )
    tx.add(person)
    tx.add(link)
    tx.flush()
    whole = {"sha256": "0" * 64, "wrapped_key": b"k" * 61}
    if kind is PendingSheet:
        whole |= {"account_id": person.id, "place": "vendors", "body": b"sealed", "uploaded_at": tx.now}
    elif kind is ReportFile:
        whole |= {
            "report_id": report(tx, link).id, "engagement_id": link.id, "number": 1, "size": 10,
            "store_key": "report/a", "class_key_id": "a", "created_at": tx.now,
        }  # fmt: skip
    else:
        evidence = Evidence(number="V-1", engagement_id=link.id, party_id=party.id)
        tx.add(evidence)
        tx.flush()
        whole |= {
            "evidence_id": evidence.id, "engagement_id": link.id, "number": 1, "file_name": "a.txt",
            "media_type": "text/plain", "size": 10, "sealed_size": 82, "store_key": "evidence/a",
            "class_key_id": "a", "uploaded_at": tx.now, "uploaded_by": person.id,
        }  # fmt: skip
    return kind(id=uuid7(), **(whole | forgotten))


def report(tx: Transaction, link: EngagementLink) -> SignedReport:
    checklist = ChecklistVersion(
        checklist="a", version_name="1", sha256="0" * 64, body=b"a", published_at=tx.now, published_by="test"
    )
    tx.add(checklist)
    tx.flush()
    assessment = Assessment(
        number="A-1",
        engagement_id=link.id,
        principal_id=link.principal_id,
        vendor_id=link.vendor_id,
        kind=AssessmentKind.SELECTION,
        checklist_version_id=checklist.id,
        risk_tier=Tier.LOW,
        conditions=[],
        due_on=date(2026, 12, 20),
        contact={},
    )
    tx.add(assessment)
    tx.flush()
    found = SignedReport(
        number="R-1", engagement_id=link.id, assessment_id=assessment.id, kind="selection",
        reviewed_at=tx.now, language="ja", content=b"{}", content_sha256="0" * 64,
    )  # fmt: skip
    tx.add(found)
    tx.flush()
    return found


def kept(db: Database, kind: type[Sealed], **forgotten: Any) -> UUID:
    with db.begin(SYSTEM) as tx:
        row = sealed(tx, kind, **forgotten)
        tx.add(row)
        tx.record(EvidenceAdded(evidence_id=row.id, version=1, sha256="0" * 64, size=1, media_type="a/b"))
        return row.id


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_row_is_kept(db: Database, kind: type[Sealed]) -> None:
    row_id = kept(db, kind)
    with db.read(SYSTEM) as tx:
        assert tx.session.get(kind, row_id) is not None


FORGOTTEN: dict[type[Sealed], tuple[dict[str, Any], ...]] = {
    EvidenceVersion: (
        {"class_key_id": None}, {"store_key": None}, {"size": 0}, {"size": -1}, {"sealed_size": 10},
    ),
    ReportFile: ({"class_key_id": None}, {"store_key": None}, {"size": 0}, {"size": -1}),
    PendingSheet: ({"body": None}, {"body": bytes(limits.SHEET_BYTES + 2**20 + 1)}),
}  # fmt: skip
OF_EACH: tuple[dict[str, Any], ...] = (
    {"sha256": None}, {"sha256": ""}, {"sha256": "0" * 63},
    {"wrapped_key": None}, {"wrapped_key": b""}, {"wrapped_key": b"k" * 47},
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "forgotten"),
    [
        pytest.param(kind, each, id=f"{kind.__name__} {name} {str(value)[:12]} {at}")
        for kind in KINDS
        for at, each in enumerate((*OF_EACH, *FORGOTTEN[kind]))
        for name, value in each.items()
    ],
)
def test_a_row_without_key_digest_or_sealing_is_refused(
    db: Database, kind: type[Sealed], forgotten: dict[str, Any]
) -> None:
    with pytest.raises((Conflict, IntegrityError)):
        kept(db, kind, **forgotten)
    with db.read(SYSTEM) as tx:
        assert tx.session.exec(select(kind)).all() == []
