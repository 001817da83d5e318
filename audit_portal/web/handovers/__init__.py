"""People who are replaced: the client's own, and the leads of vendors."""

from audit_portal.web.handovers import leads  # noqa: F401  (its pages join the others)
from audit_portal.web.handovers.views import pages

__all__ = ["pages"]
