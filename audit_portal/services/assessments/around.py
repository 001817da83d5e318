"""What the page of an assessment shows around its items: comments, more time, copies of what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.more_time import TimeState
from audit_portal.services.house import Context
from audit_portal.storage import process


@dataclass(frozen=True)
class Around:
    comments: Mapping[str, int] = field(default_factory=dict)  # item → how many the reader can read
    time_state: TimeState | None = None  # of the newest request for more time
    wanted_on: date | None = None
    copies: tuple[tuple[int, datetime], ...] = ()  # number and moment of what the reader's side handed in


def around(ctx: Context, assessment_id: UUID) -> Around:
    """In few queries: it comes with every page of an assessment."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        time = next(iter(process.times(tx, assessment_id)), None)
        return Around(
            process.comment_counts(tx, assessment_id),
            time.state if time else None,
            time.wanted_on if time else None,
            tuple(process.copy_facts(tx, assessment_id)) if ctx.actor.may(Permission.COPY_READ) else (),
        )
