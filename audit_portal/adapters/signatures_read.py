"""The signatures in a PDF that others made (a contract concluded electronically): by whom, and still intact?

Nothing is said of trust: the portal knows no list of authorities whose word counts (chain unknown).
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, collect_embedded_signatures
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from audit_portal.adapters import pyhanko_parts as parts
from audit_portal.domain.errors import Invalid
from audit_portal.ports import FoundSignature

_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


def read_signatures(pdf: bytes) -> tuple[FoundSignature, ...]:
    """All signatures and document time stamps, oldest first. Raises Invalid('pdf_unreadable')."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        found = list(collect_embedded_signatures(reader))
    except Exception as error:  # the parser meets hostile files: whatever it stumbles over
        raise Invalid("pdf_unreadable") from error
    return tuple(_one(each) for each in found)


def _one(embedded: EmbeddedPdfSignature) -> FoundSignature:
    stamp = embedded.sig_object_type == "/DocTimeStamp"
    signer, issuer = _names(embedded)
    try:
        status: Any = parts.run(_validate(embedded, stamp))
    except Exception:  # a container that can't be read proves nothing
        return FoundSignature(signer, issuer, False, False, _claimed(embedded), False, stamp)
    time = status.timestamp if stamp else getattr(status.timestamp_validity, "timestamp", None)
    sound_time = stamp or (time is not None and status.timestamp_validity.intact)
    return FoundSignature(
        signer=signer,
        issuer=issuer,
        intact=bool(status.intact and status.valid),
        whole=_whole(status),
        signed_at=time if sound_time else _claimed(embedded),
        stamped=bool(sound_time),
        stamp=stamp,
    )


def _whole(status: Any) -> bool:
    """Whether nothing was written behind it but further signatures, stamps and what they need."""
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return True
    level = getattr(status, "modification_level", None)
    return status.coverage is SignatureCoverageLevel.ENTIRE_REVISION and level in _HARMLESS


async def _validate(embedded: EmbeddedPdfSignature, stamp: bool) -> Any:
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    if stamp:
        return await async_validate_pdf_timestamp(embedded, nobody)
    return await async_validate_pdf_signature(embedded, nobody, nobody, skip_diff=False)


def _claimed(embedded: EmbeddedPdfSignature) -> datetime | None:
    """When the signer says it was: anybody can say anything."""
    try:
        return embedded.self_reported_timestamp
    except Exception:
        return None


def _names(embedded: EmbeddedPdfSignature) -> tuple[str, str]:
    try:
        certificate: x509.Certificate = embedded.signer_cert
        return _name(certificate.subject), _name(certificate.issuer)
    except Exception:
        return "", ""


def _name(name: x509.Name) -> str:
    """Common name and organisation, as far as they are given."""
    held = name.native
    found = [held.get("common_name"), held.get("organization_name")]
    plain = [each if isinstance(each, str) else " ".join(each) for each in found if each]
    return " / ".join(dict.fromkeys(plain))[:200]
