"""People of the sample who leave: a hand-over to come, and a vendor's next lead that waits for a second person."""

from __future__ import annotations

from datetime import timedelta

from audit_portal.domain.access import Role
from audit_portal.domain.lead_change import Means
from audit_portal.domain.register import ContactPurpose
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.handovers import handovers, lead_changes, looking
from audit_portal.services.handovers.lead_changes import Confirmation
from audit_portal.services.handovers.looking import Order
from audit_portal.services.parties import party_contacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.sample.company import Company
from audit_portal.services.sample.vendors import Placed


def leaving(company: Company, vendor: Placed) -> None:
    """The officer hands over in two months; the vendor's contact has told of a new lead."""
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
    contact_id = party_contacts.add(officer, vendor.party_id, contact)
    confirmed = Confirmation(
        contact_id, Means.PHONE, today, "代表番号に折り返し、責任者の異動と後任の氏名・アドレスを確かめた。"
    )
    person = NewPerson("松本 恵", "matsumoto@minato-fukushi.example", frozenset({Role.VENDOR_LEAD}), "事務局")
    lead_changes.ask(second, vendor.party_id, company.id_of(vendor.key), person, confirmed)
