"""The sample's route: data is released after the head of the division and the privacy manager agree."""

from __future__ import annotations

from datetime import timedelta

from audit_portal.domain.route import Step
from audit_portal.domain.supervision import Gate
from audit_portal.services.decisions import route_settings
from audit_portal.services.sample.company import Company


def lay(company: Company) -> None:
    officer, today = company.as_("hanako"), company.house.today()
    head, manager = company.id_of("akira"), company.id_of("kenji")
    steps = (Step("管理本部長", (head,)), Step("個人情報保護管理者", (manager,)))
    route_settings.save(officer, Gate.RELEASE, "", steps)
    away = today + timedelta(days=14)
    route_settings.name_deputy(officer, manager, head, away, away + timedelta(days=6), "海外出張のため")
