"""Decisions: asked for by one person, made by another; and a refused engagement taken up again."""

from audit_portal.web.decisions import conditions, reopening  # noqa: F401  (their pages join the others)
from audit_portal.web.decisions.outside import outside
from audit_portal.web.decisions.views import pages

STREAMING = (outside,)  # checks the form's token itself, before the first byte of the file

__all__ = ["STREAMING", "pages"]
