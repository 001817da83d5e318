"""Assessments: sent, answered, handed in, reviewed; and what a home page says is to be done."""

from audit_portal.web.assessments import (
    comments,
    company,
    contract_check,
    copy,
    earlier,
    items,
    review,
    sharing,
    sheet,
    stale,
    time,
)
from audit_portal.web.assessments.sheet import STREAMING
from audit_portal.web.assessments.views import pages

__all__ = [
    "STREAMING",
    "comments",
    "company",
    "contract_check",
    "copy",
    "earlier",
    "items",
    "pages",
    "review",
    "sharing",
    "sheet",
    "stale",
    "time",
]
