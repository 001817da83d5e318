"""Sources of transcribed answers, and the controls that a provider leaves to its user."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from audit_portal.adapters.report_reportlab.fonts import clip, markup
from audit_portal.adapters.report_reportlab.parts import SMALL, WIDTH, grid, heading, rich, text
from audit_portal.adapters.report_reportlab.texts import word
from audit_portal.adapters.report_reportlab.times import moment
from audit_portal.domain.report import Report, SourceRecord, UserControlFacts


def behalf_part(report: Report, language: str) -> list[Flowable]:
    """Nothing for a report whose answers all came from those who were asked."""
    story: list[Flowable] = []
    if report.sources:
        head = _head(("source.number", "source.document", "source.dated", "source.facts"), language)
        rows = [head, *(_source(each, language) for each in report.sources)]
        widths = [12 * mm, 58 * mm, 24 * mm, WIDTH - 94 * mm]
        story += _table("sources", rows, widths, language)
    if report.user_controls:
        head = _head(("control", "source.number", "control.status"), language)
        rows = [
            head,
            *(_control(each, report.zone, language) for each in report.user_controls),
        ]
        widths = [82 * mm, 12 * mm, WIDTH - 94 * mm]
        story += _table("controls", rows, widths, language)
    return story


def _table(name: str, rows: list[list[object]], widths: list[float], language: str) -> list[Flowable]:
    return [
        *heading(word(name, language)),
        text(word(f"{name}_intro", language)),
        Spacer(0, 2 * mm),
        grid(rows, widths),
    ]


def _head(names: Sequence[str], language: str) -> list[object]:
    return [rich(f"<b>{word(name, language)}</b>", SMALL) for name in names]


def _source(each: SourceRecord, language: str) -> list[object]:
    digest = f'<br/><font size="6">{each.sha256[:32]} {each.sha256[32:]}</font>' if each.sha256 else ""
    document = f"{markup(each.kind.of(language))}<br/>{markup(clip(each.document, 160))}{digest}"
    old = f"<br/><b>{word('source.stale', language)}</b>" if each.stale else ""
    facts = (f"{markup(one.name.of(language))}: {markup(clip(one.text, 400))}" for one in each.facts)
    return [
        text(f"#{each.number}", SMALL),
        rich(document, SMALL),
        rich(f"{each.dated_on.isoformat()}{old}", SMALL),
        rich("<br/>".join(facts), SMALL),
    ]


def _control(each: UserControlFacts, zone: str, language: str) -> list[object]:
    lines = [f"<b>{word(f'control.{each.status}', language)}</b>"]
    lines[0] += f" ({each.due.isoformat()})" if each.due else ""
    lines += [markup(clip(each.note, 400))] if each.note else []
    if each.by and each.at:
        lines.append(f"{markup(clip(each.by, 100))} · {moment(each.at, zone, language)}")
    return [
        text(clip(each.text, 500), SMALL),
        text(f"#{each.source}", SMALL),
        rich("<br/>".join(lines), SMALL),
    ]
