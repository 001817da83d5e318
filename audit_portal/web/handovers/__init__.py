"""People who are replaced: hand-overs of the client's own people."""

from audit_portal.web.handovers.views import pages

__all__ = ["pages"]
