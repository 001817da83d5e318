"""the list of assessments by due date

Rules: numbered; up and down, tested with data on SQLite and PostgreSQL (tests/migrations); never edited
once landed; no import from audit_portal (a migration must mean the same for ever).
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_assessment_due_on", "assessment", ["due_on"])
    op.create_index("ix_assessment_state_due_on", "assessment", ["state", "due_on"])


def downgrade() -> None:
    op.drop_index("ix_assessment_state_due_on", table_name="assessment")
    op.drop_index("ix_assessment_due_on", table_name="assessment")
