"""The portal's own time-stamp authority (RFC 3161), for installations without an outside one.

It proves an order of events to whoever trusts the portal's clock and key; a stranger's trust needs an
outside authority. Reports say which was used.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from audit_portal.adapters.cms_strict import compose
from audit_portal.adapters.ecdsa_low import sign_low
from audit_portal.ports import Clock

# A UUID-derived arc (ITU-T X.667): no registration needed, unique to this policy.
POLICY = "2.25.304118427130467811220973211404126418711"


class OwnTimestampAuthority:
    """Fulfils `ports.TimestampAuthority`. `certificate` is PEM, with critical time-stamping usage."""

    own = True

    def __init__(self, certificate: bytes, key: ec.EllipticCurvePrivateKey, clock: Clock) -> None:
        der = x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER)
        self._certificate = asn1_x509.Certificate.load(der)
        self._key, self._clock = key, clock

    def stamp(self, digest: bytes) -> bytes:
        """DER of a TimeStampToken over a SHA-256 digest, with seconds as its precision."""
        if len(digest) != hashlib.sha256().digest_size:
            raise ValueError("a SHA-256 digest has 32 bytes")
        now = self._clock.now().replace(microsecond=0)
        content = self._info(digest, now).dump()
        attributes = self._attributes(content, now)
        signature = sign_low(self._key, attributes.dump())
        return compose(self._certificate, attributes.contents, signature, stamp_info=content)

    def _info(self, digest: bytes, now: datetime) -> tsp.TSTInfo:
        algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
        return tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": {"hash_algorithm": algorithm, "hashed_message": digest},
                "serial_number": int.from_bytes(os.urandom(16), "big") | 1,
                "gen_time": now,
                "accuracy": {"seconds": 1},
                "tsa": asn1_x509.GeneralName("directory_name", self._certificate.subject),
            }
        )

    def _attributes(self, content: bytes, now: datetime) -> cms.CMSAttributes:
        identifier = {"cert_hash": hashlib.sha256(self._certificate.dump()).digest()}
        signing = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(identifier)]})
        attributes = [
            ("content_type", "tst_info"),
            ("signing_time", cms.Time({"utc_time": core.UTCTime(now)})),
            ("message_digest", hashlib.sha256(content).digest()),
            ("signing_certificate_v2", signing),
        ]
        return cms.CMSAttributes(
            [cms.CMSAttribute({"type": name, "values": (value,)}) for name, value in attributes]
        )
