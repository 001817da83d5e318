"""Certifications of a vendor: what was shown, until when, and what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.parties import CertificationWritten
from audit_portal.domain.register import CertificationKind, Validity, validity
from audit_portal.services.engagements import open_requests
from audit_portal.services.house import Context
from audit_portal.storage import get, parties, register
from audit_portal.storage.tables.register import PartyCertification
from audit_portal.storage.tables.supervision import Party, PartyKind


@dataclass(frozen=True)
class CertificationFacts:
    kind: CertificationKind
    title: str = ""  # of a kind that has no name here
    number: str = ""
    covers: str = ""  # which offices, work, systems
    issued_on: date | None = None
    expires_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class CertificationView(CertificationFacts):
    id: UUID
    version: int
    withdrawn_on: date | None
    withdrawn_reason: str
    validity: Validity


def listed(ctx: Context, party_id: UUID) -> tuple[CertificationView, ...]:
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        rows = register.certifications(tx, party_id)
    return tuple(_view(row, ctx.house.today()) for row in rows)


def get_certification(ctx: Context, party_id: UUID, certification_id: UUID) -> CertificationView:
    require(ctx.actor, Permission.PARTY_VIEW)
    with ctx.read() as tx:
        row = get.one(tx, PartyCertification, certification_id, party_id=party_id)
    return _view(row, ctx.house.today())


def _view(row: PartyCertification, today: date) -> CertificationView:
    return CertificationView(
        kind=row.kind,
        title=row.title,
        number=row.number,
        covers=row.covers,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        remark=row.remark,
        id=row.id,
        version=row.version,
        withdrawn_on=row.withdrawn_on,
        withdrawn_reason=row.withdrawn_reason,
        validity=validity(row.expires_on, row.withdrawn_on, today),
    )


def add(ctx: Context, party_id: UUID, facts: CertificationFacts) -> UUID:
    """Raises Invalid('expires_before_issue' | 'certification_name_needed')."""
    require(ctx.actor, Permission.PARTY_REGISTER)
    _check(facts)
    with ctx.begin() as tx:
        party = get.one(tx, Party, party_id, kind=PartyKind.VENDOR)
        row = PartyCertification(party_id=party.id, kind=facts.kind)
        _write(row, facts)
        tx.add(row)
        tx.record(CertificationWritten(party_id=party.id, certification_id=row.id, kind=row.kind.value))
    return row.id


def change(
    ctx: Context, party_id: UUID, certification_id: UUID, version: int, facts: CertificationFacts
) -> None:
    require(ctx.actor, Permission.PARTY_REGISTER)
    _check(facts)
    with ctx.begin() as tx:
        row = get.one(tx, PartyCertification, certification_id, party_id=party_id)
        get.at_version(row, version)
        _write(row, facts)
        tx.record(CertificationWritten(party_id=party_id, certification_id=row.id, kind=row.kind.value))


def withdraw(
    ctx: Context, party_id: UUID, certification_id: UUID, version: int, day: date, reason: str
) -> None:
    """Lost, cancelled or given back before its time; requests for a decision on the vendor's work end by it.

    Raises Invalid for a day to come or without a reason, Conflict('already_withdrawn').
    """
    require(ctx.actor, Permission.PARTY_REGISTER)
    if not reason.strip():
        raise Invalid("withdrawal_needs_reason", field="reason")
    if day > ctx.house.today():
        raise Invalid("withdrawn_in_future", field="day")
    with ctx.begin() as tx:
        row = get.one(tx, PartyCertification, certification_id, party_id=party_id)
        get.at_version(row, version)
        if row.withdrawn_on is not None:
            raise Conflict("already_withdrawn")
        if row.issued_on and day < row.issued_on:
            raise Invalid("withdrawn_before_issue", field="day")
        row.withdrawn_on, row.withdrawn_reason = day, reason
        tx.record(
            CertificationWritten(
                party_id=party_id, certification_id=row.id, kind=row.kind.value, withdrawn=True
            )
        )
        for engagement_id in parties.running_of(tx, party_id):
            parties.lock(tx, engagement_id)
            open_requests.overtake(tx, engagement_id, "certificate_withdrawn")


def _check(facts: CertificationFacts) -> None:
    if facts.issued_on and facts.expires_on and facts.expires_on < facts.issued_on:
        raise Invalid("expires_before_issue", field="expires_on")
    if facts.kind is CertificationKind.OTHER and not facts.title.strip():
        raise Invalid("certification_name_needed", field="title")


def _write(row: PartyCertification, facts: CertificationFacts) -> None:
    row.kind, row.title, row.number, row.covers = facts.kind, facts.title, facts.number, facts.covers
    row.issued_on, row.expires_on, row.remark = facts.issued_on, facts.expires_on, facts.remark
