"""The signed-in person's own account."""

from audit_portal.web.account.views import pages

__all__ = ["pages"]
