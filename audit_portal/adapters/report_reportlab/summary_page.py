"""The first page: what was assessed, of whom, with what conclusion and on what decision."""

from __future__ import annotations

from babel import Locale
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from audit_portal.adapters.report_reportlab.fonts import REGULAR, clip, markup, visible
from audit_portal.adapters.report_reportlab.parts import (
    ACCENT,
    LEAD,
    LINE,
    MUTED,
    NOTE,
    PANEL,
    RESULT_COLOURS,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    ResultBar,
    grid,
    heading,
    rich,
    text,
)
from audit_portal.adapters.report_reportlab.texts import word
from audit_portal.adapters.report_reportlab.times import moment
from audit_portal.domain.report import EngagementFacts, PartyFacts, Report, result_counts

_CLIP = 400
_MOST = 5  # recipients on the first page, as a row stays on one page; the manifest has them all
_CONCLUSION_COLOURS = {
    "satisfied": RESULT_COLOURS["conforms"],
    "conditional": RESULT_COLOURS["partly"],
    "not_satisfied": RESULT_COLOURS["not"],
    "open": MUTED,
}


def summary_page(report: Report, language: str) -> list[Flowable]:
    counts = result_counts(report)
    labels = {result: word(f"result.{result}", language) for result in counts}
    total = word("items", language, sum(counts.values()))
    return [
        text(report.title.of(language), TITLE),
        _byline(report, language),
        Spacer(0, 5 * mm),
        _conclusion(report, language),
        *heading(
            f"{word('counts', language)}（{total}）"
            if language == "ja"
            else f"{word('counts', language)} ({total})"
        ),
        ResultBar(counts, labels),
        *heading(word("who_and_what", language)),
        _facts(report, language),
    ]


def _byline(report: Report, language: str) -> Flowable:
    kind = word(f"kind.{report.kind}", language)
    number, at = word("report_number", language), moment(report.generated_at, report.zone, language)
    return text(f"{kind} · {number} {report.number} · {word('generated', language)} {at}", NOTE)


def _conclusion(report: Report, language: str) -> Flowable:
    inside: list[Flowable] = [
        text(word("conclusion", language), NOTE),
        text(word(f"conclusion.{report.summary.conclusion}", language), LEAD),
    ]
    reasons = [word(f"depends.{each}", language) for each in report.summary.depends_on]
    if reasons:
        inside += [Spacer(0, 1.5 * mm), *(rich(f"・{each}", TEXT) for each in reasons)]
    if report.summary.remarks:
        inside += [Spacer(0, 1.5 * mm), text(clip(report.summary.remarks, 900), TEXT)]
    colour = _CONCLUSION_COLOURS[report.summary.conclusion]
    return Table(
        [["", inside]],
        [2 * mm, WIDTH - 2 * mm],
        hAlign="LEFT",
        style=[
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("BACKGROUND", (0, 0), (0, 0), colour),
            ("BACKGROUND", (1, 0), (1, 0), PANEL),
            ("LEFTPADDING", (1, 0), (1, 0), 5 * mm),
            ("TOPPADDING", (0, 0), (-1, -1), 3 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4 * mm),
        ],
    )


def _facts(report: Report, language: str) -> Flowable:
    engagement = report.engagement
    tier = f"tier.{engagement.tier}" if engagement.tier <= 3 else "tier.n"
    number = (str(engagement.tier),) if engagement.tier > 3 else ()
    rows = [
        ("client", _party(report.client, language)),
        ("principal", _party(report.principal, language) if report.principal else ""),
        ("vendor", _party(report.vendor, language)),
        ("engagement", markup(clip(f"{engagement.number} · {engagement.title}", _CLIP))),
        ("tier", word(tier, language, *number)),
        ("risk", word(f"risk.{engagement.risk}", language)),
        ("class", _class(engagement, language)),
        ("purpose", markup(clip(engagement.purpose, _CLIP))),
        (
            "data",
            markup(clip(_join([each.of(language) for each in engagement.data_categories], language), _CLIP)),
        ),
        ("data_kinds", _join([word(f"data.{each}", language) for each in engagement.data_kinds], language)),
        ("persons", _persons(engagement.persons, language)),
        ("special_care", _said("said", engagement.special_care, language)),
        ("my_number", _said("said", engagement.my_number, language)),
        ("places", markup(clip(_join(engagement.places, language), _CLIP))),
        (
            "countries",
            markup(clip(_join([country(c, language) for c in engagement.countries], language), _CLIP)),
        ),
        ("abroad", _said("abroad", engagement.handled_abroad, language)),
        ("recipients", _recipients(engagement, language)),
        ("as_of", _as_of(report, language)),
        ("checklist", _checklist(report, language)),
    ]
    cells = [[text(word(key, language), NOTE), rich(value)] for key, value in rows if value]
    return grid(
        cells,
        [38 * mm, WIDTH - 38 * mm],
        head=False,
        extra=[("LINEABOVE", (0, 0), (-1, 0), 0.8, ACCENT), ("LINEBELOW", (0, -1), (-1, -1), 0.8, LINE)],
    )


def _party(party: PartyFacts, language: str) -> str:
    more = [party.number, party.address]
    if party.corporate_number:
        more.append(f"{word('corporate_number', language)} {party.corporate_number}")
    name = f"<b>{markup(clip(party.name, 200))}</b>"
    rest = markup(clip(" · ".join(each for each in more if each), _CLIP))
    return f'{name}<br/><font size="{SMALL.fontSize}">{rest}</font>' if rest else name


def _class(engagement: EngagementFacts, language: str) -> str:
    if not engagement.classification:
        return ""
    said = word(f"class.{engagement.classification}", language)
    reason = markup(clip(engagement.classification_reason, _CLIP))
    return f'{said}<br/><font size="{SMALL.fontSize}">{reason}</font>' if reason else said


def _said(key: str, value: bool | None, language: str) -> str:
    return "" if value is None else word(f"{key}.{value}", language)


def _recipients(engagement: EngagementFacts, language: str) -> str:
    """Third parties abroad, each with its Article 28 route; or why there are none."""
    if engagement.no_recipient_why and not engagement.recipients:
        return markup(word("recipients.none", language, clip(engagement.no_recipient_why, _CLIP)))
    lines = (
        f"{clip(visible(each.who), 100)} · {country(each.country, language)} · "
        f"{word(f'route.{each.route}', language)} · {clip(visible(each.rests_on), 160)}"
        for each in engagement.recipients[:_MOST]
    )
    more = "<br/>…" if len(engagement.recipients) > _MOST else ""
    return "<br/>".join(markup(each) for each in lines) + more


def _as_of(report: Report, language: str) -> str:
    at = report.engagement.as_of
    if at is None:
        return word("as_of.report", language)
    return word("as_of.decision", language, moment(at, report.zone, language))


def country(code: str, language: str) -> str:
    """Its name; a code that names none stays as it is."""
    return str(Locale(language).territories.get(code, code))


def _persons(count: int | None, language: str) -> str:
    return "" if count is None else word("persons.count", language, f"{count:,}")


def _checklist(report: Report, language: str) -> str:
    checklist = report.checklist
    name = markup(clip(checklist.title.of(language), 200))
    version = f"{word('version', language)} {markup(clip(checklist.version, 60))}"
    return f'{name} · {version}<br/><font size="6.5">SHA-256 {checklist.sha256}</font>'


def _join(parts: list[str] | tuple[str, ...], language: str) -> str:
    return ("、" if language == "ja" else ", ").join(parts)
