"""The installation's own CA: its key wrapped by the key provider, its root published for strangers."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from audit_portal.adapters import certificates, sealed_key
from audit_portal.domain.errors import Misconfigured
from audit_portal.ports import KeyProvider, SigningIdentity

_CA_KEY, _STAMP_KEY, _STAMP_CERTIFICATE = "ca.key", "tsa.key", "tsa.pem"
_CONTEXTS = {_CA_KEY: b"audit-portal/ca-key", _STAMP_KEY: b"audit-portal/tsa-key"}


class FileCertificateAuthority:
    """Fulfils `ports.CertificateAuthority`: `folder` holds the wrapped keys, `root` is the root PEM."""

    def __init__(self, folder: Path, keys: KeyProvider, root: Path) -> None:
        """Reads nothing yet: `create` may still have to run. Using it before raises Misconfigured."""
        self._folder, self._keys, self._root = folder, keys, root

    def create(self, organisation: str, now: datetime) -> None:
        """Makes CA and time-stamp authority where they do not exist yet; harmless twice.

        The root is published last: once it is there, everything is. Raises Misconfigured('ca_incomplete')
        when a root stands beside missing keys, which making new ones would only hide.
        """
        if self._root.exists():
            self._require_whole()
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root.parent.mkdir(parents=True, exist_ok=True)
        key, stamp_key = certificates.new_key(), certificates.new_key()
        root = certificates.root_certificate(key, organisation, os.urandom(4).hex(), now)
        stamp = certificates.stamp_certificate(root, key, stamp_key.public_key(), organisation, now)
        self._write_key(_CA_KEY, key)
        self._write_key(_STAMP_KEY, stamp_key)
        _write(self._folder / _STAMP_CERTIFICATE, certificates.pem(stamp), 0o644)
        _write(self._root, certificates.pem(root), 0o644)

    def issue(
        self, name: str, email: str, account_id: str, passphrase: str, now: datetime
    ) -> SigningIdentity:
        """A new certificate and its sealed key; the CA keeps no copy of the key.

        Raises Invalid('passphrase_too_short' | 'passphrase_too_long').
        """
        sealed_key.check_passphrase(passphrase)
        key = certificates.new_key()
        certificate = certificates.person_certificate(
            self._certificate(), self._key(_CA_KEY), key.public_key(), name, email, account_id, now
        )
        fingerprint = certificates.fingerprint(certificate)
        return SigningIdentity(
            certificate_pem=certificates.pem(certificate),
            sealed_key=sealed_key.seal(key, passphrase, bytes.fromhex(fingerprint)),
            serial=certificate.serial_number,
            fingerprint=fingerprint,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )

    def root_pem(self) -> bytes:
        return certificates.pem(self._certificate())

    def crl(self, revoked: tuple[tuple[int, datetime], ...], now: datetime) -> bytes:
        """DER of the list of (serial, revoked at), good for a week."""
        return certificates.revocation_list(self._certificate(), self._key(_CA_KEY), revoked, now)

    def stamp_credentials(self) -> tuple[bytes, ec.EllipticCurvePrivateKey]:
        """Certificate (PEM) and key of the portal's own time-stamp authority."""
        self._require_whole()
        return (self._folder / _STAMP_CERTIFICATE).read_bytes(), self._key(_STAMP_KEY)

    def _certificate(self) -> x509.Certificate:
        self._require_whole()
        return x509.load_pem_x509_certificate(self._root.read_bytes())

    def _require_whole(self) -> None:
        needed = [self._root, *(self._folder / name for name in (_CA_KEY, _STAMP_KEY, _STAMP_CERTIFICATE))]
        missing = [path.name for path in needed if not path.is_file()]
        if missing:
            raise Misconfigured("ca_incomplete", missing=", ".join(missing))

    def _key(self, name: str) -> ec.EllipticCurvePrivateKey:
        plain = self._keys.unwrap((self._folder / name).read_bytes(), _CONTEXTS[name])
        key = serialization.load_der_private_key(plain, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise Misconfigured("ca_incomplete", missing=name)
        return key

    def _write_key(self, name: str, key: ec.EllipticCurvePrivateKey) -> None:
        plain = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write(self._folder / name, self._keys.wrap(plain, _CONTEXTS[name]), 0o600)


def open_key(identity: SigningIdentity, passphrase: str) -> ec.EllipticCurvePrivateKey:
    """The person's key, for this one request. Raises Invalid('passphrase_wrong')."""
    certificate = x509.load_pem_x509_certificate(identity.certificate_pem)
    context = bytes.fromhex(certificates.fingerprint(certificate))
    return sealed_key.open_sealed(identity.sealed_key, passphrase, context)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, with its mode from the first moment."""
    aside = path.with_name(path.name + ".new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
