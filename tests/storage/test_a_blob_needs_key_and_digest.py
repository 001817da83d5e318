"""A sealed object without its key, digest or size gets no row: the database itself refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from uuid6 import uuid7

from audit_portal.domain.access import system
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.evidence import EvidenceAdded
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Evidence, EvidenceVersion
from audit_portal.storage.tables.supervision import EngagementLink, Party, PartyKind
from audit_portal.storage.transaction import Database, Transaction

SYSTEM = system("test")


def version(tx: Transaction, **forgotten: Any) -> EvidenceVersion:
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
    evidence = Evidence(number="V-1", engagement_id=link.id, party_id=party.id)
    tx.add(evidence)
    tx.flush()
    whole = {
        "evidence_id": evidence.id, "engagement_id": link.id, "number": 1, "file_name": "a.txt",
        "media_type": "text/plain", "size": 10, "sealed_size": 82, "sha256": "0" * 64, "store_key": "evidence/a",
        "class_key_id": "a", "wrapped_key": b"k" * 61, "uploaded_at": tx.now, "uploaded_by": person.id,
    }  # fmt: skip
    return EvidenceVersion(id=uuid7(), **(whole | forgotten))


def kept(db: Database, **forgotten: Any) -> Iterator[UUID]:
    with db.begin(SYSTEM) as tx:
        row = version(tx, **forgotten)
        tx.add(row)
        tx.record(
            EvidenceAdded(evidence_id=row.evidence_id, version=1, sha256="0" * 64, size=1, media_type="a/b")
        )
        yield row.id


def test_a_whole_row_is_kept(db: Database) -> None:
    (row_id,) = kept(db)
    with db.read(SYSTEM) as tx:
        assert tx.session.get(EvidenceVersion, row_id) is not None


@pytest.mark.parametrize(
    "forgotten",
    [
        {"sha256": None}, {"sha256": ""}, {"sha256": "0" * 63}, {"wrapped_key": None}, {"wrapped_key": b""},
        {"wrapped_key": b"k" * 32}, {"class_key_id": None}, {"store_key": None}, {"size": 0}, {"sealed_size": 10},
    ],
)  # fmt: skip
def test_a_row_without_key_digest_or_sealing_is_refused(db: Database, forgotten: dict[str, Any]) -> None:
    with pytest.raises((Conflict, IntegrityError)):
        list(kept(db, **forgotten))
    with db.read(SYSTEM) as tx:
        assert tx.session.exec(select(EvidenceVersion)).all() == []
