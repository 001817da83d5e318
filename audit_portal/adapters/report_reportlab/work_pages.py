"""The work beyond the first page: contracts, and what was brought in while it ran."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from audit_portal.adapters.report_reportlab.fonts import clip, markup
from audit_portal.adapters.report_reportlab.parts import NOTE, SMALL, WIDTH, field, grid, heading, rich, text
from audit_portal.adapters.report_reportlab.texts import word
from audit_portal.adapters.report_reportlab.times import day, moment
from audit_portal.domain.report import BroughtInFacts, ContractFacts, GateLineFacts, PortalItem, Report


def work_part(report: Report, language: str) -> list[Flowable]:
    return [
        *_contracts(report.contracts, language),
        *_brought_in(report.brought_in, report.zone, language),
    ]


def portal_items(report: Report, language: str) -> list[Flowable]:
    """Items that nobody is asked, with the record that answers them."""
    if not report.portal_items:
        return []
    rows = [_head(("item", "question", "answer", "portal_items.how"), language)]
    rows += [_portal_item(each, language) for each in report.portal_items]
    return [
        *heading(word("portal_items", language)),
        grid(rows, [17 * mm, 73 * mm, 20 * mm, WIDTH - 110 * mm]),
    ]


def _portal_item(each: PortalItem, language: str) -> list[object]:
    cells = (
        each.code,
        each.question.of(language),
        word(f"answer.{each.value}", language),
        each.how.of(language),
    )
    return [text(clip(cell, 400), SMALL) for cell in cells]


def _contracts(contracts: tuple[ContractFacts, ...], language: str) -> list[Flowable]:
    if not contracts:
        return []
    names = ("contract", "contract.term", "contract.notice", "contract.reentrustment", "contract.standing")
    rows = [_head(names, language), *(_contract(each, language) for each in contracts)]
    widths = [54 * mm, 42 * mm, 26 * mm, 30 * mm, WIDTH - 152 * mm]
    return [*heading(word("contracts", language)), grid(rows, widths)]


def _contract(each: ContractFacts, language: str) -> list[object]:
    kind = f'<font color="#52616f">{markup(clip(each.number, 60))} · {word(f"contract.{each.kind}", language)}</font>'
    end = day(each.end, language) if each.end else word("contract.open", language)
    concluded = (
        word("contract.concluded", language, day(each.concluded, language))
        if each.concluded
        else word("contract.not_dated", language)
    )
    re = word(f"reentrustment.{each.reentrustment}" if each.reentrustment else "contract.unsaid", language)
    return [
        rich(f"{markup(clip(each.title, 200))}<br/>{kind}", SMALL),
        rich(f"{day(each.starts, language)} –<br/>{end}<br/>{concluded}", SMALL),
        text(day(each.notice_by, language) if each.notice_by else "–", SMALL),
        text(re, SMALL),
        text(word(f"standing.{each.standing}", language), SMALL),
    ]


def _brought_in(found: BroughtInFacts | None, zone: str, language: str) -> list[Flowable]:
    if found is None:
        return []
    rows = [_head(("brought_in.gate", "contract.standing"), language)]
    rows += [_gate(each, language) for each in found.gates]
    return [
        *heading(word("brought_in", language)),
        text(word("brought_in.note", language), NOTE),
        Spacer(0, 2 * mm),
        *field(word("brought_in.since", language), day(found.runs_since, language)),
        *field(
            word("brought_in.entered", language),
            f"{moment(found.entered_at, zone, language)} · {found.entered_by}",
        ),
        *field(word("basis", language), found.basis),
        Spacer(0, 2 * mm),
        grid(rows, [60 * mm, WIDTH - 60 * mm]),
    ]


def _gate(each: GateLineFacts, language: str) -> list[object]:
    if each.decision and each.decided_on:
        state = word("brought_in.shown", language, each.decision, day(each.decided_on, language))
    elif each.shown:
        state = word("brought_in.shown_there", language)
    else:
        until = word("brought_in.until", language, day(each.catch_up_on, language))
        state = f"{word('brought_in.unshown', language)} · {until}"
    return [text(word(f"gate.{each.gate}", language), SMALL), text(state, SMALL)]


def _head(names: tuple[str, ...], language: str) -> list[object]:
    return [rich(f"<b>{word(name, language)}</b>", SMALL) for name in names]
