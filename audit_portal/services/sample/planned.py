"""The sample company's yearly plan."""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain.monitoring.fiscal_year import month_of
from audit_portal.services.monitoring import fiscal, plan
from audit_portal.services.sample.company import Company


def this_year(company: Company, engagement_id: UUID) -> None:
    """The work that runs is evaluated this month."""
    officer = company.as_("hanako")
    plan.add(officer, fiscal.current(officer).year, {engagement_id: month_of(company.house.today())})
