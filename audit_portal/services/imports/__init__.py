"""Vendors, running engagements, contracts and past evaluations from spreadsheets: previewed, then all or nothing."""

from audit_portal.services.imports.kinds import Order
from audit_portal.services.imports.runs import (
    Preview,
    RunView,
    apply,
    discard,
    history,
    place,
    preview,
    upload,
)
from audit_portal.services.imports.seen import Match, Outcome, SeenRow

__all__ = [
    "Match", "Order", "Outcome", "Preview", "RunView", "SeenRow", "apply", "discard", "history",
    "place", "preview", "upload",
]  # fmt: skip
