"""The vendor register and the people of vendors."""

from audit_portal.web.parties import parts, people
from audit_portal.web.parties.views import pages

__all__ = ["pages", "parts", "people"]
