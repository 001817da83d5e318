"""Accounts, for administrators."""

from audit_portal.web.accounts.views import pages

__all__ = ["pages"]
