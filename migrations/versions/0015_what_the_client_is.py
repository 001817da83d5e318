"""what the client is: PrivacyMark, public body

Rules: see 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_FACTS = ("p_mark", "public_sector")


def upgrade() -> None:
    for name in _FACTS:
        op.add_column(
            "installation", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    for name in reversed(_FACTS):
        op.drop_column("installation", name)
