"""Fiscal years (会計年度), which begin in whatever month the company says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from audit_portal.domain import limits


@dataclass(frozen=True)
class FiscalYear:
    """Named by the year it begins in."""

    year: int
    first_month: int = limits.FISCAL_YEAR_MONTH

    @classmethod
    def of(cls, day: date, first_month: int = limits.FISCAL_YEAR_MONTH) -> FiscalYear:
        """The year a day lies in."""
        return cls(day.year if day.month >= first_month else day.year - 1, first_month)

    @property
    def first(self) -> date:
        return date(self.year, self.first_month, 1)

    @property
    def last(self) -> date:
        return FiscalYear(self.year + 1, self.first_month).first - timedelta(days=1)

    def months(self) -> tuple[date, ...]:
        """The first days of its twelve months, in order."""
        return tuple(later(self.first, months) for months in range(12))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def later(day: date, months: int) -> date:
    """The same day that many months later; of a month that is too short, its last day (29 February, for one)."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return min(day.replace(year=year, month=month, day=1) + timedelta(days=day.day - 1), _last(year, month))


def _last(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
