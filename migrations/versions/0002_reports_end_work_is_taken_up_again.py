"""reports end unfinished, refused work is taken up again

Rules: see 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BEFORE = (
    "rendering", "awaiting_auditor", "sealing_auditor", "awaiting_officer", "sealing_officer", "final",
)  # fmt: skip
_ENDED = ("outdated", "withdrawn")


def upgrade() -> None:
    _states(_BEFORE + _ENDED)
    op.create_table(
        "reopening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=10000), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_reopening_decision_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_reopening_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"], ["account.id"], name=op.f("fk_reopening_reopened_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
    )
    with op.batch_alter_table("reopening") as batch:
        batch.create_index(batch.f("ix_reopening_engagement_id"), ["engagement_id"], unique=False)


def downgrade() -> None:
    op.drop_table("reopening")
    # What has ended would have stood there for ever: it goes back to the state it ended in.
    report = sa.table("report", sa.column("state"), sa.column("latest"))
    ended = report.c.state.in_(_ENDED)
    op.execute(sa.update(report).where(ended, report.c.latest == 0).values(state="rendering"))
    op.execute(sa.update(report).where(ended, report.c.latest == 1).values(state="awaiting_auditor"))
    op.execute(sa.update(report).where(ended, report.c.latest == 2).values(state="sealing_auditor"))
    op.execute(sa.update(report).where(ended, report.c.latest == 3).values(state="awaiting_officer"))
    op.execute(sa.update(report).where(ended).values(state="sealing_officer"))
    _states(_BEFORE)


def _states(known: tuple[str, ...]) -> None:
    column = sa.column("state", sa.String(40))
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("reportstate_known", "report", type_="check")
        op.create_check_constraint("reportstate_known", "report", column.in_(known))
        return
    # A batch move makes the table anew, without the checks that reflection doesn't see: the old one is gone.
    with op.batch_alter_table("report") as batch:
        batch.create_check_constraint("reportstate_known", column.in_(known))
