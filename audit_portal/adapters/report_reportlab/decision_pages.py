"""Decisions: outcome, by whom and why; what was accepted for a time, and on what conditions."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from audit_portal.adapters.report_reportlab.parts import LEAD, NOTE, field, heading, text
from audit_portal.adapters.report_reportlab.texts import word
from audit_portal.adapters.report_reportlab.times import day, moment
from audit_portal.domain.report import AcceptedBlocker, DecisionFacts, Report


def decision_pages(report: Report, language: str) -> list[Flowable]:
    """The decision on the check, and the one on releasing data that stands on it."""
    story = decision_part(report.decision, report.zone, language)
    if report.release is not None:
        story += decision_part(report.release, report.zone, language)
    return story


def decision_part(decision: DecisionFacts | None, zone: str, language: str) -> list[Flowable]:
    """Outcome, by whom and why; each accepted shortfall with reason, measure and expiry."""
    name = word("decision", language)
    if decision is not None and decision.gate:
        name = f"{name} · {word(f'gate.{decision.gate}', language)}"
    story: list[Flowable] = heading(name)
    if decision is None:
        return [*story, text(word("decision.none", language))]
    story.append(text(word(f"decision.{decision.outcome}", language), LEAD))
    if decision.number:
        story += field(word("number", language), decision.number)
    story += field(
        word("decided_by", language), "、".join(decision.by) if language == "ja" else ", ".join(decision.by)
    )
    story += field(word("decided_at", language), moment(decision.at, zone, language))
    story += field(word("reason", language), decision.reason)
    story += _conditions(decision, language)
    if not decision.accepted:
        return story
    story += [
        *heading(word("accepted", language), 1),
        text(word("accepted_note", language), NOTE),
        Spacer(0, 3),
    ]
    for each in decision.accepted:
        story += _accepted(each, language)
    return story


def _accepted(each: AcceptedBlocker, language: str) -> list[Flowable]:
    story: list[Flowable] = [CondPageBreak(40 * mm), text(each.what.of(language))]
    force = [word(f"duty.{each.duty}", language)] if each.duty else []
    story += field(word("basis", language), "\n".join([*force, *([each.basis] if each.basis else [])]) or "–")
    story += field(word("reason", language), each.reason)
    story += field(word("measure", language), each.measure)
    until = day(each.until, language)
    if each.renewed_until:
        until = f"{until}\n{word('accepted.renewed', language, day(each.renewed_until, language))}"
    if each.settled:
        until = f"{until}\n{word('accepted.settled', language, day(each.settled, language))}"
    story += field(word("until", language), until)
    story.append(Spacer(0, 3 * mm))
    return story


def _conditions(decision: DecisionFacts, language: str) -> list[Flowable]:
    """What the approval depends on: who does what by when, and whether it was confirmed."""
    story: list[Flowable] = heading(word("conditions", language), 1) if decision.conditions else []
    for each in decision.conditions:
        story.append(CondPageBreak(28 * mm))
        story.append(text(each.what))
        story += field(word("condition.who", language), each.who)
        story += field(word("until", language), day(each.due, language))
        if each.before_release:
            story.append(text(word("condition.before_release", language), NOTE))
        done = day(each.confirmed, language) if each.confirmed else word("condition.open", language)
        story += field(word("condition.confirmed", language), done)
        story.append(Spacer(0, 3 * mm))
    return story
