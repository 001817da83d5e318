"""Routes of decisions, and who stands in for whom."""

from audit_portal.web.routes import seats  # noqa: F401  (its page joins the others)
from audit_portal.web.routes.views import pages

__all__ = ["pages"]
