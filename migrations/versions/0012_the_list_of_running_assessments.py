"""the lists of assessments in the very order of their pages; those that still run by themselves

Rules: numbered; up and down, tested with data on SQLite and PostgreSQL (tests/migrations); never edited
once landed; no import from audit_portal (a migration must mean the same for ever).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STILL_RUNS = "state IN ('in_progress', 'returned', 'sent', 'submitted')"


def upgrade() -> None:
    for name in ("ix_assessment_state_due_on", "ix_assessment_due_on"):
        op.drop_index(name, table_name="assessment")
    op.create_index("ix_assessment_due_on_id", "assessment", ["due_on", "id"])
    op.create_index(
        "ix_assessment_running",
        "assessment",
        ["due_on", "id"],
        sqlite_where=sa.text(_STILL_RUNS),
        postgresql_where=sa.text(_STILL_RUNS),
    )


def downgrade() -> None:
    for name in ("ix_assessment_running", "ix_assessment_due_on_id"):
        op.drop_index(name, table_name="assessment")
    op.create_index("ix_assessment_due_on", "assessment", ["due_on"])
    op.create_index("ix_assessment_state_due_on", "assessment", ["state", "due_on"])
