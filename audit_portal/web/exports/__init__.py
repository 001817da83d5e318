"""Lists as files."""

from audit_portal.web.exports import contracts
from audit_portal.web.exports.views import pages

__all__ = ["contracts", "pages"]
