"""spreadsheets: uploads that wait, runs of imports, keys of other systems, gates not yet shown

Rules: numbered; up and down, tested with data on SQLite and PostgreSQL (tests/migrations); never edited
once landed; no import from audit_portal (a migration must mean the same for ever).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("party", "engagement"):
        op.add_column(table, sa.Column("external_key", sa.String(length=40), nullable=True))
        op.create_index(f"ix_{table}_external_key", table, ["external_key"], unique=True)
    op.create_table(
        "gate_standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "gate",
            sa.Enum(
                "G1",
                "G2",
                "G2b",
                "G3",
                "G4",
                name="gate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "not_yet_shown",
                "shown",
                name="standingstate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("catch_up_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_gate_standing_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_standing")),
        sa.UniqueConstraint("engagement_id", "gate", name=op.f("uq_gate_standing_engagement_id_gate")),
    )
    with op.batch_alter_table("gate_standing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_standing_engagement_id"), ["engagement_id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "vendors",
                "engagements",
                name="importkind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("catch_up_on", sa.Date(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["account.id"], name=op.f("fk_import_run_applied_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_applied_at"), ["applied_at"], unique=False)
    op.create_table(
        "pending_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(body) <= 22020096", name=op.f("ck_pending_sheet_body_bounded")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_pending_sheet_digest_present")),
        sa.CheckConstraint("length(wrapped_key) >= 48", name=op.f("ck_pending_sheet_key_present")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pending_sheet_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sheet")),
        sa.UniqueConstraint("account_id", "place", name=op.f("uq_pending_sheet_account_id_place")),
    )
    with op.batch_alter_table("pending_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_sheet_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pending_sheet_uploaded_at"), ["uploaded_at"], unique=False)
    op.create_table(
        "brought_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("runs_since", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_brought_in_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_brought_in_entered_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_brought_in_run_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought_in")),
        sa.UniqueConstraint("engagement_id", name=op.f("uq_brought_in_engagement_id")),
    )
    with op.batch_alter_table("brought_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brought_in_run_id"), ["run_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("brought_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brought_in_run_id"))
    op.drop_table("brought_in")
    with op.batch_alter_table("pending_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pending_sheet_uploaded_at"))
        batch_op.drop_index(batch_op.f("ix_pending_sheet_account_id"))
    op.drop_table("pending_sheet")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_applied_at"))
    op.drop_table("import_run")
    with op.batch_alter_table("gate_standing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_standing_engagement_id"))
    op.drop_table("gate_standing")
    for table in ("engagement", "party"):
        op.drop_index(f"ix_{table}_external_key", table)
        # In place (SQLite 3.35 and later): a table that is made anew in a batch would lose its checks.
        op.drop_column(table, "external_key")
