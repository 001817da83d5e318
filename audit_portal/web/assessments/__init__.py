"""Assessments: sent, answered, handed in, reviewed; and what a home page says is to be done."""

from audit_portal.web.assessments import (
    behalf,
    behalf_sources,
    comments,
    company,
    contract_check,
    copy,
    earlier,
    findings,
    inspections,
    items,
    refusal,
    review,
    sharing,
    sheet,
    stale,
    time,
    user_controls,
)
from audit_portal.web.assessments.behalf_sources import source_upload
from audit_portal.web.assessments.sheet import STREAMING as SHEETS
from audit_portal.web.assessments.views import pages

STREAMING = (*SHEETS, source_upload)

__all__ = [
    "STREAMING",
    "behalf",
    "behalf_sources",
    "comments",
    "company",
    "contract_check",
    "copy",
    "earlier",
    "findings",
    "inspections",
    "items",
    "pages",
    "refusal",
    "review",
    "sharing",
    "sheet",
    "stale",
    "time",
    "user_controls",
]
