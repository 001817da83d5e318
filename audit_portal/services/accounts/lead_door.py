"""The door by which a vendor's lead comes in: open to the first one; the next ones need a known contact's word
(services/handovers/lead_changes)."""

from __future__ import annotations

from audit_portal.domain.access import Role, system
from audit_portal.domain.errors import Invalid
from audit_portal.services.house import House
from audit_portal.storage import handovers
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("lead_door")


def no_lead_yet(house: House, party: Party, field: str) -> None:
    """A next lead comes by services/handovers/lead_changes, where somebody known vouches for them.

    Raises Invalid('lead_needs_confirmation') once anybody who joined here is, or ever was, a lead.
    """
    with house.db.read(_SYSTEM) as tx:
        if handovers.leads(tx, party.id):
            page = f"{house.settings.base_url}/vendors/{party.id}/lead/new"
            raise Invalid("lead_needs_confirmation", field=field, mend=f"an officer asks for it on {page}")


def held_back(tx: Transaction, account: Account) -> str:
    """Why a waiting person's link isn't shown ('lead_by_mail_only': a contact confirmed them, and who noted that is
    not to come in themselves), or isn't sent either ('lead_joined_meanwhile'); '' where nothing stands in the way.
    For the system."""
    if handovers.lead_change_of(tx, account.id):
        return "lead_by_mail_only"
    lead = Role.VENDOR_LEAD.value in account.roles
    return "lead_joined_meanwhile" if lead and handovers.leads(tx, account.party_id) else ""
