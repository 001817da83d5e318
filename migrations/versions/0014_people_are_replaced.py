"""hand-overs, new leads of vendors, and the title of a person

Rules: numbered; up and down, tested with data on SQLite and PostgreSQL (tests/migrations); never edited
once landed; no import from audit_portal (a migration must mean the same for ever).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('planned', 'held')")
_WAITING = sa.text("state = 'waiting'")


def _kept() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=f"{name}_known", native_enum=False, create_constraint=True, length=40)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.add_column("account", sa.Column("title", sa.String(length=200), nullable=False, server_default=""))
    op.create_table(
        "handover",
        *_kept(),
        sa.Column("leaver_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("ends_account", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("state", _choice("handoverstate", "planned", "held", "done", "withdrawn"), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        *(
            _points("handover", each, "account")
            for each in ("leaver_id", "worker_id", "decider_id", "planned_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_state_from_on"), "handover", ["state", "from_on"])
    op.create_index(
        "uq_handover_open",
        "handover",
        ["leaver_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "lead_change",
        *_kept(),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("leaving_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_reached", sa.String(length=500), nullable=False),
        sa.Column("means", _choice("means", "phone", "email", "letter"), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=10000), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state", _choice("leadchangestate", "waiting", "done", "refused", "withdrawn"), nullable=False
        ),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        _points("lead_change", "party_id", "party"),
        _points("lead_change", "contact_id", "party_contact"),
        *(
            _points("lead_change", each, "account")
            for each in ("leaving_id", "asked_by", "settled_by", "account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_change")),
    )
    op.create_index(op.f("ix_lead_change_party_id"), "lead_change", ["party_id"])
    op.create_index(
        "uq_lead_change_waiting",
        "lead_change",
        ["party_id"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_table("lead_change")
    op.drop_table("handover")
    op.drop_column("account", "title")
