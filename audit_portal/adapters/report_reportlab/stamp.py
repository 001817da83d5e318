"""What a signature looks like on the page: who, as what, when. One small page with subset fonts."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pikepdf
from reportlab.lib import colors
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from audit_portal.adapters.report_reportlab.fonts import BOLD, REGULAR, register, visible
from audit_portal.adapters.report_reportlab.parts import ACCENT, INK, LINE, MUTED
from audit_portal.adapters.report_reportlab.pdfa import mend_unicode
from audit_portal.adapters.report_reportlab.texts import LANGUAGES, word
from audit_portal.adapters.report_reportlab.times import moment

_PAD = 9.0


def signature_look(
    size: tuple[float, float], name: str, role: str, at: datetime, zone: str, serial: str, language: str
) -> bytes:
    """A PDF page of the given size (points), to be drawn into the signature field."""
    register()
    language = language if language in LANGUAGES else LANGUAGES[0]
    width, height = size
    out = BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1, pageCompression=1, initialFontName=REGULAR)
    canvas.setFillColor(colors.white)
    canvas.setStrokeColor(LINE)
    canvas.rect(0.3, 0.3, width - 0.6, height - 0.6, fill=1, stroke=1)
    canvas.setFillColor(ACCENT)
    canvas.rect(0.3, 0.3, 3, height - 0.6, fill=1, stroke=0)
    room = width - 2 * _PAD
    lines = [
        (word("signed_electronically", language) + " · " + role, REGULAR, 7.5, MUTED),
        (name, BOLD, 13.0, INK),
        (f"{word('signed', language)}: {moment(at, zone, language)}", REGULAR, 7.5, INK),
        (f"{word('certificate', language)}: {serial}", REGULAR, 6.5, MUTED),
    ]
    y = height - 15.0
    for content, font, wanted, colour in lines:
        shown, fitted = _fitted(visible(content).replace("\n", " "), font, wanted, room)
        canvas.setFillColor(colour)
        canvas.setFont(font, fitted)
        canvas.drawString(_PAD + 1, y - (4 if font == BOLD else 0), shown)
        y -= wanted + (8 if font == BOLD else 6)
    canvas.save()
    with pikepdf.open(BytesIO(out.getvalue())) as document:
        mend_unicode(document)
        mended = BytesIO()
        document.save(mended, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return mended.getvalue()


def _fitted(content: str, font: str, size: float, room: float) -> tuple[str, float]:
    """Smaller first, then cut: a long name must not run out of its box."""
    while size > 6 and stringWidth(content, font, size) > room:
        size -= 0.5
    if stringWidth(content, font, size) <= room:
        return content, size
    content = content[:200]
    while content and stringWidth(content + "…", font, size) > room:
        content = content[:-1]
    return content + "…", size
