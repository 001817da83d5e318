"""Engagements: the list, the form, the one screen of an engagement, and changes of its facts."""

from audit_portal.web.engagements import changing
from audit_portal.web.engagements.views import pages

__all__ = ["changing", "pages"]
