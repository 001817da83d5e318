"""The company's settings: what the client is."""

from audit_portal.web.company.views import pages

__all__ = ["pages"]
