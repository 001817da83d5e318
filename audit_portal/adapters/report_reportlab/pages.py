"""Header, footer, page numbers, outline and the draft mark."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from audit_portal.adapters.report_reportlab.fonts import BOLD, REGULAR, clip, visible
from audit_portal.adapters.report_reportlab.parts import ACCENT, LINE, MUTED, WIDTH, Heading
from audit_portal.adapters.report_reportlab.texts import word

_TOTAL = "page-total"
_LEFT = 20 * mm


@dataclass(frozen=True)
class PageFacts:
    language: str
    number: str
    title: str
    subject: str
    author: str
    statement: str
    draft: bool


class _Document(BaseDocTemplate):
    """Counts on the way and writes the total at the end, so one pass is enough."""

    def __init__(self, out: BytesIO, facts: PageFacts) -> None:
        super().__init__(
            out,
            pagesize=A4,
            invariant=1,
            pageCompression=1,
            title=f"{facts.number} {facts.title}",
            author=facts.author,
            subject=facts.subject,
            lang=facts.language,
            displayDocTitle=True,
            initialFontName=REGULAR,
        )
        self.facts, self._bookmarks = facts, 0
        frame = Frame(_LEFT, 20 * mm, WIDTH, A4[1] - 42 * mm, 0, 0, 0, 0, id="body")
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._furniture))

    def afterFlowable(self, flowable: Flowable) -> None:
        if isinstance(flowable, Heading) and flowable.outline:
            content, level = flowable.outline
            self._bookmarks += 1
            key = f"h{self._bookmarks}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(clip(visible(content), 80), key, level, closed=level > 0)

    def _endBuild(self) -> None:
        # Every page refers to this form; what it shows is known only now.
        self.canv.beginForm(_TOTAL, 0, -2, 30, 8)
        self.canv.setFont(REGULAR, 8)
        self.canv.setFillColor(MUTED)
        self.canv.drawString(0, 0, str(self.page))
        self.canv.endForm()
        super()._endBuild()

    def _furniture(self, canvas: Any, document: Any) -> None:
        facts, right, top = self.facts, _LEFT + WIDTH, A4[1] - 14 * mm
        canvas.saveState()
        if facts.draft:
            _draft_mark(canvas, word("draft", facts.language))
        canvas.setFillColor(ACCENT)
        canvas.setFont(BOLD, 8)
        canvas.drawString(_LEFT, top, visible(facts.number))
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 8)
        canvas.drawRightString(right, top, clip(visible(facts.title), 60))
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(_LEFT, top - 2.5 * mm, right, top - 2.5 * mm)
        canvas.line(_LEFT, 15 * mm, right, 15 * mm)
        canvas.drawString(_LEFT, 10.5 * mm, clip(visible(facts.statement), 90))
        canvas.drawRightString(right - 14, 10.5 * mm, f"{word('page', facts.language)} {document.page} /")
        canvas.translate(right - 11, 10.5 * mm)
        canvas.doForm(_TOTAL)
        canvas.restoreState()


def _draft_mark(canvas: Any, label: str) -> None:
    canvas.saveState()
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(50)
    canvas.setFont(BOLD, 40)
    canvas.setFillColor(colors.HexColor("#e9edf1"))  # opaque: PDF/A viewers print it alike
    canvas.drawCentredString(0, 0, label)
    canvas.restoreState()


def build(story: list[Flowable], facts: PageFacts) -> bytes:
    out = BytesIO()
    _Document(out, facts).build(story)
    return out.getvalue()
