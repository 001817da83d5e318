"""Is this PDF a report of this portal? A page for everybody."""

from audit_portal.web.verify.views import check, pages

STREAMING = (check,)  # changes nothing and knows nobody: there is no token to check

__all__ = ["STREAMING", "pages"]
