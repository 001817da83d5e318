"""A plain PDF of a few lines of Japanese a page, in the reader's own font (ISO 32000-1, 9.7: CID fonts)."""

from __future__ import annotations

from collections.abc import Sequence

_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UCS2-H"
    b" /DescendantFonts [4 0 R] >>"
)
_GLYPHS = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /DW 1000 /FontDescriptor 5 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>"
)
_METRICS = (
    b"<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922]"
    b" /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>"
)
_FIXED = 5  # objects before those of the pages


def document(pages: Sequence[Sequence[str]]) -> bytes:
    """The file; a line holds about 40 characters, a page about 30 lines. Characters of the BMP only."""
    leaves = [_FIXED + 1 + 2 * place for place in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % each for each in leaves)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        _FONT,
        _GLYPHS,
        _METRICS,
    ]
    for leaf, lines in zip(leaves, pages, strict=True):
        text = _text(lines)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> >> >>" % (leaf + 1),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        ]
    return file(objects)


def _text(lines: Sequence[str]) -> bytes:
    shown = b"\n".join(b"<%s> Tj T*" % line.encode("utf-16-be").hex().encode() for line in lines)
    return b"BT /F 11 Tf 24 TL 60 770 Td\n%s\nET" % shown


def file(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
