"""Where pages of evidence lead back to."""

from __future__ import annotations

from uuid import UUID

from flask import url_for


def item_url(assessment_id: UUID, code: str) -> str:
    """The page of the item that the file belongs to."""
    return url_for("assessments.item", assessment_id=assessment_id, code=code)
