"""Rounds: one check sent to many engagements, looked through beforehand, followed while it goes."""

from audit_portal.web.rounds.views import pages

__all__ = ["pages"]
