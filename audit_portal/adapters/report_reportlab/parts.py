"""What the pages are built of: paragraphs from outside text, the result bar, the signature boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Table

from audit_portal.adapters.report_reportlab.fonts import BOLD, REGULAR, breaks_anywhere, clip, markup

INK = colors.HexColor("#1b2733")
MUTED = colors.HexColor("#52616f")
LINE = colors.HexColor("#c9d2db")
PANEL = colors.HexColor("#f3f6f9")
ACCENT = colors.HexColor("#1d4e79")
WIDTH = 170 * mm

RESULT_COLOURS = {
    "conforms": colors.HexColor("#2e7d5b"),
    "partly": colors.HexColor("#b97a10"),
    "not": colors.HexColor("#b3372f"),
    "unconfirmed": colors.HexColor("#6b5b95"),
    "not_applicable": colors.HexColor("#8a96a3"),
    "open": colors.HexColor("#52616f"),
}
# A shape besides the colour, for eyes and printers that don't tell colours apart.
RESULT_MARKS = {
    "conforms": "○",
    "partly": "△",
    "not": "×",
    "unconfirmed": "?",
    "not_applicable": "–",
    "open": "…",
}


def _style(name: str, size: float, lead: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=REGULAR, fontSize=size, leading=lead, textColor=INK, **more)


TEXT = _style("text", 9, 14)
SMALL = _style("small", 7.5, 11)
NOTE = _style("note", 8, 12.5, parent=None)
NOTE.textColor = MUTED
TITLE = _style("title", 21, 29)
TITLE.fontName = BOLD
TITLE.textColor = ACCENT
LEAD = _style("lead", 12.5, 19)
LEAD.fontName = BOLD
HEADING = _style("heading", 14, 20, spaceBefore=16, spaceAfter=7)
HEADING.fontName = BOLD
HEADING.textColor = ACCENT
SUBHEADING = _style("subheading", 10.5, 15, spaceBefore=10, spaceAfter=4)
SUBHEADING.fontName = BOLD
FIELD = _style("field", 9, 14, leftIndent=24 * mm, bulletIndent=0, bulletFontName=REGULAR, bulletFontSize=8)
FIELD.bulletColor = MUTED

_CJK: dict[str, ParagraphStyle] = {}
_CHUNK = 2000  # reportlab wraps a paragraph anew for every page it is split over


def _fit(style: ParagraphStyle, text: str) -> ParagraphStyle:
    if not breaks_anywhere(text):
        return style
    if style.name not in _CJK:
        _CJK[style.name] = ParagraphStyle(style.name + "-cjk", parent=style, wordWrap="CJK")
    return _CJK[style.name]


def text(content: str, style: ParagraphStyle = TEXT) -> Paragraph:
    """One paragraph of outside text."""
    return Paragraph(markup(content), _fit(style, content))


def rich(marked_up: str, style: ParagraphStyle = TEXT, anywhere: bool = True) -> Paragraph:
    """A paragraph of markup that this package made; every outside part went through `markup`."""
    return Paragraph(marked_up, _fit(style, marked_up) if anywhere else style)


def field(label: str, content: str, plain: bool = True) -> list[Paragraph]:
    """A label and its text beside it; long text becomes several paragraphs."""
    if not plain:
        return [Paragraph(content, _fit(FIELD, content), bulletText=label)]
    pieces = [content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK)] or [""]
    return [
        Paragraph(markup(piece), _fit(FIELD, piece), bulletText=label if number == 0 else None)
        for number, piece in enumerate(pieces)
    ]


def grid(
    rows: Sequence[Sequence[Any]], widths: Sequence[float], head: bool = True, extra: Sequence[Any] = ()
) -> Table:
    """A quiet table: thin rules, a shaded head that repeats on each page."""
    style: list[Any] = [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),  # empty cells too: the default font isn't embedded
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 3.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    if head:
        style += [("BACKGROUND", (0, 0), (-1, 0), PANEL), ("LINEABOVE", (0, 0), (-1, 0), 0.8, ACCENT)]
    return Table(
        [list(row) for row in rows], widths, repeatRows=int(head), style=[*style, *extra], hAlign="LEFT"
    )


def result_mark(result: str, label: str) -> str:
    """Markup of a result: shape, colour and word."""
    colour = RESULT_COLOURS[result].hexval()[2:]
    return f'<font color="#{colour}"><b>{RESULT_MARKS[result]} {markup(label)}</b></font>'


class ResultBar(Flowable):
    """Counts per result as one bar with its legend. `counts` and `labels` by result code."""

    def __init__(self, counts: Mapping[str, int], labels: Mapping[str, str]) -> None:
        super().__init__()
        self.counts, self.labels = counts, labels
        self.width, self.height = WIDTH, 20 * mm

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, total, left = self.canv, sum(self.counts.values()), 0.0
        for result, count in self.counts.items():
            if not count:
                continue
            wide = self.width * count / total
            canvas.setFillColor(RESULT_COLOURS[result])
            canvas.setStrokeColor(colors.white)
            canvas.rect(left, 12 * mm, wide, 7 * mm, fill=1, stroke=1)
            if wide > 8 * mm:
                canvas.setFillColor(colors.white)
                canvas.setFont(BOLD, 10)
                canvas.drawCentredString(left + wide / 2, 14.3 * mm, str(count))
            left += wide
        self._legend()

    def _legend(self) -> None:
        canvas = self.canv
        for place, (result, count) in enumerate(self.counts.items()):
            x, y = (place % 3) * self.width / 3, (7 - 5 * (place // 3)) * mm
            canvas.setFillColor(RESULT_COLOURS[result])
            canvas.rect(x, y - 0.3 * mm, 3 * mm, 3 * mm, fill=1, stroke=0)
            canvas.setFillColor(INK if count else MUTED)
            canvas.setFont(REGULAR, 8.5)
            label = f"{RESULT_MARKS[result]} {self.labels[result]}"
            canvas.drawString(x + 5 * mm, y, label)
            canvas.setFont(BOLD, 8.5)
            canvas.drawString(x + 7 * mm + stringWidth(label, REGULAR, 8.5), y, str(count))


class SignatureBox(Flowable):
    """An empty framed box; remembers where it was drawn so that the signature field goes there."""

    def __init__(self, field_name: str, width: float, height: float) -> None:
        super().__init__()
        self.field_name, self.width, self.height = field_name, width, height
        self.page = 0
        self.box = (0.0, 0.0, 0.0, 0.0)  # left, bottom, right, top in points

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        left, bottom = self.canv.absolutePosition(0, 0)
        self.page = self.canv.getPageNumber() - 1
        self.box = (left, bottom, left + self.width, bottom + self.height)
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(0.6)
        self.canv.rect(0, 0, self.width, self.height)


class Heading(Paragraph):
    """A paragraph that may also stand in the outline (bookmarks), as (text, level)."""

    outline: tuple[str, int] | None = None

    def split(self, width: float, height: float) -> list[Any]:
        pieces = super().split(width, height)
        if pieces and self.outline:
            pieces[0].outline = self.outline
        return list(pieces)


def heading(content: str, level: int = 0) -> list[Flowable]:
    """A heading with room for some lines under it on its page."""
    return [CondPageBreak((38 if level == 0 else 30) * mm), heading_line(content, level)]


def heading_line(content: str, level: int = 0) -> Heading:
    """A heading alone, for a block that is kept together with it."""
    style = HEADING if level == 0 else SUBHEADING
    content = clip(content, 200)
    made = Heading(markup(content), _fit(style, content))
    made.outline = (content, level)
    return made
