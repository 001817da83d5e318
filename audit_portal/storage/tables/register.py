"""What hangs on a party: its sites, certifications and contacts. Ended, never deleted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.register import CertificationKind
from audit_portal.storage.tables.base import Kept, Ledger, Scope, choice, document, reference, text


class PartySite(Kept, table=True):
    """A place at which the party handles data."""

    __tablename__: ClassVar[str] = "party_site"
    __scope__ = Scope.REGISTER
    __ledger__ = Ledger.RECORDED

    party_id: UUID = reference("party.id", index=True)
    name: str = text(limits.NAME)
    address: str = text(limits.LINE, default="")
    country: str = text(2, default="JP")
    handles: str = text(limits.LINE, default="")  # what is done with the data there
    valid_from: date
    valid_to: date | None = None

    __table_args__ = (sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after"),)


class PartyCertification(Kept, table=True):
    __tablename__: ClassVar[str] = "party_certification"
    __scope__ = Scope.REGISTER
    __ledger__ = Ledger.RECORDED

    party_id: UUID = reference("party.id", index=True)
    kind: CertificationKind = choice(CertificationKind)
    title: str = text(limits.NAME, default="")  # of a kind that has no name here
    number: str = text(limits.NAME, default="")
    covers: str = text(limits.LINE, default="")
    issued_on: date | None = None
    expires_on: date | None = None
    remark: str = text(limits.LINE, default="")
    withdrawn_on: date | None = None
    withdrawn_reason: str = text(limits.LINE, default="")


class PartyContact(Kept, table=True):
    """A person of the party; needs no account."""

    __tablename__: ClassVar[str] = "party_contact"
    __scope__ = Scope.REGISTER
    __ledger__ = Ledger.RECORDED

    party_id: UUID = reference("party.id", index=True)
    name: str = text(limits.NAME)
    kana: str = text(limits.KANA, default="")
    title: str = text(limits.NAME, default="")
    department: str = text(limits.NAME, default="")
    email: str = text(limits.EMAIL, default="")
    phone: str = text(limits.PHONE, default="")
    purposes: list[str] = document()  # values of ContactPurpose
    ended_on: date | None = None
