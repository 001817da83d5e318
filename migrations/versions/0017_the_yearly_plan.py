"""the yearly plan, and the month a fiscal year begins in

Rules: see 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = sa.text("state <> 'cancelled'")
_KINDS = ("selection", "contract", "periodic", "audit", "exit")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=f"{name}_known", native_enum=False, create_constraint=True, length=40)


def _points(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_plan_entry_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.add_column("installation", sa.Column("fiscal_month", sa.Integer(), nullable=False, server_default="4"))
    op.create_table(
        "plan_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("assessmentkind", *_KINDS), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", _choice("planstate", "planned", "started", "cancelled"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("planned_by", sa.Uuid(), nullable=False),
        _points("engagement_id", "engagement_link"),
        _points("assessment_id", "assessment"),
        _points("planned_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entry")),
    )
    op.create_index(op.f("ix_plan_entry_engagement_id"), "plan_entry", ["engagement_id"])
    op.create_index(op.f("ix_plan_entry_fiscal_year_month"), "plan_entry", ["fiscal_year", "month"])
    op.create_index(
        "uq_plan_entry_open",
        "plan_entry",
        ["engagement_id", "fiscal_year", "kind"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("plan_entry")
    op.drop_column("installation", "fiscal_month")
