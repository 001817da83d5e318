"""Fiscal years as this company counts them."""

from __future__ import annotations

from audit_portal.domain import limits
from audit_portal.domain.monitoring import FiscalYear
from audit_portal.services.house import Context
from audit_portal.storage import parties
from audit_portal.storage.transaction import Transaction


def span(tx: Transaction, year: int | None = None) -> FiscalYear:
    """That year; without a number the one today lies in."""
    row = parties.installation(tx)
    first = row.fiscal_month if row else limits.FISCAL_YEAR_MONTH
    return FiscalYear(year, first) if year is not None else FiscalYear.of(tx.today, first)


def current(ctx: Context, year: int | None = None) -> FiscalYear:
    """As `span`, for a page: what anybody may know."""
    with ctx.read() as tx:
        return span(tx, year)
