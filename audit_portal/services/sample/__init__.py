"""The sample company: fictional people and vendors, with engagements in several states, made by the services."""

from __future__ import annotations

from dataclasses import replace

from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.system import SampleLoaded
from audit_portal.ports import Mail
from audit_portal.services import jobs
from audit_portal.services.accounts import setup
from audit_portal.services.house import House
from audit_portal.services.sample import (
    agreement,
    brought_in,
    checks,
    exchange,
    on_behalf,
    planned,
    replaced,
    reuse,
    routes,
)
from audit_portal.services.sample.company import Company, SamplePerson, hire
from audit_portal.services.sample.vendors import VENDORS, place
from audit_portal.storage import parties

__all__ = ["SamplePerson", "load"]

_SYSTEM = system("sample")


class _NoMail:
    """The people of the sample don't exist: nothing is sent to them."""

    def send(self, mail: Mail) -> None:
        return


def load(house: House) -> tuple[SamplePerson, ...]:
    """Fills an empty installation. Raises Conflict('instance_not_empty') when there is a client already."""
    if setup.client_id(house):
        raise Conflict("instance_not_empty", path=str(house.settings.instance))
    house = replace(house, mailer=_NoMail())
    company = Company(house)
    hire(company, setup.register_client(house, "株式会社サンプル商事", "サンプルショウジ", ""))
    _mark(house)
    routes.lay(company)
    selected, handed_in, asked, new = (
        place(company, number, vendor) for number, vendor in enumerate(VENDORS)
    )
    checks.approved_with_report(company, selected.engagement_id, selected.key)
    agreement.under_contract(company, selected.engagement_id)
    checks.submitted(company, handed_in.engagement_id, handed_in.key)
    running = checks.in_progress(company, asked.engagement_id, asked.key)
    exchange.carry_on(company, asked, running)
    on_behalf.without_accounts(company)
    reuse.asked_again(company, selected)
    brought_in.last_evaluation(company, selected.engagement_id)
    planned.this_year(company, brought_in.running_work(company))
    reuse.changed_since(company, handed_in)
    replaced.leaving(company, new)
    jobs.run_due(house)
    with house.db.begin(_SYSTEM) as tx:
        tx.record(SampleLoaded(parties=len(VENDORS) + len(on_behalf.NAMES) + 1, accounts=len(company.people)))
    return tuple(company.people)


def _mark(house: House) -> None:
    """Pages of a sample say so, and its staff sign in without a second factor."""
    with house.db.begin(_SYSTEM) as tx:
        row = parties.installation(tx)
        if row:
            row.sample, row.staff_need_second_factor = True, False
        tx.record(SampleLoaded(parties=0, accounts=0))
