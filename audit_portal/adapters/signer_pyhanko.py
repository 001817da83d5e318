"""PAdES signatures on reports: the auditor certifies, the officer countersigns, each is sealed afterwards.

Levels (ETSI EN 319 142-1): a person's signature is B-B, made whole in one request. `seal` then adds the
signature time stamp in place (B-T) and the validation data (B-LT); after the officer's also a document time
stamp over everything (B-LTA). Order matters: once anything follows a signature, its stamp can't be added.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle

from audit_portal.adapters import pyhanko_parts as parts
from audit_portal.adapters.certificate_authority import open_key
from audit_portal.adapters.cms_strict import compose, only_signer
from audit_portal.adapters.pdf_signatures import Signature, SignedPdf
from audit_portal.adapters.pdf_verify import verify_report
from audit_portal.adapters.report_reportlab.stamp import signature_look
from audit_portal.adapters.revocation import require_good
from audit_portal.domain.errors import Refused, Unavailable
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.ports import CertificateAuthority, SignatureRequest, SigningIdentity, TimestampAuthority

# Hex digits set aside for /Contents: the signature, its stamp with an outside authority's whole chain.
_RESERVED = 32 * 1024
_FILL = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins.uniform(0)
)
_SEALED_BUT_FOR_OFFICER = {"officer_missing", "not_sealed"}


class PyhankoSigner:
    """Fulfils `ports.Signer`. `stamp_roots` are PEM roots of an outside time-stamp authority."""

    def __init__(
        self,
        authority: CertificateAuthority,
        stamps: TimestampAuthority,
        stamp_roots: tuple[bytes, ...] = (),
        zone: str = "Asia/Tokyo",
    ) -> None:
        self._authority, self._stamps, self._stamp_roots, self._zone = authority, stamps, stamp_roots, zone

    def sign(
        self, pdf: bytes, request: SignatureRequest, identity: SigningIdentity, passphrase: str, crl: bytes
    ) -> bytes:
        """See `ports.Signer.sign`. Every refusal comes before the key is opened."""
        owner = x509.load_pem_x509_certificate(identity.certificate_pem)
        require_good(owner, self._root(), crl, request.at)
        document = SignedPdf.read(pdf)
        self._require_turn(document, request, owner)
        key = open_key(identity, passphrase)
        signer = parts.KeySigner(parts.certificate(identity.certificate_pem), key)
        look = self._look(document, request, owner)
        return parts.run(_write_signature(pdf, request, signer, look))

    def seal(self, pdf: bytes, field: str, crl: bytes, now: datetime) -> bytes:
        """See `ports.Signer.seal`."""
        document = SignedPdf.read(pdf)
        signature = document.people.get(field)
        if signature is None:
            raise Refused("not_signed_yet", field=field)
        if signature.token is not None or signature.end != len(pdf):
            raise Refused("already_sealed", field=field)
        owner = x509.load_der_x509_certificate(signature.certificate.dump())
        require_good(owner, self._root(), crl, now)
        token = parts.checked_token(self._stamps, hashlib.sha256(signature.value).digest())
        stamped = _with_stamp(pdf, signature, token)
        return parts.run(self._keep(stamped, signature, token, crl, last=field == FIELD_OFFICER))

    def _root(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self._authority.root_pem())

    def _require_turn(self, document: SignedPdf, request: SignatureRequest, owner: x509.Certificate) -> None:
        """The field is there and empty; the officer follows an auditor whose part is sealed and whole."""
        if request.field not in {FIELD_AUDITOR, FIELD_OFFICER} or request.field not in document.fields:
            raise Refused("field_missing", field=request.field)
        if request.field in document.people:
            raise Refused("already_signed", field=request.field)
        if request.field == FIELD_AUDITOR:
            if document.signatures:
                raise Refused("auditor_signs_first")
            return
        auditor = document.people.get(FIELD_AUDITOR)
        if auditor is None:
            raise Refused("auditor_signs_first")
        if auditor.token is None or not document.has_validation_data:
            raise Refused("auditor_not_sealed")
        if auditor.certificate.serial_number == owner.serial_number or auditor.account == _account(owner):
            raise Refused("same_signer")
        check = verify_report(document.data, [self._authority.root_pem()], request.at, self._stamp_roots)
        if set(check.problems) - _SEALED_BUT_FOR_OFFICER:
            raise Refused("report_changed", problems=check.problems)

    def _look(self, document: SignedPdf, request: SignatureRequest, owner: x509.Certificate) -> bytes:
        serial = f"{owner.serial_number:x}"
        return signature_look(
            document.field_size(request.field),
            request.name,
            request.role,
            request.at,
            self._zone,
            serial,
            document.language,
        )

    async def _keep(
        self, pdf: bytes, signature: Signature, token: cms.ContentInfo, crl: bytes, last: bool
    ) -> bytes:
        """Validation data in a revision of its own; for the last signature under a document time stamp."""
        out = BytesIO(pdf)
        writer = IncrementalPdfFileWriter(out)
        stamp_certificates = [choice.chosen for choice in token["content"]["certificates"]]
        roots = [parts.certificate(pem) for pem in (self._authority.root_pem(), *self._stamp_roots)]
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[signature.certificate, *stamp_certificates, *roots],
            crls=[asn1_crl.CertificateList.load(crl)],
        )
        if last:
            stamper = PdfTimeStamper(parts.PortStamper(self._stamps), field_name="Timestamp-1")
            await stamper.async_timestamp_pdf(writer, "sha256", bytes_reserved=_RESERVED, in_place=True)
        else:
            writer.write_in_place()
        return out.getvalue()


class _PdfSigner(PdfSigner):
    """pyHanko's, but the file stays PDF 1.7: declaring the PDF 2.0 extensions would break PDF/A-3 (6.1.2)."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Nothing to declare: PAdES with P-256 and SHA-256 stands on ETSI EN 319 142-1."""


async def _write_signature(
    pdf: bytes, request: SignatureRequest, signer: parts.KeySigner, look: bytes
) -> bytes:
    meta = PdfSignatureMetadata(
        field_name=request.field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=request.field == FIELD_AUDITOR,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        name=request.name,
        reason=request.reason,
    )
    style = StaticStampStyle(
        border_width=0,
        background=parts.PageContent(look),
        background_opacity=1.0,
        background_layout=_FILL,
    )
    session = _PdfSigner(meta, signer, stamp_style=style).init_signing_session(
        IncrementalPdfFileWriter(BytesIO(pdf)), existing_fields_only=True
    )
    session.system_time = request.at
    document = session.prepare_tbs_document(None, _RESERVED)
    out = BytesIO()
    digest, _ = document.digest_tbs_document(output=out)
    await document.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=request.at))
    return out.getvalue()


def _with_stamp(pdf: bytes, signature: Signature, token: cms.ContentInfo) -> bytes:
    """The same file with the token among the unsigned attributes, in the space kept for it."""
    signer, certificate = only_signer(cms.ContentInfo.load(signature.der))
    stamped = compose(certificate, signer["signed_attrs"].contents, signature.value, token=token.dump())
    content = stamped.hex().upper().encode()
    room = signature.gap_end - signature.gap_start - 2
    if len(content) > room:
        raise Unavailable("tsa_reply_too_long")
    return b"".join((pdf[: signature.gap_start + 1], content.ljust(room, b"0"), pdf[signature.gap_end - 1 :]))


def _account(owner: x509.Certificate) -> str:
    names = owner.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    found = names.get_values_for_type(x509.UniformResourceIdentifier)
    return found[0] if found else ""
