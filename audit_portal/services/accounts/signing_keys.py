"""A person's signing certificate: issued by the installation's CA, its key opened only by the passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.reports import CertificateIssued, CertificateRevoked
from audit_portal.ports import SigningIdentity
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts, get
from audit_portal.storage.tables.accounts import Certificate
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("signing_keys")
REASONS = ("forgotten", "compromised", "left", "superseded")


@dataclass(frozen=True)
class CertificateView:
    id: UUID
    serial: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    usable: bool


def _view(row: Certificate, now: datetime) -> CertificateView:
    usable = row.revoked_at is None and row.not_before <= now < row.not_after
    return CertificateView(
        row.id, row.serial, row.fingerprint, row.not_before, row.not_after, row.revoked_at, usable
    )


def mine(ctx: Context) -> tuple[CertificateView, ...]:
    """One's own certificates, newest first."""
    require(ctx.actor, Permission.SIGNING_KEY)
    with ctx.read() as tx:
        rows = accounts.certificates(tx, ctx.actor.person)
    return tuple(_view(row, ctx.now) for row in rows)


def issue(ctx: Context, passphrase: str) -> UUID:
    """A new certificate for the acting person. Raises Conflict('certificate_there') while one is usable."""
    require(ctx.actor, Permission.SIGNING_KEY)
    with ctx.read() as tx:
        account = get.one(tx, accounts.Account, ctx.actor.person)
        _none_usable(tx, account.id)
    made = ctx.house.authority.issue(account.name, account.email, str(account.id), passphrase, ctx.now)
    with ctx.begin() as tx:
        accounts.lock(tx, account.id)  # making a key takes its time: another may be there by now
        _none_usable(tx, account.id)
        row = Certificate(
            account_id=account.id,
            serial=format(made.serial, "x"),
            fingerprint=made.fingerprint,
            certificate_pem=made.certificate_pem,
            sealed_key=made.sealed_key,
            not_before=made.not_before,
            not_after=made.not_after,
            issued_at=tx.now,
        )
        tx.add(row)
        tx.record(CertificateIssued(account_id=account.id, serial=row.serial, fingerprint=row.fingerprint))
    return row.id


def _none_usable(tx: Transaction, account_id: UUID) -> None:
    if any(_view(row, tx.now).usable for row in accounts.certificates(tx, account_id)):
        raise Conflict("certificate_there")


def revoke(ctx: Context, certificate_id: UUID, reason: str) -> None:
    """Revokes one's own certificate (a forgotten passphrase, for one); it signs nothing from then on."""
    require(ctx.actor, Permission.SIGNING_KEY)
    if reason not in REASONS:
        raise Invalid("revocation_reason_wrong", field="reason")
    with ctx.begin() as tx:
        row = get.one(tx, Certificate, certificate_id, account_id=ctx.actor.person)
        if row.revoked_at:
            raise Conflict("certificate_revoked_before")
        row.revoked_at, row.revoked_by, row.revocation_reason = tx.now, ctx.actor.label, reason
        tx.record(CertificateRevoked(account_id=row.account_id, serial=row.serial, reason=reason))


def usable(ctx: Context) -> tuple[UUID, SigningIdentity]:
    """The acting person's current certificate. Raises Invalid('certificate_needed')."""
    with ctx.read() as tx:
        for row in accounts.certificates(tx, ctx.actor.person):
            if _view(row, tx.now).usable:
                return row.id, SigningIdentity(
                    row.certificate_pem,
                    row.sealed_key,
                    int(row.serial, 16),
                    row.fingerprint,
                    row.not_before,
                    row.not_after,
                )
    raise Invalid("certificate_needed")


def revocation_list(house: House) -> bytes:
    """DER of the CRL as of now."""
    with house.db.read(_SYSTEM) as tx:
        revoked = tuple(
            (int(row.serial, 16), row.revoked_at)
            for row in accounts.revoked_certificates(tx)
            if row.revoked_at
        )
    return house.authority.crl(revoked, house.clock.now())
