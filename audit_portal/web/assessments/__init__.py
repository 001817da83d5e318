"""Assessments: sent, answered, handed in, reviewed; and what a home page says is to be done."""

from audit_portal.web.assessments import comments, contract_check, copy, items, review, sharing, time
from audit_portal.web.assessments.views import pages

__all__ = ["comments", "contract_check", "copy", "items", "pages", "review", "sharing", "time"]
