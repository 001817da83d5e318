"""Decisions: asked for by one person, made by another; and a refused engagement taken up again."""

from audit_portal.web.decisions import conditions, reopening  # noqa: F401  (their pages join the others)
from audit_portal.web.decisions.views import pages

__all__ = ["pages"]
