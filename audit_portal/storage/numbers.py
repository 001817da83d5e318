"""Hands out the numbers people use, without gaps caused by races."""

from __future__ import annotations

from audit_portal.domain.numbers import Numbered, format_number
from audit_portal.storage.bulk import dialect_insert
from audit_portal.storage.tables.system import NumberSequence
from audit_portal.storage.transaction import Transaction


def next_number(tx: Transaction, kind: Numbered) -> str:
    """The next number of this kind in the current year, taken for good when the transaction commits."""
    return next_numbers(tx, kind, 1)[0]


def next_numbers(tx: Transaction, kind: Numbered, count: int) -> list[str]:
    """So many numbers at once, in their order."""
    if not count:
        return []
    table = NumberSequence.__table__  # type: ignore[attr-defined]
    year = tx.today.year
    connection = tx.session.connection()
    insert = dialect_insert(connection)(table).values(kind=kind.value, year=year, last=count)
    upsert = insert.on_conflict_do_update(
        index_elements=["kind", "year"], set_={"last": table.c.last + count}
    ).returning(table.c.last)
    last = int(connection.execute(upsert).scalar_one())
    return [format_number(kind, year, number) for number in range(last - count + 1, last + 1)]
