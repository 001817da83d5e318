"""The small pieces pyHanko needs from us: a signer with a loaded key, a time stamper over the port."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Coroutine
from io import BytesIO
from typing import Any, TypeVar

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from audit_portal.adapters.ecdsa_low import sign_low
from audit_portal.domain.errors import Unavailable
from audit_portal.ports import TimestampAuthority

# Its warnings carry names of people and the content of hostile files; verdicts are reported instead.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs pyHanko's coroutines where there is no event loop: request threads and the worker."""
    return asyncio.run(work)


def certificate(pem_or_der: bytes) -> asn1_x509.Certificate:
    """Raises ValueError."""
    pem = b"-----BEGIN" in pem_or_der
    loaded = (x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate)(pem_or_der)
    return asn1_x509.Certificate.load(loaded.public_bytes(serialization.Encoding.DER))


def issued_by(owner: asn1_x509.Certificate, roots: list[asn1_x509.Certificate]) -> bool:
    """Whether one of the roots itself signed the certificate."""
    loaded = x509.load_der_x509_certificate(owner.dump())
    for root in roots:
        try:
            loaded.verify_directly_issued_by(x509.load_der_x509_certificate(root.dump()))
        except (InvalidSignature, ValueError, TypeError):
            continue
        return True
    return False


class KeySigner(Signer):
    """Signs with a P-256 key that is already open; embeds the person's certificate and nothing else."""

    def __init__(self, owner: asn1_x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        super().__init__(
            signing_cert=owner,
            cert_registry=SimpleCertificateStore(),
            embed_roots=False,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError("reports are signed over SHA-256")
        return bytes(72) if dry_run else sign_low(self._key, data)


class PortStamper(TimeStamper):
    """pyHanko's view of a `ports.TimestampAuthority`."""

    def __init__(self, authority: TimestampAuthority) -> None:
        super().__init__()
        self._authority = authority

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        if md_algorithm != "sha256":
            raise ValueError("time stamps are over SHA-256")
        return checked_token(self._authority, message_digest)


def checked_token(authority: TimestampAuthority, digest: bytes) -> cms.ContentInfo:
    """A token that is about this digest. Raises Unavailable('tsa_bad_reply') when it is about another."""
    token = cms.ContentInfo.load(authority.stamp(digest))
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    if imprint["hashed_message"].native != digest or len(digest) != hashlib.sha256().digest_size:
        raise Unavailable("tsa_bad_reply", host="")
    return token


class PageContent(PdfContent):
    """The first page of a small PDF, to be drawn inside a signature field."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Look"), page)
        left, bottom, right, top = (float(edge) for edge in page.get_object()["/BBox"])
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return b"/Look Do"
