"""Vendors and running engagements from spreadsheets: previewed, then all or nothing."""

from audit_portal.services.imports.runs import (
    Order,
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
