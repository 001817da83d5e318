"""People of the sample who leave: a hand-over to come, and a contact who may be asked about a vendor's next lead."""

from __future__ import annotations

from datetime import timedelta

from audit_portal.domain.register import ContactPurpose
from audit_portal.services.handovers import handovers, looking
from audit_portal.services.handovers.looking import Order
from audit_portal.services.parties import party_contacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.sample.company import Company
from audit_portal.services.sample.vendors import Placed


def leaving(company: Company, vendor: Placed) -> None:
    """The officer hands over in two months; the vendor has a contact for contracts."""
    officer, second, today = company.as_("hanako"), company.as_("makoto"), company.house.today()
    order = Order(
        officer.actor.person,
        second.actor.person,
        None,
        today + timedelta(days=60),
        reason="育児休業に入るため",
    )
    handovers.plan(officer, order, looking.preview(officer, order).seen)
    contact = ContactFacts(
        "石井 徹",
        "イシイ トオル",
        title="総務部長",
        phone="045-555-0170",
        purposes=(ContactPurpose.CONTRACT,),
    )
    party_contacts.add(officer, vendor.party_id, contact)  # vouches for a next lead from tomorrow on
