"""May this certificate sign now? Asked before every signature, at every level."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from audit_portal.domain.errors import Refused


def require_good(certificate: x509.Certificate, root: x509.Certificate, crl: bytes, at: datetime) -> None:
    """Issued by the root, in its time, and not revoked according to a current list of the same root.

    Raises Refused('certificate_foreign' | 'certificate_not_yet_valid' | 'certificate_expired' |
    'revocation_list_bad' | 'revocation_list_stale' | 'certificate_revoked').
    """
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError):
        raise Refused("certificate_foreign") from None
    if at < certificate.not_valid_before_utc:
        raise Refused("certificate_not_yet_valid", since=certificate.not_valid_before_utc)
    if at > certificate.not_valid_after_utc:
        raise Refused("certificate_expired", until=certificate.not_valid_after_utc)
    entry = _list(crl, root, at).get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is not None:
        raise Refused("certificate_revoked", at=entry.revocation_date_utc)


def _list(crl: bytes, root: x509.Certificate, at: datetime) -> x509.CertificateRevocationList:
    public = root.public_key()
    try:
        loaded = x509.load_der_x509_crl(crl)
        genuine = isinstance(public, ec.EllipticCurvePublicKey) and loaded.is_signature_valid(public)
    except (ValueError, TypeError):
        raise Refused("revocation_list_bad") from None
    if not genuine or loaded.issuer != root.subject:
        raise Refused("revocation_list_bad")
    if loaded.next_update_utc is None or at > loaded.next_update_utc:
        raise Refused("revocation_list_stale")
    return loaded
