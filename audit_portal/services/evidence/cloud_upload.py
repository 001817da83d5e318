"""The document that a cloud determination rests on, streaming in; sealed like any evidence."""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.evidence import Received
from audit_portal.services.engagements import cloud
from audit_portal.services.evidence import versions
from audit_portal.services.evidence.incoming import Incoming
from audit_portal.services.house import Context
from audit_portal.storage import parties


class CloudUpload(Incoming):
    """One file of one determination: the client's own, never read by the vendor. It stays as it came; another
    document belongs to another determination."""

    def __init__(
        self, ctx: Context, engagement_id: UUID, determination_id: UUID, name: str, expected: int | None
    ) -> None:
        require(ctx.actor, Permission.ENGAGEMENT_CHANGE)
        with ctx.read() as tx:
            cloud.without_document(tx, engagement_id, determination_id)
        self._engagement_id, self._determination_id = engagement_id, determination_id
        super().__init__(ctx, ctx.actor.party, name, expected)

    def _record(self, received: Received) -> UUID:
        with self._ctx.begin() as tx:
            parties.lock(tx, self._engagement_id)  # of two at the same moment the second one is refused
            row = cloud.without_document(tx, self._engagement_id, self._determination_id)
            _, version = versions.first(
                tx,
                self._at,
                received,
                engagement_id=self._engagement_id,
                observed_on=row.determined_on,
                version_id=row.id,
            )
        return version.id
