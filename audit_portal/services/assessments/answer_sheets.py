"""An assessment out as a workbook and back: the answering party's own items, nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import answer_file, limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.answer_file import Answered, Mark, Marked, answer_sheet, read_mark
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.domain.errors import Conflict, Invalid, NotFound, PortalError
from audit_portal.domain.events.assessments import SheetApplied
from audit_portal.domain.sheets import Book, Cell, Choices, NewBook, NewSheet, Style
from audit_portal.domain.typed_text import clean_text
from audit_portal.services.assessments import (
    answers,
    assessment_view,
    former,
    own_items,
    pending_sheets,
)
from audit_portal.services.assessments.answer_sheet_check import Checked, ItemCheck, Outcome, check
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.former import Former
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.assessments.own_items import OwnItems
from audit_portal.services.assessments.pending_sheets import Pending
from audit_portal.services.assessments.sheets import side_of
from audit_portal.services.house import Context
from audit_portal.storage import contracts, get
from audit_portal.storage.many import change_all
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.contracts import ClauseStandIn


@dataclass(frozen=True)
class FileWords:
    """The texts of the file in its reader's language."""

    language: str
    guide_name: str  # of the first sheet …
    guide: Sequence[tuple[str, str]]  # … and its lines: heading, text
    answers_name: str
    heads: Sequence[str]  # eight
    values: Mapping[AnswerValue, str]
    returned: str  # with %(note)s
    evidence: str  # that a file is needed, too
    wrong_value: str
    too_long: str
    wrong_date: str
    former_head: str  # of the last column, where something was answered before …
    former_guide: tuple[str, str]  # … its line of the first sheet …
    former: Callable[[Former], str]  # … and its cells


@dataclass(frozen=True)
class Applied:
    """Codes of the items that were written, and of those that still wait in the file."""

    taken: tuple[str, ...]
    left: tuple[str, ...]


def place(assessment_id: UUID) -> str:
    return f"answers:{assessment_id}"


def export(ctx: Context, assessment_id: UUID, words: FileWords) -> tuple[str, Iterator[bytes]]:
    """The assessment's number and the file. Raises Conflict('sheet_nothing_open')."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    view = assessment_view.get_assessment(ctx, assessment_id)
    items = tuple(item for item in view.mine if item.editable)
    if not items:
        raise Conflict("sheet_nothing_open")
    sections = {section.code: _in(section.title, words.language) for section in view.sections}
    rows = [_texts(item, sections[item.section], words) for item in items]
    marked = {
        item.code: Marked(item.code, item.version, answer_file.digest(*texts), _answered(item).digest)
        for item, texts in zip(items, rows, strict=True)
    }
    earlier = former.of_items(ctx, view, [item.code for item in items])
    before = {code: words.former(each)[: limits.SHEET_CELL] for code, each in earlier.items()}
    mark = Mark(view.head.id, view.side, words.language, marked)
    mac = ctx.house.keys.mac(mark.message(), answer_file.PURPOSE)
    book = NewBook(
        (
            _guide(view, words, bool(before)),
            _answers(items, rows, words, before),
            NewSheet(answer_file.HIDDEN_SHEET, list(mark.rows(mac)), hidden=True, protected=True),
        ),
        locked_structure=True,
        language=words.language,
    )
    return view.head.number, ctx.house.sheets.write(book)


def _in(both: Mapping[str, str], language: str) -> str:
    return both.get(language) or both["ja"]


def _answered(item: ItemView) -> Answered:
    return Answered(item.value, clean_text(item.comment), clean_text(item.action), item.action_due)


def _texts(item: ItemView, section: str, words: FileWords) -> tuple[str, str, str, str]:
    """What nobody may change: section, code, question, hint."""
    hints = [_in(item.hint, words.language)]
    if item.evidence_needed:
        hints.append(words.evidence)
    if item.returned_note:
        hints.insert(0, words.returned % {"note": item.returned_note})
    return section, item.code, _in(item.question, words.language), "\n".join(each for each in hints if each)


def _guide(view: AssessmentView, words: FileWords, answered_before: bool) -> NewSheet:
    rows: list[list[Cell]] = [[Cell(_in(view.head.title, words.language), Style.TITLE)]]
    told = [*words.guide, *([words.former_guide] if answered_before else [])]
    rows += [[Cell(head, Style.HEAD), Cell(text, Style.WRAPPED)] for head, text in told]
    return NewSheet(words.guide_name, rows, widths=(24, 90), protected=True)


def _answers(
    items: Sequence[ItemView],
    rows: Sequence[tuple[str, ...]],
    words: FileWords,
    before: Mapping[str, str],
) -> NewSheet:
    """`before`: earlier answers by item, to be read beside; nothing in their column is read back in."""
    last = len(items) + 1

    def lines() -> Iterator[list[Cell]]:
        heads = [*words.heads, words.former_head] if before else words.heads
        yield [Cell(head, Style.HEAD) for head in heads]
        for item, texts in zip(items, rows, strict=True):
            value = words.values[item.value] if item.value else ""
            yield [
                *(Cell(text, Style.WRAPPED) for text in texts),
                Cell(value, Style.OPEN_CHOICE),
                Cell(item.comment, Style.OPEN),
                Cell(item.action, Style.OPEN),
                Cell(item.action_due, Style.OPEN_DATE),
                *([Cell(before.get(item.code, ""), Style.WRAPPED)] if before else []),
            ]

    return NewSheet(
        words.answers_name,
        lines(),
        widths=(16, 11, 46, 40, 14, 46, 34, 16, *((46,) if before else ())),
        frozen_rows=1,
        frozen_columns=2,
        protected=True,
        choices=(
            Choices(f"E2:E{last}", tuple(words.values.values()), message=words.wrong_value),
            Choices(f"F2:G{last}", longest=limits.TEXT, message=words.too_long),
            Choices(f"H2:H{last}", message=words.wrong_date),
        ),
    )


def upload(ctx: Context, assessment_id: UUID, name: str, content: bytes) -> None:
    """Takes a file that came back, and keeps it for the preview. Raises Invalid('sheet_…'), NotFound."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    with ctx.read() as tx:
        side = side_of(ctx, get.one(tx, Assessment, assessment_id))
    book = ctx.house.sheets.read(content)
    _believed(ctx, assessment_id, side, book)
    pending_sheets.keep_read(ctx, place(assessment_id), name, content, book)


def preview(ctx: Context, assessment_id: UUID, values: Mapping[str, AnswerValue]) -> Checked | None:
    """What the waiting file would change, item by item; None when none waits."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    found = own_items.load(ctx, assessment_id)
    pending = pending_sheets.held(ctx, place(assessment_id))
    return _checked(ctx, found, pending, values) if pending else None


def apply(
    ctx: Context,
    assessment_id: UUID,
    sha256: str,
    values: Mapping[str, AnswerValue],
    overwrite: frozenset[str],
) -> Applied:
    """Writes what is good, in one transaction; what isn't stays in the file and is shown.

    `overwrite` holds `CODE:version` of items that changed since the file went out and are to be replaced.
    Raises Conflict('sheet_gone').
    """
    require(ctx.actor, Permission.ANSWER_WRITE)
    pending = pending_sheets.the_one_shown(ctx, place(assessment_id), sha256)
    with ctx.begin() as tx:
        found = own_items.held(ctx, tx, assessment_id)
        row, there = found.row, found.answers
        checked = _checked(ctx, found, pending, values)
        instead = contracts.stand_ins(tx, assessment_id) if row.kind is AssessmentKind.CONTRACT else {}
        taken: list[str] = []
        for each in checked.items:
            if each.after is None or not _to_take(each, overwrite):
                continue
            answer = there[each.code]
            try:
                answers.check_writable(ctx, answer, row)
            except (NotFound, Conflict):
                continue
            answers.put(ctx, tx, answer, row, _written(each.after, instead.get(answer.id)))
            taken.append(each.code)
        change_all(tx, Answer, [there[code] for code in taken])
        left = tuple(each.code for each in checked.items if each.waits and each.code not in taken)
        if taken:
            tx.record(
                SheetApplied(
                    engagement_id=row.engagement_id, assessment_id=row.id, sha256=sha256, items=len(taken)
                )
            )
        if not left and not checked.strays:
            pending_sheets.drop(tx, place(assessment_id))
    return Applied(tuple(taken), left)


def _written(after: Answered, kept: ClauseStandIn | None) -> Written:
    """What the file says, beside what it has no column for: that stays."""
    return Written(
        after.value,
        after.comment,
        after.action,
        after.action_due,
        kept.kind if kept else None,
        kept.words if kept else "",
    )


def _to_take(each: ItemCheck, overwrite: frozenset[str]) -> bool:
    if each.outcome is Outcome.CHANGED:
        return True
    return each.outcome is Outcome.STALE and each.key in overwrite


def _checked(ctx: Context, found: OwnItems, pending: Pending, values: Mapping[str, AnswerValue]) -> Checked:
    mark = _believed(ctx, found.row.id, found.side, pending.book)
    return check(found.items, mark, answer_sheet(pending.book, mark), values, pending)


def _believed(ctx: Context, assessment_id: UUID, side: AnsweredBy, book: Book) -> Mark:
    """The file's mark, once it is known to be ours and of this assessment and side."""
    mark, mac = read_mark(book)
    if not hmac.compare_digest(ctx.house.keys.mac(mark.message(), answer_file.PURPOSE), mac):
        raise Invalid("sheet_mark_wrong", "file")
    if mark.assessment_id != assessment_id:
        raise Invalid("sheet_other_assessment", "file", number=_number(ctx, mark.assessment_id))
    if mark.side is not side:
        raise Invalid("sheet_other_side", "file")
    return mark


def _number(ctx: Context, assessment_id: UUID) -> str:
    """The number of the assessment the file is of; of one out of reach nothing is told."""
    try:
        return assessment_view.get_assessment(ctx, assessment_id).head.number
    except PortalError:
        return "–"


__all__ = [
    "Applied",
    "Checked",
    "FileWords",
    "ItemCheck",
    "Outcome",
    "apply",
    "export",
    "place",
    "preview",
    "upload",
]
