"""Assessments: sent, answered, handed in, reviewed; and what a home page says is to be done."""

from audit_portal.web.assessments import (
    comments,
    contract_check,
    copy,
    findings,
    inspections,
    items,
    refusal,
    review,
    sharing,
    sheet,
    time,
)
from audit_portal.web.assessments.sheet import STREAMING
from audit_portal.web.assessments.views import pages

__all__ = [
    "STREAMING",
    "comments",
    "contract_check",
    "copy",
    "findings",
    "inspections",
    "items",
    "pages",
    "refusal",
    "review",
    "sharing",
    "sheet",
    "time",
]
