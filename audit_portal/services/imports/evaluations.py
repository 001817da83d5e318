"""Evaluations made before the portal was used, from a table: history of an engagement, never ground for a gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.events.imports import EvaluationBroughtIn
from audit_portal.domain.imports import Flaw, Line, Table
from audit_portal.domain.imports.words import EVALUATION_KINDS, chosen
from audit_portal.domain.sheets import day
from audit_portal.services.house import Context
from audit_portal.services.imports.seen import Outcome, SeenRow
from audit_portal.services.imports.work_finder import Named, WorkFinder, named
from audit_portal.services.people import then
from audit_portal.storage import brought_in
from audit_portal.storage.brought_in import Work
from audit_portal.storage.many import add_all
from audit_portal.storage.tables.brought_in import BroughtEvaluation
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class EvaluationFacts:
    kind: AssessmentKind
    evaluated_on: date
    result: str
    evaluator: str
    record_place: str


@dataclass(frozen=True)
class EvaluationLine:
    number: int
    work: Named
    facts: EvaluationFacts | None  # None: a cell is flawed


@dataclass(frozen=True)
class Found:
    line: EvaluationLine
    work: Work | None
    there: BroughtEvaluation | None = None


def read(table: Table, today: date) -> tuple[tuple[EvaluationLine, ...], tuple[Flaw, ...]]:
    lines: list[EvaluationLine] = []
    flaws: list[Flaw] = []
    for row in table.rows:
        line = Line(table, row)
        lines.append(EvaluationLine(row.number, named(line), _facts(line, today)))
        flaws += line.flaws
    return tuple(lines), tuple(flaws)


def _facts(line: Line, today: date) -> EvaluationFacts | None:
    kind = line.parsed("kind", partial(chosen, EVALUATION_KINDS), None)
    evaluated_on: date | None = line.parsed("evaluated_on", day, None)
    words = [line.text(name) for name in ("result", "evaluator", "record_place")]
    if evaluated_on and evaluated_on > today:
        line.refuse("evaluated_on", "import_not_evaluated_yet")
    if kind is None or evaluated_on is None or not all(words):
        return None
    return EvaluationFacts(kind, evaluated_on, *words)


def find(tx: Transaction, table: Table, lines: tuple[EvaluationLine, ...]) -> tuple[list[Found], list[Flaw]]:
    """Each line with its engagement, and the evaluation of that kind and day, if it is there already."""
    works = WorkFinder(tx, [line.work for line in lines])
    rows = {row.number: row for row in table.rows}
    told = {line.number: Line(table, rows[line.number]) for line in lines}
    chosen = [(line, works.of(line.work, told[line.number])) for line in lines]
    there = {
        (row.engagement_id, row.kind, row.evaluated_on): row
        for row in brought_in.evaluations_of(tx, (work.id for _, work in chosen if work))
    }
    once: dict[tuple[UUID, AssessmentKind, date], int] = {}
    found: list[Found] = []
    for line, work in chosen:
        if work is None or line.facts is None:
            found.append(Found(line, work))
            continue
        key = (work.id, line.facts.kind, line.facts.evaluated_on)
        first = once.setdefault(key, line.number)
        if first != line.number:
            told[line.number].refuse("evaluated_on", "import_row_twice", row=first)
        found.append(Found(line, work, there.get(key)))
    return found, [flaw for each in told.values() for flaw in each.flaws]


def seen(found: Found) -> SeenRow:
    facts, work = found.line.facts, found.work
    title = f"{work.number} {work.title}" if work else ""
    if facts is None:
        return SeenRow(found.line.number, title, "", Outcome.NEW)
    note = f"{facts.evaluated_on.isoformat()} · {facts.result}"
    if found.there is None:
        return SeenRow(found.line.number, title, note, Outcome.NEW)
    same = _of(found.there) == facts
    return SeenRow(found.line.number, title, note, Outcome.SAME if same else Outcome.KEPT)


def _of(row: BroughtEvaluation) -> EvaluationFacts:
    return EvaluationFacts(row.kind, row.evaluated_on, row.result, row.evaluator, row.record_place)


def write(ctx: Context, tx: Transaction, found: list[Found], run_id: UUID) -> None:
    """Writes the evaluations that aren't there yet; one that is stays as it was brought in."""
    fresh: list[tuple[UUID, UUID, EvaluationFacts]] = []
    for each in found:
        facts, work = each.line.facts, each.work
        if facts is None or work is None:
            raise ValueError("a row with a flaw")  # nothing is written then
        if each.there is None:
            fresh.append((uuid7(), work.id, facts))
    add_all(
        tx,
        BroughtEvaluation,
        [
            {
                "id": id,
                "engagement_id": work_id,
                "run_id": run_id,
                **vars(facts),
                "entered_at": tx.now,
                "entered_by": ctx.actor.person,
            }
            for id, work_id, facts in fresh
        ],
    )
    for id, work_id, facts in fresh:
        tx.record(
            EvaluationBroughtIn(
                engagement_id=work_id,
                run_id=run_id,
                evaluation_id=id,
                kind=facts.kind.value,
                evaluated_on=facts.evaluated_on,
            )
        )


@dataclass(frozen=True)
class EvaluationView:
    """When it happened and when it was entered stay apart."""

    facts: EvaluationFacts
    entered_at: datetime
    entered_by: str


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[EvaluationView, ...]:
    """What was brought in, the newest evaluation first."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        rows = brought_in.evaluations_of(tx, (engagement_id,))
    if not rows:
        return ()
    people = then(ctx, {row.entered_by for row in rows})
    return tuple(
        EvaluationView(_of(row), row.entered_at, people.name(row.entered_by, row.entered_at)) for row in rows
    )
