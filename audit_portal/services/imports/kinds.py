"""The kinds of tables that are brought in: what the rows of each mean, and how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.domain.imports import Flaw, ImportKind, Table
from audit_portal.services.house import Context
from audit_portal.services.imports import contracts, engagements, evaluations, vendors
from audit_portal.services.imports.seen import Outcome, SeenRow
from audit_portal.services.imports.vendors import Countries
from audit_portal.storage.tables.brought_in import ImportRun
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Order:
    """What the officer says when bringing a file in."""

    answers: Mapping[int, str] = field(default_factory=dict)  # row → "new" or the id of the vendor it is
    basis: str = ""  # on the strength of what; needed for engagements
    catch_up_on: date | None = None  # until when gates are to be shown; needed for engagements


@dataclass(frozen=True)
class Understood:
    """A file understood, and laid beside the register. `write` brings it in: the run with its counts, and the
    rows (only without flaws)."""

    table: Table
    seen: tuple[SeenRow, ...]
    flaws: tuple[Flaw, ...]
    write: Callable[[ImportRun, Order], None]


def read(ctx: Context, tx: Transaction, kind: ImportKind, table: Table, countries: Countries) -> Understood:
    match kind:
        case ImportKind.VENDORS:
            return _vendors(ctx, tx, table, countries)
        case ImportKind.ENGAGEMENTS:
            return _engagements(ctx, tx, table)
        case ImportKind.CONTRACTS:
            return _contracts(ctx, tx, table)
        case ImportKind.EVALUATIONS:
            return _evaluations(ctx, tx, table)


def _vendors(ctx: Context, tx: Transaction, table: Table, countries: Countries) -> Understood:
    lines, flaws = vendors.read(table, countries)
    found, more = vendors.find(ctx, tx, table, lines)
    seen = tuple(vendors.seen(each) for each in found)
    asked = sum(row.outcome is Outcome.QUESTION for row in seen)
    if asked > limits.IMPORT_QUESTIONS:
        raise Invalid("import_too_many_questions", "file", count=asked)

    def write(run: ImportRun, order: Order) -> None:
        run.created, run.changed, run.unchanged = vendors.write(ctx, tx, found, order.answers)
        tx.add(run)

    return Understood(table, seen, _sorted(flaws, more), write)


def _engagements(ctx: Context, tx: Transaction, table: Table) -> Understood:
    lines, flaws = engagements.read(table, ctx.house.today())
    found, more = engagements.find(ctx, tx, table, lines)
    seen = tuple(engagements.seen(each) for each in found)

    def write(run: ImportRun, order: Order) -> None:
        _add(tx, run, seen)
        if order.catch_up_on is None:
            raise Invalid("import_catch_up_needed", field="catch_up_on")
        engagements.write(ctx, tx, found, run.id, order.basis, order.catch_up_on)

    return Understood(table, seen, _sorted(flaws, more), write)


def _contracts(ctx: Context, tx: Transaction, table: Table) -> Understood:
    lines, flaws = contracts.read(ctx, table)
    found, more = contracts.find(tx, table, lines)
    seen = tuple(contracts.seen(each) for each in found)

    def write(run: ImportRun, order: Order) -> None:
        _add(tx, run, seen)
        contracts.write(ctx, tx, found)

    return Understood(table, seen, _sorted(flaws, more), write)


def _evaluations(ctx: Context, tx: Transaction, table: Table) -> Understood:
    lines, flaws = evaluations.read(table, ctx.house.today())
    found, more = evaluations.find(tx, table, lines)
    seen = tuple(evaluations.seen(each) for each in found)

    def write(run: ImportRun, order: Order) -> None:
        _add(tx, run, seen)
        evaluations.write(ctx, tx, found, run.id)

    return Understood(table, seen, _sorted(flaws, more), write)


def _add(tx: Transaction, run: ImportRun, seen: tuple[SeenRow, ...]) -> None:
    """Before the rows: what was brought in points to it, and what is recorded never changes."""
    counts = Counter(row.outcome for row in seen)
    run.created, run.changed = counts[Outcome.NEW], counts[Outcome.CHANGED]
    run.unchanged = len(seen) - run.created - run.changed
    tx.add(run)
    tx.flush()


def _sorted(flaws: tuple[Flaw, ...], more: list[Flaw]) -> tuple[Flaw, ...]:
    """In the order of the rows; one cell once."""
    once = {each.address: each for each in (*more, *flaws)}
    return tuple(sorted(once.values(), key=lambda each: (each.row, len(each.address), each.address)))
