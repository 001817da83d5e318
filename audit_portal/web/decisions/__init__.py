"""Decisions: asked for by one person, made by another; and a refused engagement taken up again."""

from audit_portal.web.decisions import reopening  # noqa: F401  (its page joins the others)
from audit_portal.web.decisions.views import pages

__all__ = ["pages"]
