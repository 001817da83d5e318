"""Signing in and out, and the links that arrive by mail."""

from audit_portal.web.sign_in.views import pages

__all__ = ["pages"]
