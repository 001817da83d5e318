"""One's own signing key."""

from audit_portal.web.signing_keys.views import pages

__all__ = ["pages"]
