"""The signatures of a PDF as they stand in the file: what they cover, who signed, in what container."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, collect_embedded_signatures

from audit_portal.adapters.cms_strict import Altered, only_signer, stamp_token
from audit_portal.adapters.der import length_of
from audit_portal.domain.errors import NotFound, Refused
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER

_HEX = re.compile(rb"[0-9A-F]+\Z")


@dataclass(frozen=True)
class Signature:
    """One filled signature field. `gap_start` and `gap_end` bound `<…>`, the only bytes it does not sign."""

    field: str
    document_stamp: bool
    embedded: EmbeddedPdfSignature
    der: bytes
    gap_start: int
    gap_end: int
    end: int  # offset behind the last byte covered
    certificate: x509.Certificate
    value: bytes
    token: cms.ContentInfo | None

    @property
    def account(self) -> str:
        """The signer's account as `urn:uuid:…`, empty when the certificate names none."""
        return _alternative(self.certificate, "uniform_resource_identifier")

    @property
    def email(self) -> str:
        return _alternative(self.certificate, "rfc822_name")

    @property
    def clock(self) -> x509.Certificate | None:
        """Certificate of the time-stamp authority, None without a stamp."""
        token = cms.ContentInfo.load(self.der) if self.document_stamp else self.token
        return None if token is None else only_signer(token)[1]

    @property
    def stamped_at(self) -> datetime | None:
        token = cms.ContentInfo.load(self.der) if self.document_stamp else self.token
        return None if token is None else token_time(token)


@dataclass
class SignedPdf:
    """A PDF and its signatures, oldest first."""

    data: bytes
    reader: PdfFileReader
    fields: Mapping[str, DictionaryObject]
    signatures: tuple[Signature, ...] = field(default=())

    @classmethod
    def read(cls, data: bytes) -> SignedPdf:
        """Raises Refused('report_changed') for anything that is not a readable report."""
        try:
            return cls.parse(data)
        except Exception:
            # The parser meets hostile files; whatever it stumbles over, the file is not what was written.
            raise Refused("report_changed", problems=("unreadable",)) from None

    @classmethod
    def parse(cls, data: bytes) -> SignedPdf:
        """As pyHanko and this module read it; raises whatever they raise, Altered for a touched container,
        NotFound for a file without the portal's two fields: whatever it is, it is none of ours."""
        reader = PdfFileReader(BytesIO(data), strict=True)
        found = list(enumerate_sig_fields(reader))
        fields = {name: item.get_object() for name, _, item in found}
        if not {FIELD_AUDITOR, FIELD_OFFICER} <= fields.keys():
            raise NotFound()
        filled = [name for name, value, _ in found if value is not None]
        embedded = collect_embedded_signatures(reader)
        if len(fields) != len(found) or len(embedded) != len(filled):
            raise Altered("fields")
        return cls(data, reader, fields, tuple(_signature(data, each) for each in embedded))

    @property
    def people(self) -> dict[str, Signature]:
        return {each.field: each for each in self.signatures if not each.document_stamp}

    @property
    def document_stamps(self) -> list[Signature]:
        return [each for each in self.signatures if each.document_stamp]

    @property
    def strangers(self) -> bool:
        """Whether there is a field or signature that no report of this portal has."""
        ours = {FIELD_AUDITOR, FIELD_OFFICER} | {each.field for each in self.document_stamps}
        return bool(set(self.fields) - ours or set(self.people) - {FIELD_AUDITOR, FIELD_OFFICER})

    @property
    def has_validation_data(self) -> bool:
        return "/DSS" in self.reader.root

    @property
    def language(self) -> str:
        return str(_at(self.reader.root, "/Lang") or "")

    @cached_property
    def title(self) -> str:
        return str(_at(self.reader.trailer_view, "/Info", "/Title") or "")

    def field_size(self, name: str) -> tuple[float, float]:
        left, bottom, right, top = (float(edge) for edge in self.fields[name]["/Rect"])
        return right - left, top - bottom

    def attachment(self, name: str) -> bytes | None:
        """Content of the embedded file of that name in the catalogue's name tree, flat as we write it."""
        names = _at(self.reader.root, "/Names", "/EmbeddedFiles", "/Names") or []
        for place in range(0, len(names) - 1, 2):
            if str(names[place]) == name:
                return bytes(names[place + 1]["/EF"]["/F"].data)
        return None

    def store(self) -> tuple[list[bytes], ...]:
        """Two lists: certificates and revocation lists (DER) of the document security store."""
        return tuple(_streams(_at(self.reader.root, "/DSS", key)) for key in ("/Certs", "/CRLs"))


def _at(start: Any, *keys: str) -> Any:
    """What stands at the end of a path of dictionary keys, references followed; None where it breaks off."""
    for key in keys:
        if start is None or key not in start:
            return None
        start = start[key]
    return start


def _streams(references: Any) -> list[bytes]:
    return [bytes(each.get_object().data) for each in references or ()]


def token_content(der: bytes) -> cms.EncapsulatedContentInfo:
    """What a time-stamp token says. Raises Altered when it is none."""
    content = cms.ContentInfo.load(der)["content"]["encap_content_info"]
    if content["content_type"].native != "tst_info":
        raise Altered("stamp")
    return content


def token_time(token: cms.ContentInfo) -> datetime:
    moment = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    if not isinstance(moment, datetime):
        raise Altered("stamp")
    return moment


def _signature(data: bytes, embedded: EmbeddedPdfSignature) -> Signature:
    start, gap_start, gap_end, rest = (int(each) for each in embedded.byte_range)
    der = _content(data, start, gap_start, gap_end, rest)
    if der != embedded.pkcs7_content[: len(der)]:
        raise Altered("contents")
    container = cms.ContentInfo.load(der)
    signer, certificate = only_signer(container)
    return Signature(
        field=str(embedded.field_name),
        document_stamp=embedded.sig_object_type == "/DocTimeStamp",
        embedded=embedded,
        der=der,
        gap_start=gap_start,
        gap_end=gap_end,
        end=gap_end + rest,
        certificate=certificate,
        value=signer["signature"].native,
        token=stamp_token(signer),
    )


def _content(data: bytes, start: int, gap_start: int, gap_end: int, rest: int) -> bytes:
    """The DER in /Contents: upper-case hex, then zeros up to the end. Raises Altered for another writing."""
    gap = data[gap_start:gap_end]
    if (
        start != 0
        or min(gap_start, rest) < 0
        or gap_end + rest > len(data)
        or len(gap) != gap_end - gap_start
    ):
        raise Altered("byte range")
    digits = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or len(digits) % 2 or not _HEX.match(digits):
        raise Altered("contents")
    raw = bytes.fromhex(digits.decode("ascii"))
    try:
        length = length_of(raw)
    except ValueError:
        raise Altered("contents") from None
    if any(raw[length:]):
        raise Altered("padding")
    return raw[:length]


def _alternative(certificate: x509.Certificate, kind: str) -> str:
    names = certificate.subject_alt_name_value
    return next((str(each.native) for each in names or () if each.name == kind), "")
