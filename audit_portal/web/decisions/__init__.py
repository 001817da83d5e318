"""Decisions: asked for by one person, made by another."""

from audit_portal.web.decisions.views import pages

__all__ = ["pages"]
