"""The items: at a glance as a table, then one by one with answer, review and evidence."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Spacer

from audit_portal.adapters.report_reportlab.fonts import clip, markup
from audit_portal.adapters.report_reportlab.grounds import finding_line, grounds, inspected, refused
from audit_portal.adapters.report_reportlab.parts import (
    LINE,
    PANEL,
    SMALL,
    TEXT,
    field,
    grid,
    heading,
    heading_line,
    result_mark,
    rich,
    text,
)
from audit_portal.adapters.report_reportlab.texts import word
from audit_portal.adapters.report_reportlab.times import day, moment
from audit_portal.domain.report import (
    AnswerFacts,
    Basis,
    EvidenceFacts,
    OnBehalf,
    Report,
    ReportItem,
    ReviewFacts,
)


def overview(report: Report, language: str) -> list[Flowable]:
    """One row an item, grouped by section: what, on what basis and its force, answer, result."""
    names = ("item", "question", "basis", "answer", "review")
    rows: list[list[object]] = [[rich(f"<b>{word(name, language)}</b>", SMALL) for name in names]]
    spans: list[object] = []
    for section in report.sections:
        at = len(rows)
        spans += [("SPAN", (0, at), (-1, at)), ("BACKGROUND", (0, at), (-1, at), PANEL)]
        spans += [("NOSPLIT", (0, at), (-1, at + 1))] if section.items else []
        rows.append([rich(f"<b>{markup(clip(section.title.of(language), 200))}</b>", SMALL)])
        rows += [_row(item, language) for item in section.items]
    widths = [16 * mm, 61 * mm, 51 * mm, 19 * mm, 23 * mm]
    return [*heading(word("overview", language)), grid(rows, widths, extra=spans)]


def details(report: Report, language: str) -> list[Flowable]:
    """Headings stay with the first item under them: an item is kept on one page where it can be."""
    story: list[Flowable] = []
    above: list[Flowable] = [heading_line(word("details", language))]
    for section in report.sections:
        above.append(heading_line(section.title.of(language), 1))
        for item in section.items:
            story.append(KeepTogether([*above, *_item(item, report.zone, language)]))
            above = []
    return [*story, *above]


def evidence_list(report: Report, language: str) -> list[Flowable]:
    """Every version relied on, with what lets its holder prove it is the same."""
    story: list[Flowable] = [
        *heading(word("evidence_list", language)),
        text(word("evidence_intro", language)),
        Spacer(0, 3 * mm),
    ]
    found = [(item.code, each) for item in report.items() for each in item.evidence]
    if not found:
        return [*story, text(word("evidence.none", language))]
    names = ("item", "file", "version", "size", "observed", "expires", "digest")
    rows: list[list[object]] = [[rich(f"<b>{word(name, language)}</b>", SMALL) for name in names]]
    rows += [_evidence_row(code, each, language) for code, each in found]
    return [*story, grid(rows, [17 * mm, 42 * mm, 10 * mm, 17 * mm, 20 * mm, 20 * mm, 44 * mm])]


def _row(item: ReportItem, language: str) -> list[object]:
    basis = item.basis[0].title if item.basis else ""
    more = f" +{len(item.basis) - 1}" if len(item.basis) > 1 else ""
    force = f'<font color="#52616f">{word(f"duty.{item.duty}", language)}</font>'
    answer = word(f"answer.{item.answer.value}" if item.answer else "answer.none", language)
    return [
        rich(markup(clip(item.code, 40)), SMALL),
        text(clip(item.question.of(language), 160), SMALL),
        rich(f"{markup(clip(basis, 60))}{more}<br/>{force}" if basis else force, SMALL),
        text(answer, SMALL),
        rich(_result(item, language), SMALL),
    ]


def _result(item: ReportItem, language: str) -> str:
    result = item.review.result.value if item.review else "open"
    return result_mark(result, word(f"result.{result}", language))


def _item(item: ReportItem, zone: str, language: str) -> list[Flowable]:
    code = f'<font color="#52616f">{markup(clip(item.code, 40))}</font>'
    blocking = (
        f' <font size="7.5" color="#52616f">[{word("blocking", language)}]</font>' if item.blocking else ""
    )
    story: list[Flowable] = [
        HRFlowable("100%", 0.5, color=LINE, spaceBefore=3, spaceAfter=4),
        rich(f"{code} · <b>{markup(clip(item.question.of(language), 600))}</b>{blocking}", TEXT),
        Spacer(0, 1 * mm),
    ]
    story += field(word("basis", language), _basis(item, language), plain=False)
    story += _answer(item.answer, zone, language)
    story += _review(item, item.review, zone, language)
    story += field(word("evidence", language), _evidence(item.evidence, language), plain=False)
    story += refused(item.refusal, language)
    for each in item.findings:
        story += field(word("finding", language), finding_line(each, language))
    story.append(Spacer(0, 2 * mm))
    return story


def _basis(item: ReportItem, language: str) -> str:
    force = f"<b>{word(f'duty.{item.duty}', language)}</b>"
    return "<br/>".join([force, *(_link(each) for each in item.basis)])


def _link(basis: Basis) -> str:
    """Only plain web addresses become links: `javascript:` and files never do."""
    title = markup(clip(basis.title, 200))
    if basis.url.startswith(("https://", "http://")) and not any(c.isspace() for c in basis.url):
        return f'<a href="{markup(clip(basis.url, 500))}" color="#1d4e79">{title}</a>'
    return title


def _answer(answer: AnswerFacts | None, zone: str, language: str) -> list[Flowable]:
    label = word("answer", language)
    if answer is None:
        return [*field(label, word("answer.none", language))]
    value = f"<b>{word(f'answer.{answer.value}', language)}</b>"
    by = f"{answer.by}（{answer.party}）" if language == "ja" else f"{answer.by} ({answer.party})"
    label_of = "transcribed_by" if answer.on_behalf else "answered_by"
    who = f"{word(label_of, language)}: {by} · {moment(answer.at, zone, language)}"
    story: list[Flowable] = [*field(label, value, plain=False)]
    if answer.text:
        story += field("", answer.text)
    lines = _on_behalf(answer.on_behalf, who, zone, language) if answer.on_behalf else [who]
    story += field("", "<br/>".join(_muted(line) for line in lines), plain=False)
    return story


def _on_behalf(entered: OnBehalf, transcribed: str, zone: str, language: str) -> list[str]:
    """Who said it, where it stands, who entered it and who compared it."""
    answerer = " · ".join(filter(None, (entered.answerer, entered.answerer_title)))
    number = f" #{entered.source}" if entered.source else ""
    document = " · ".join(
        filter(None, (entered.way.of(language), entered.document, day(entered.document_date, language)))
    )
    confirmed = " · ".join(
        filter(
            None,
            (
                entered.confirmed_by,
                moment(entered.confirmed_at, zone, language) if entered.confirmed_at else "",
            ),
        )
    )
    return [
        word("on_behalf", language),
        *([f"{word('answered_by', language)}: {answerer}"] if answerer else []),
        f"{word('source', language)}{number}: {document}",
        transcribed,
        f"{word('confirmed_by', language)}: {confirmed}",
    ]


def _review(item: ReportItem, review: ReviewFacts | None, zone: str, language: str) -> list[Flowable]:
    story: list[Flowable] = [*field(word("review", language), _result(item, language), plain=False)]
    if review is None:
        return story
    if review.comment:
        story += field("", review.comment)
    how = ", ".join(word(f"how.{each}", language) for each in review.basis) or "–"
    who = f"{word('reviewed_by', language)}: {review.by} · {moment(review.at, zone, language)}"
    story += field("", _muted(f"{word('how', language)}: {how} · {who}"), plain=False)
    story += grounds(review, language)
    return story


def _muted(content: str) -> str:
    return f'<font size="7.5" color="#52616f">{markup(clip(content, 700))}</font>'


def _evidence(evidence: tuple[EvidenceFacts, ...], language: str) -> str:
    if not evidence:
        return word("evidence.none", language)
    return "<br/>".join(_evidence_line(each, language) for each in evidence)


def _evidence_line(each: EvidenceFacts, language: str) -> str:
    name = markup(clip(each.name, 160))
    if each.handed_over:
        return f'{name} <font size="7.5" color="#52616f">{word("version", language)} {each.version}</font>'
    return f"{name} · <b>{word('not_handed_over', language)}</b><br/>{inspected(each, language)}"


def _evidence_row(code: str, each: EvidenceFacts, language: str) -> list[object]:
    digest = f"{each.sha256[:32]} {each.sha256[32:]}" if each.sha256 else word("not_handed_over", language)
    cells = [
        code,
        clip(f"{each.name} {each.edition}".strip(), 160),
        str(each.version) if each.handed_over else "–",
        _size(each.size),
        each.observed.isoformat() if each.observed else "–",
        each.expires.isoformat() if each.expires else "–",
    ]
    return [*(text(cell, SMALL) for cell in cells), rich(f'<font size="6">{digest}</font>', SMALL)]


def _size(size: int | None) -> str:
    if size is None:
        return "–"
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:,.0f} KiB" if size < 10 * 1024**2 else f"{size / 1024**2:,.0f} MiB"
