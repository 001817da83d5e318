"""Contracts from a table: each row read, its engagement found, the contract told from those that are there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID

from audit_portal.domain.contracts import ContractKind, DocumentForm
from audit_portal.domain.errors import Invalid
from audit_portal.domain.imports import Flaw, Line, Table
from audit_portal.domain.imports.periods import notice_by_day, notice_period, renewal_months
from audit_portal.domain.imports.words import CONTRACT_KINDS, ORIGINALS, REENTRUSTMENTS, chosen
from audit_portal.domain.sheets import day, match_key, plain_words
from audit_portal.services.contracts import entering
from audit_portal.services.contracts.contracts import ContractFacts, check, terms_of
from audit_portal.services.contracts.entering import Entry, Original
from audit_portal.services.house import Context
from audit_portal.services.imports.seen import Match, Outcome, SeenRow
from audit_portal.services.imports.work_finder import Named, WorkFinder, named
from audit_portal.storage import brought_in
from audit_portal.storage.brought_in import Work
from audit_portal.storage.tables.contracts import Contract
from audit_portal.storage.transaction import Transaction

T = TypeVar("T")
# The field of a contract's rule → the column in which it is mended.
_CELLS = {"renewal_months": "renewal", "notice_months": "notice", "parent": "kind"}


@dataclass(frozen=True)
class ContractLine:
    number: int
    work: Named
    facts: ContractFacts | None  # None: a cell is flawed
    original: Original | None


@dataclass(frozen=True)
class Found:
    """A line beside the register, and beside the rows above it."""

    line: ContractLine
    work: Work | None
    there: Contract | None = None  # the contract that is registered already …
    tied: bool = False  # … and serves, or served, this engagement
    first: ContractLine | None = None  # the row above with the same contract, for another engagement


def read(ctx: Context, table: Table) -> tuple[tuple[ContractLine, ...], tuple[Flaw, ...]]:
    lines: list[ContractLine] = []
    flaws: list[Flaw] = []
    for row in table.rows:
        line = Line(table, row)
        work, facts, original = named(line), _facts(line), _original(line)
        if facts is not None:
            _check(ctx, line, facts)
        flaws += line.flaws
        lines.append(ContractLine(row.number, work, None if line.flaws else facts, original))
    return tuple(lines), tuple(flaws)


def _facts(line: Line) -> ContractFacts | None:
    kind = line.parsed("kind", partial(chosen, CONTRACT_KINDS), None)
    title, reference = line.text("title"), line.text("reference_number")
    concluded_on: date | None = line.parsed("concluded_on", day, None)
    starts_on: date | None = line.parsed("starts_on", day, None)
    ends_on: date | None = line.parsed("ends_on", day, None)
    renewal = line.parsed("renewal", renewal_months, None)
    months, days = _notice(line, ends_on)
    reentrustment = line.parsed("reentrustment", partial(chosen, REENTRUSTMENTS), None)
    if kind is None or starts_on is None or not title:
        return None
    return ContractFacts(
        kind,
        title,
        starts_on,
        ends_on,
        concluded_on,
        reference,
        renewal_months=renewal,
        notice_months=months,
        notice_days=days,
        reentrustment=reentrustment,
    )


def _notice(line: Line, ends_on: date | None) -> tuple[int, int]:
    """By its period or by its last day; where both are given they have to agree."""
    period = line.parsed("notice", notice_period, (0, 0))
    last: date | None = line.parsed("notice_until", day, None)
    if last is None:
        return period
    if ends_on is None:
        line.refuse("notice_until", "notice_needs_end")
        return period
    try:
        by_day = notice_by_day(ends_on, last)
        if any(period) and notice_by_day(ends_on, last) != period:
            raise Invalid("import_notice_differs")
    except Invalid as wrong:
        line.refuse("notice_until", wrong.code)
        return period
    return by_day


def _original(line: Line) -> Original | None:
    form: DocumentForm | None = line.parsed("original", partial(chosen, ORIGINALS), None)
    place = line.text("original_place")
    if form is DocumentForm.PAPER and not place:
        line.refuse("original_place", "original_place_needed")
    if form is None and place:
        line.refuse("original", "import_original_needed")
    return Original(form, place) if form else None


def _check(ctx: Context, line: Line, facts: ContractFacts) -> None:
    if facts.kind is ContractKind.AMENDMENT:
        line.refuse("kind", "import_amendment")
        return
    try:
        check(ctx, facts)
    except Invalid as wrong:
        name = wrong.field or "title"
        line.refuse(_CELLS.get(name, name), wrong.code, **wrong.facts)


class _Known(Generic[T]):
    """Tells the same contract again: by the paper's own number, else by its title and first day."""

    def __init__(self) -> None:
        self._by_reference: dict[tuple[object, ...], T] = {}
        self._by_title: dict[tuple[object, ...], tuple[str, T]] = {}

    def add(self, facts: ContractFacts | Contract, parties: tuple[UUID, UUID], value: T) -> None:
        reference = plain_words(facts.reference_number)
        if reference:
            self._by_reference.setdefault((*parties, facts.kind, reference), value)
        self._by_title.setdefault(_title(facts, parties), (reference, value))

    def like(self, facts: ContractFacts, parties: tuple[UUID, UUID]) -> T | None:
        reference = plain_words(facts.reference_number)
        found = self._by_reference.get((*parties, facts.kind, reference)) if reference else None
        if found is not None:
            return found
        other, value = self._by_title.get(_title(facts, parties), ("", None))
        return None if reference and other else value  # two numbers: two contracts


def _title(facts: ContractFacts | Contract, parties: tuple[UUID, UUID]) -> tuple[object, ...]:
    return (*parties, facts.kind, match_key(facts.title), facts.starts_on)


def find(tx: Transaction, table: Table, lines: tuple[ContractLine, ...]) -> tuple[list[Found], list[Flaw]]:
    """Each line with its engagement, and the contract that is there already, if one is."""
    works = WorkFinder(tx, [line.work for line in lines])
    rows = {row.number: row for row in table.rows}
    flaws: list[Flaw] = []
    chosen: list[tuple[ContractLine, Line, Work | None]] = []
    for line in lines:
        told = Line(table, rows[line.number])
        chosen.append((line, told, works.of(line.work, told)))
    register = _Known[Contract]()
    there = brought_in.contracts_of(tx, (work.vendor_id for _, _, work in chosen if work))
    for row in there:
        register.add(row, (row.principal_id, row.vendor_id), row)
    ties = brought_in.ties_of(tx, (row.id for row in there))
    above = _Known[ContractLine]()
    once: dict[tuple[object, UUID], int] = {}
    found: list[Found] = []
    for line, told, work in chosen:
        each = _placed(line, work, register, ties, above)
        _once(each, told, once)
        flaws += told.flaws
        found.append(each)
    return found, flaws


def _placed(
    line: ContractLine,
    work: Work | None,
    register: _Known[Contract],
    ties: set[tuple[UUID, UUID]],
    above: _Known[ContractLine],
) -> Found:
    if work is None or line.facts is None:
        return Found(line, work)
    parties = (work.principal_id, work.vendor_id)
    there = register.like(line.facts, parties)
    if there is not None:
        return Found(line, work, there, (there.id, work.id) in ties)
    first = above.like(line.facts, parties)
    if first is None:
        above.add(line.facts, parties, line)
    return Found(line, work, first=first)


def _once(found: Found, told: Line, once: dict[tuple[object, UUID], int]) -> None:
    """One contract and engagement stand in one row; rows about one contract say the same of it."""
    line, work, first = found.line, found.work, found.first
    if work is None or line.facts is None:
        return
    contract = found.there.id if found.there else (first or line).number
    row = once.setdefault((contract, work.id), line.number)
    if row != line.number:
        told.refuse("title", "import_row_twice", row=row)
    elif first is not None and (first.facts, first.original) != (line.facts, line.original):
        told.refuse("title", "import_contract_differs", row=first.number)


def seen(found: Found) -> SeenRow:
    line, work, there = found.line, found.work, found.there
    title = line.facts.title if line.facts else ""
    note = f"{work.vendor_name} · {work.number} {work.title}" if work else ""
    match = (Match(there.id, there.number, there.title),) if there else ()
    if there is None and found.first is None:
        return SeenRow(line.number, title, note, Outcome.NEW)
    if not found.tied:
        serves = (("work", "", work.number if work else ""),)
        return SeenRow(line.number, title, note, Outcome.CHANGED, match, serves)
    return SeenRow(line.number, title, note, Outcome.SAME if _same(found) else Outcome.KEPT, match)


def _same(found: Found) -> bool:
    facts, there = found.line.facts, found.there
    if facts is None or there is None:
        return False
    return facts.title == there.title and facts.terms() == replace(terms_of(there), ended_on=None)


def write(ctx: Context, tx: Transaction, found: list[Found]) -> None:
    """Registers the contracts that aren't there yet, and ties those that are to what they serve, too."""
    entries: dict[int, Entry] = {}
    ties: list[tuple[Contract, UUID, date]] = []
    for each in found:
        line, work = each.line, each.work
        if work is None or line.facts is None:
            raise ValueError("a row with a flaw")  # nothing is written then
        if each.there is None:
            row = (each.first or line).number
            above = entries[row].engagement_ids if row in entries else ()
            entries[row] = Entry(
                work.principal_id, work.vendor_id, (*above, work.id), line.facts, line.original
            )
        elif not each.tied:
            ties.append((each.there, work.id, line.facts.starts_on))
    entering.register_all(ctx, tx, list(entries.values()))
    entering.tie_all(tx, ties)
