"""Engagements: the list, the form, and the one screen of an engagement."""

from audit_portal.web.engagements.views import pages

__all__ = ["pages"]
