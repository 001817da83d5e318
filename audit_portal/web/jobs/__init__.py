"""What could not be sent or done, for administrators."""

from audit_portal.web.jobs.views import pages

__all__ = ["pages"]
