"""What the page of an assessment shows around its items: comments, more time, copies of what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.services.house import Context
from audit_portal.storage import process


@dataclass(frozen=True)
class Around:
    comments: Mapping[str, int] = field(default_factory=dict)  # item → how many the reader can read


def around(ctx: Context, assessment_id: UUID) -> Around:
    """In few queries: it comes with every page of an assessment."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        return Around(process.comment_counts(tx, assessment_id))
