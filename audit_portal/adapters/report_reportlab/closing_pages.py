"""What stands at the end: what was not checked, the ledger checkpoint, and the signatures."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table

from audit_portal.adapters.report_reportlab.fonts import REGULAR, clip, markup
from audit_portal.adapters.report_reportlab.parts import (
    LINE,
    NOTE,
    SMALL,
    TEXT,
    WIDTH,
    SignatureBox,
    grid,
    heading,
    rich,
    text,
)
from audit_portal.adapters.report_reportlab.texts import word
from audit_portal.domain.report import LedgerFacts, NotChecked, PlannedSigner, Report

BOX_HEIGHT = 24 * mm


def not_checked(report: Report, language: str) -> list[Flowable]:
    story: list[Flowable] = heading(word("not_checked", language))
    if not report.not_checked:
        return [*story, text(word("not_checked.none", language))]
    rows: list[list[object]] = [
        [rich(f"<b>{word(name, language)}</b>", SMALL) for name in ("question", "reason")],
        *(_gap(each, language) for each in report.not_checked),
    ]
    return [*story, grid(rows, [80 * mm, WIDTH - 80 * mm])]


def ledger_part(ledger: LedgerFacts | None, language: str) -> list[Flowable]:
    if ledger is None:
        return []
    lines = "<br/>".join(markup(clip(line, 200)) for line in ledger.checkpoint.splitlines()[:12])
    block = [
        *heading(word("ledger", language)),
        text(word("ledger_intro", language, len(ledger.proofs))),
        Spacer(0, 2 * mm),
        rich(lines, SMALL),
    ]
    return [KeepTogether(block)]


def signature_part(report: Report, language: str) -> tuple[list[Flowable], list[SignatureBox]]:
    """The meaning of the signatures and the empty boxes, kept on one page."""
    boxes = [SignatureBox(each.field, 82 * mm, BOX_HEIGHT) for each in report.signers]
    columns = [_column(each, box, language) for each, box in zip(report.signers, boxes, strict=True)]
    meaning = [
        rich(f"・{word(f'meaning.{name}', language)}", TEXT)
        for name in ("auditor", "officer", "key", "stamp", "limit")
    ]
    signing: list[Flowable] = []
    if columns:
        table = Table([columns], [85 * mm] * len(columns), hAlign="LEFT", style=_plain())
        signing = [Spacer(0, 4 * mm), table]
    notes = [text(word(name, language), NOTE) for name in ("manifest_note", "contents_clipped")]
    block: list[Flowable] = [
        *heading(word("signatures", language)),
        text(word("meaning", language), NOTE),
        *meaning,
        *signing,
        Spacer(0, 3 * mm),
        *notes,
    ]
    return [CondPageBreak(130 * mm), KeepTogether(block)], boxes


def _gap(each: NotChecked, language: str) -> list[object]:
    return [text(clip(each.what.of(language), 1600), SMALL), text(clip(each.reason.of(language), 600), SMALL)]


def _column(signer: PlannedSigner, box: SignatureBox, language: str) -> list[Flowable]:
    role = signer.role.of(language)
    planned = [text(clip(f"{word('planned', language)}: {signer.name}", 160), NOTE)] if signer.name else []
    return [
        rich(f"<b>{markup(clip(word('signature_of', language, role), 120))}</b>", TEXT),
        *planned,
        Spacer(0, 1.5 * mm),
        box,
    ]


def _plain() -> list[object]:
    return [
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("LINEABOVE", (0, 0), (-1, 0), 0.4, LINE),
    ]
