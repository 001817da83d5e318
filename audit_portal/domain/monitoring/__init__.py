"""Keeping watch (取扱状況の把握): the yearly plan and what it rests on."""

from audit_portal.domain.monitoring.fiscal_year import FiscalYear
from audit_portal.domain.monitoring.plan import (
    INTERVALS,
    OPEN,
    WATCHED,
    PlanState,
    Proposal,
    Watched,
    check_month,
    must_be_planned,
    propose,
)

__all__ = [
    "INTERVALS", "OPEN", "WATCHED", "FiscalYear", "PlanState", "Proposal", "Watched", "check_month",
    "must_be_planned", "propose",
]  # fmt: skip
