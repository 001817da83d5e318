"""What searches look into: a derived spelling of names and numbers, beside the rows that have them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from audit_portal.storage.tables.base import Ledger, Row, Scope


class SearchKey(Row, table=True):
    """The key of one row (`domain.search`), written with every change of it; see `storage.search`."""

    __tablename__ = "search_key"
    __scope__ = Scope.SYSTEM  # a reader's scope holds on the row that is looked for, never on its key
    __ledger__ = Ledger.EXEMPT  # derived: history_check compares it with what it is made of

    kind: str = Field(primary_key=True, max_length=20)
    row_id: UUID = Field(primary_key=True)
    text: str = Field(sa_type=sa.Text)
