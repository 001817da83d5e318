"""An uploaded spreadsheet that waits for its person's word: sealed, for a day."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.storage.tables.base import Identified, Ledger, Scope, blob, moment, reference, text


class PendingSheet(Identified, table=True):
    """One a person and place; a draft like those of answers. Name and content are in the sealed body."""

    __tablename__ = "pending_sheet"
    __scope__ = Scope.OWN
    __ledger__ = Ledger.EXEMPT
    __deletable__ = True

    account_id: UUID = reference("account.id", index=True)
    place: str = text(80)  # what it is to be brought into: `vendors`, `answers:<assessment>`
    sha256: str = text(64)  # of the file
    wrapped_key: bytes = blob()
    body: bytes = blob()
    uploaded_at: datetime = moment(index=True)

    __table_args__ = (
        sa.UniqueConstraint("account_id", "place"),
        sa.CheckConstraint(f"length(body) <= {limits.SHEET_BYTES + 2**20}", name="body_bounded"),
        sa.CheckConstraint("length(sha256) = 64", name="digest_present"),
        sa.CheckConstraint("length(wrapped_key) >= 48", name="key_present"),
    )
