"""Vendors, running engagements, contracts and past evaluations brought in from files."""

from audit_portal.web.imports.views import STREAMING, pages

__all__ = ["STREAMING", "pages"]
