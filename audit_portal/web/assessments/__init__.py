"""Assessments: sent, answered, handed in, reviewed; and what a home page says is to be done."""

from audit_portal.web.assessments import contract_check, items, review
from audit_portal.web.assessments.views import pages

__all__ = ["contract_check", "items", "pages", "review"]
