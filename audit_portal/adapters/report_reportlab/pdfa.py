"""From reportlab's PDF to PDF/A-3b: XMP, output intent, attached manifest, signature fields.

Sources: ISO 19005-3 (6.2.3 output intent, 6.6 metadata, 6.8 embedded files), ISO 32000-2 12.7.5.5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from audit_portal.domain.report import MANIFEST_NAME

_SRGB = Path(__file__).with_name("srgb.icc")
_LONG = re.compile(rb"<([0-9A-F]{5,6})>")
_PRINT = 4  # annotation flag, ISO 19005-3 6.3.2


@dataclass(frozen=True)
class Field:
    name: str
    page: int  # from 0
    box: tuple[float, float, float, float]
    tooltip: str


@dataclass(frozen=True)
class Facts:
    """`manifest` is the canonical JSON to attach; `at` the report's own time, never the clock's."""

    title: str
    subject: str
    author: str
    creator: str
    language: str
    at: datetime
    manifest: bytes
    manifest_about: str


def archive(pdf: bytes, fields: Sequence[Field], facts: Facts) -> bytes:
    """PDF/A-3b in one revision with a plain cross-reference table. Same input, same bytes."""
    if fields:
        pdf = _with_fields(pdf, fields)
    with pikepdf.open(BytesIO(pdf)) as document:
        _metadata(document, facts)
        _output_intent(document)
        _attach(document, facts)
        _print_flags(document)
        mend_unicode(document)
        out = BytesIO()
        document.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            recompress_flate=False,
            deterministic_id=True,
            force_version="1.7",
            fix_metadata_version=False,
        )
    return out.getvalue()


def mend_unicode(document: pikepdf.Pdf) -> None:
    """reportlab writes code points above U+FFFF as they are; a ToUnicode map wants UTF-16 (ISO 32000 9.10.3).

    Without this 𠮷 can be seen, but not searched for or copied.
    """
    for each in document.objects:
        if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each:
            mended = _LONG.sub(_utf16, each.ToUnicode.read_bytes())
            each.ToUnicode.write(mended)


def _utf16(found: re.Match[bytes]) -> bytes:
    return b"<" + chr(int(found[1], 16)).encode("utf-16-be").hex().upper().encode() + b">"


def _with_fields(pdf: bytes, fields: Sequence[Field]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for each in fields:
        left, bottom, right, top = (round(edge) for edge in each.box)
        append_signature_field(
            writer,
            SigFieldSpec(
                sig_field_name=each.name,
                on_page=each.page,
                box=(left, bottom, right, top),
                readable_field_name=each.tooltip,
            ),
        )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _metadata(document: pikepdf.Pdf, facts: Facts) -> None:
    stamp = facts.at.strftime("D:%Y%m%d%H%M%S+00'00'")
    iso = facts.at.isoformat(timespec="seconds")
    if Name.Info in document.trailer:
        del document.trailer.Info
    document.docinfo = document.make_indirect(
        Dictionary(
            Title=String(facts.title),
            Author=String(facts.author),
            Subject=String(facts.subject),
            Creator=String(facts.creator),
            Producer=String(facts.creator),
            CreationDate=String(stamp),
            ModDate=String(stamp),
        )
    )
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = facts.title
        xmp["dc:creator"] = [facts.author]
        xmp["dc:description"] = facts.subject
        xmp["dc:language"] = [facts.language]
        xmp["xmp:CreatorTool"] = facts.creator
        xmp["xmp:CreateDate"] = iso
        xmp["xmp:ModifyDate"] = iso
        xmp["pdf:Producer"] = facts.creator
        xmp["pdfaid:part"] = "3"
        xmp["pdfaid:conformance"] = "B"
    document.Root.Lang = String(facts.language)


def _output_intent(document: pikepdf.Pdf) -> None:
    profile = document.make_stream(_SRGB.read_bytes())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


def _attach(document: pikepdf.Pdf, facts: Facts) -> None:
    stamp = String(facts.at.strftime("D:%Y%m%d%H%M%S+00'00'"))
    content = document.make_stream(facts.manifest)
    content.Type = Name.EmbeddedFile
    content.Subtype = Name("/application/json")
    content.Params = Dictionary(Size=len(facts.manifest), ModDate=stamp, CreationDate=stamp)
    spec = document.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(MANIFEST_NAME),
            UF=String(MANIFEST_NAME),
            Desc=String(facts.manifest_about),
            AFRelationship=Name.Data,
            EF=Dictionary(F=content, UF=content),
        )
    )
    names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(MANIFEST_NAME), spec])))
    document.Root.Names = document.make_indirect(names)
    document.Root.AF = Array([spec])


def _print_flags(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        if Name.Trans in page:
            del page.Trans  # an empty page transition that reportlab leaves behind
        for annotation in page.get("/Annots", []):
            annotation.F = int(annotation.get("/F", 0)) | _PRINT
            if annotation.Subtype == Name.Widget:
                annotation.AP = Dictionary(N=_nothing(document, annotation.Rect))


def _nothing(document: pikepdf.Pdf, rect: pikepdf.Object) -> pikepdf.Object:
    """An empty appearance: a field must have one (ISO 19005-3 6.3.3), the page already draws the frame."""
    left, bottom, right, top = (float(edge) for edge in rect.as_list())
    box = Array([0, 0, right - left, top - bottom])
    return document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary())
