"""The document that answers are transcribed from, streaming in; sealed like any evidence."""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.evidence import Received
from audit_portal.domain.on_behalf import OWN_NOTES
from audit_portal.services.assessments import sources
from audit_portal.services.evidence import versions
from audit_portal.services.evidence.incoming import Incoming
from audit_portal.services.house import Context


class SourceUpload(Incoming):
    """One file of a source. What the vendor wrote is the vendor's file; what the client noted or captured itself
    is the client's, and never read by the vendor."""

    def __init__(
        self, ctx: Context, assessment_id: UUID, source_id: UUID, name: str, expected: int | None
    ) -> None:
        require(ctx.actor, Permission.BEHALF_ENTER)
        with ctx.read() as tx:
            row, source = sources.held_source(tx, assessment_id, source_id)
            owner = ctx.actor.party if source.kind in OWN_NOTES else row.vendor_id
        self._assessment_id, self._source_id = assessment_id, source_id
        super().__init__(ctx, owner, name, expected)

    def _record(self, received: Received) -> UUID:
        with self._ctx.begin() as tx:
            row, source = sources.held_source(tx, self._assessment_id, self._source_id)
            _, version = versions.first(
                tx, self._at, received, engagement_id=row.engagement_id, observed_on=source.dated_on
            )
            sources.give_document(tx, source, version)
        return version.id
