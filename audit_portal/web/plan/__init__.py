"""The yearly plan (年間計画)."""

from audit_portal.web.plan.views import pages

__all__ = ["pages"]
