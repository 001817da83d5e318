"""Reports: ordered, read, signed."""

from audit_portal.web.reports.forms import CreateForm
from audit_portal.web.reports.views import pages

__all__ = ["CreateForm", "pages"]
