"""Setting the installation up: the client and its first administrator."""

from audit_portal.web.setup.views import pages

__all__ = ["pages"]
