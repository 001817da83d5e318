"""The certificates and the revocation list of the installation's own CA (RFC 5280), P-256 throughout."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_LIFE = timedelta(days=25 * 365)
STAMP_LIFE = timedelta(days=15 * 365)  # reports are kept up to ten years
PERSON_LIFE = timedelta(days=2 * 365)
CRL_LIFE = timedelta(days=7)
_BACKDATED = timedelta(minutes=5)  # other people's clocks
_NAME_BYTES = 64  # ub-common-name, RFC 5280 appendix A; the library counts bytes of UTF-8


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def root_certificate(
    key: ec.EllipticCurvePrivateKey, organisation: str, number: str, now: datetime
) -> x509.Certificate:
    name = _name(organisation, f"Audit Portal CA {number}")
    builder = _builder(name, name, key.public_key(), now, ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def stamp_certificate(
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    public: ec.EllipticCurvePublicKey,
    organisation: str,
    now: datetime,
) -> x509.Certificate:
    """For the portal's own time-stamp authority (RFC 3161 2.3: the extended key usage is critical)."""
    life = min(STAMP_LIFE, ca.not_valid_after_utc - now)
    subject = _name(organisation, "Audit Portal time-stamp authority")
    builder = _builder(subject, ca.subject, public, now, life)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(digital_signature=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return _issued(builder, ca).sign(ca_key, hashes.SHA256())


def person_certificate(
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    public: ec.EllipticCurvePublicKey,
    name: str,
    email: str,
    account_id: str,
    now: datetime,
) -> x509.Certificate:
    """For one person: content commitment, mail address and account in the alternative name.

    An address outside ASCII has no rfc822Name and is left out. Raises ValueError for a bad account id.
    """
    account = UUID(account_id)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(name)),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, account.hex),
        ]
    )
    life = min(PERSON_LIFE, ca.not_valid_after_utc - now)
    builder = _builder(subject, ca.subject, public, now, life)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    usage = _usage(digital_signature=True, content_commitment=True)
    builder = builder.add_extension(usage, critical=True)
    names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(account.urn)]
    if email.isascii():
        names.insert(0, x509.RFC822Name(email))
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _issued(builder, ca).sign(ca_key, hashes.SHA256())


def revocation_list(
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    revoked: tuple[tuple[int, datetime], ...],
    now: datetime,
) -> bytes:
    """DER. Its number is the time in microseconds, so that it grows without a counter to keep."""
    builder = x509.CertificateRevocationListBuilder(
        ca.subject, last_update=now.replace(microsecond=0), next_update=now.replace(microsecond=0) + CRL_LIFE
    )
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp() * 1_000_000)), critical=False)
    builder = builder.add_extension(_authority(ca), critical=False)
    for serial, at in sorted(revoked):
        entry = x509.RevokedCertificateBuilder(serial, at.replace(microsecond=0))
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER, hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _cut(text: str) -> str:
    return text.encode("utf-8", "replace")[:_NAME_BYTES].decode("utf-8", "ignore")


def _name(organisation: str, common: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(organisation)))
    return x509.Name(parts)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _issued(builder: x509.CertificateBuilder, ca: x509.Certificate) -> x509.CertificateBuilder:
    return builder.add_extension(_authority(ca), critical=False)


def _authority(ca: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _usage(**on: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})
