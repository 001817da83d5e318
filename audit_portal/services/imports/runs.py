"""One file brought in: kept, previewed, applied as a whole or not at all, remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Permission, require
from audit_portal.domain.errors import Invalid, Refused
from audit_portal.domain.events.imports import RegisterImported
from audit_portal.domain.imports import Flaw, ImportKind, Table, find_table
from audit_portal.domain.imports.columns import COLUMNS, SHEET_NAMES
from audit_portal.services.assessments import pending_sheets
from audit_portal.services.assessments.pending_sheets import Pending
from audit_portal.services.house import Context
from audit_portal.services.imports import kinds
from audit_portal.services.imports.kinds import Order
from audit_portal.services.imports.seen import Outcome, SeenRow
from audit_portal.services.imports.vendors import Countries
from audit_portal.services.people import then
from audit_portal.storage import brought_in
from audit_portal.storage.page import Page
from audit_portal.storage.tables.brought_in import ImportRun


@dataclass(frozen=True)
class Preview:
    kind: ImportKind
    name: str
    sha256: str
    sheet: str
    ignored: tuple[str, ...]  # headings nobody knows
    rows: tuple[SeenRow, ...]
    flaws: tuple[Flaw, ...]

    def of(self, outcome: Outcome) -> tuple[SeenRow, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)


@dataclass(frozen=True)
class RunView:
    id: UUID
    kind: ImportKind
    file_name: str
    sha256: str
    rows: int
    created: int
    changed: int
    unchanged: int
    basis: str
    catch_up_on: date | None
    applied_at: datetime
    applied_by: str


def place(kind: ImportKind) -> str:
    return kind.value


def upload(ctx: Context, kind: ImportKind, name: str, content: bytes) -> None:
    """Takes a file and keeps it for the preview. Raises Invalid('sheet_…' | 'import_…')."""
    require(ctx.actor, Permission.REGISTER_IMPORT)
    book = ctx.house.sheets.read(content)
    table = find_table(book, COLUMNS[kind], SHEET_NAMES[kind])
    if not table.rows:
        raise Invalid("import_no_rows", "file")
    pending_sheets.keep_read(ctx, place(kind), name, content, book)


def discard(ctx: Context, kind: ImportKind) -> None:
    require(ctx.actor, Permission.REGISTER_IMPORT)
    pending_sheets.discard(ctx, place(kind))


def preview(ctx: Context, kind: ImportKind, countries: Countries) -> Preview | None:
    """What the waiting file would do; None when none waits."""
    require(ctx.actor, Permission.REGISTER_IMPORT)
    pending = pending_sheets.held(ctx, place(kind))
    if pending is None:
        return None
    with ctx.read() as tx:
        found = kinds.read(ctx, tx, kind, _table(kind, pending), countries)
    table = found.table
    return Preview(kind, pending.name, pending.sha256, table.sheet, table.ignored, found.seen, found.flaws)


def apply(ctx: Context, kind: ImportKind, sha256: str, order: Order, countries: Countries) -> RunView:
    """Brings the whole file in, in one transaction, read and compared anew.

    Raises Conflict('sheet_gone'), Refused('import_flawed', count=…), Invalid('import_question_open' |
    'import_basis_needed' | 'import_catch_up_needed' | 'import_catch_up_past').
    """
    require(ctx.actor, Permission.REGISTER_IMPORT)
    pending = pending_sheets.the_one_shown(ctx, place(kind), sha256)
    _check(ctx, kind, order)
    with ctx.begin() as tx:
        found = kinds.read(ctx, tx, kind, _table(kind, pending), countries)
        if found.flaws:
            raise Refused("import_flawed", count=len(found.flaws))
        run = ImportRun(
            id=uuid7(),
            kind=kind,
            file_name=pending.name,
            sha256=sha256,
            rows_read=len(found.seen),
            created=0,
            changed=0,
            unchanged=0,
            basis=order.basis,
            catch_up_on=order.catch_up_on,
            applied_at=tx.now,
            applied_by=ctx.actor.person,
        )
        found.write(run, order)
        tx.record(
            RegisterImported(
                run_id=run.id, kind=kind.value, sha256=sha256, created=run.created, changed=run.changed
            )
        )
        pending_sheets.drop(tx, place(kind))
    return _view(run, ctx.actor.name)


def _check(ctx: Context, kind: ImportKind, order: Order) -> None:
    if kind is not ImportKind.ENGAGEMENTS:
        return
    if not order.basis.strip():
        raise Invalid("import_basis_needed", field="basis")
    if order.catch_up_on is None:
        raise Invalid("import_catch_up_needed", field="catch_up_on")
    if order.catch_up_on < ctx.house.today():
        raise Invalid("import_catch_up_past", field="catch_up_on")


def _table(kind: ImportKind, pending: Pending) -> Table:
    return find_table(pending.book, COLUMNS[kind], SHEET_NAMES[kind])


def history(ctx: Context, after: str | None = None) -> Page[RunView]:
    """What was brought in, the newest first."""
    require(ctx.actor, Permission.REGISTER_IMPORT)
    with ctx.read() as tx:
        page = brought_in.runs(tx, after)
    people = then(ctx, {row.applied_by for row in page.items})
    return page.map(lambda row: _view(row, people.name(row.applied_by, row.applied_at)))


def _view(run: ImportRun, name: str) -> RunView:
    return RunView(
        run.id,
        run.kind,
        run.file_name,
        run.sha256,
        run.rows_read,
        run.created,
        run.changed,
        run.unchanged,
        run.basis,
        run.catch_up_on,
        run.applied_at,
        name,
    )
