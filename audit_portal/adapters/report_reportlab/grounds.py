"""Beside an answer: grounds of the conclusion, inspections, refusals; and the parts on findings and score."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from audit_portal.adapters.report_reportlab.fonts import clip, markup
from audit_portal.adapters.report_reportlab.parts import NOTE, SMALL, WIDTH, field, grid, heading, rich, text
from audit_portal.adapters.report_reportlab.texts import word
from audit_portal.adapters.report_reportlab.times import day
from audit_portal.domain.report import EvidenceFacts, FindingFacts, RefusalFacts, Report, ReviewFacts


def grounds(review: ReviewFacts, language: str) -> list[Flowable]:
    """What the reviewer said of a sample, or of a third party's report."""
    story: list[Flowable] = []
    if sample := review.sample:
        count = word("sample.count", language, f"{sample.population:,}", f"{sample.size:,}")
        chosen = f"{word('sample.choice', language)}: {sample.choice}"
        story += field(word("sample", language), f"{count} · {chosen}")
    if source := review.source:
        period = f"{day(source.period_from, language)} – {day(source.period_to, language)}"
        lines = [
            source.title,
            f"{word('source.scope', language)}: {source.scope}",
            f"{word('source.period', language)}: {period}",
            f"{word('source.exceptions', language)}: {source.exceptions}",
        ]
        story += field(word("source.report", language), "\n".join(lines))
    return story


def inspected(each: EvidenceFacts, language: str) -> str:
    """Who looked, where, how and when, and what was seen."""
    means = word(f"means.{each.means}", language) if each.means else ""
    on = day(each.observed, language) if each.observed else ""
    facts = " · ".join(filter(None, (each.edition, each.inspected_at, means, on)))
    who = f"{word('inspected', language)}: {each.inspected_by}"
    lines = [facts, who, f"{word('seen', language)}: {each.seen}" if each.seen else ""]
    return "<br/>".join(
        f'<font size="7.5" color="#52616f">{markup(clip(line, 700))}</font>' for line in lines if line
    )


def refused(refusal: RefusalFacts | None, language: str) -> list[Flowable]:
    if refusal is None:
        return []
    state = word("refusal.resolved" if refusal.resolved else "refusal.open", language)
    offer = f"{word('offer', language)}: {word(f'offer.{refusal.offer}', language)}"
    lines = [state, refusal.reason, " · ".join(filter(None, (offer, refusal.words)))]
    return field(word("refusal", language), "\n".join(lines))


def finding_line(each: FindingFacts, language: str) -> str:
    severity = f"{word('severity', language)}: {word(f'severity.{each.severity}', language)}"
    due = f"{word('due', language)}: {day(each.due, language)}"
    return f"{each.number} · {severity} · {due}\n{each.what}"


def findings_part(report: Report, language: str) -> list[Flowable]:
    """All findings as a table."""
    story: list[Flowable] = heading(word("findings", language))
    found = [(item.code, each) for item in report.items() for each in item.findings]
    if not found:
        return [*story, text(word("findings.none", language))]
    names = ("number", "item", "severity", "what", "due")
    rows: list[list[object]] = [[rich(f"<b>{word(name, language)}</b>", SMALL) for name in names]]
    for code, each in found:
        cells = (
            each.number,
            code,
            word(f"severity.{each.severity}", language),
            clip(each.what, 400),
            day(each.due, language),
        )
        rows.append([text(cell, SMALL) for cell in cells])
    return [*story, grid(rows, [26 * mm, 17 * mm, 14 * mm, WIDTH - 83 * mm, 26 * mm])]


def score_part(report: Report, language: str) -> list[Flowable]:
    """The score of all, and by section, with what it means and doesn't."""
    rows: list[list[object]] = [
        [rich(f"<b>{word(name, language)}</b>", SMALL) for name in ("score.section", "score")]
    ]
    for section in report.sections:
        title = clip(section.title.of(language), 200)
        rows.append([text(title, SMALL), text(_percent(section.score, language), SMALL)])
    return [
        *heading(word("score", language)),
        text(_percent(report.score, language)),
        text(word("score.note", language), NOTE),
        Spacer(0, 2 * mm),
        grid(rows, [WIDTH - 50 * mm, 50 * mm]),
    ]


def _percent(score: int | None, language: str) -> str:
    return word("score.none", language) if score is None else f"{score} %"
