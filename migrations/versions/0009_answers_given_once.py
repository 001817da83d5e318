"""answers given once and reused: what was handed in, who confirmed it elsewhere, what was settled

Rules: numbered; up and down, tested with data on SQLite and PostgreSQL (tests/migrations); never edited
once landed; no import from audit_portal (a migration must mean the same for ever).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "given_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=10), nullable=False),
        sa.Column("question", sa.String(length=10), nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "company",
                "site",
                "engagement",
                name="scope_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("sites", sa.JSON(), nullable=False),
        sa.Column(
            "value",
            sa.Enum(
                "yes",
                "partial",
                "no",
                "not_applicable",
                "unknown",
                name="answervalue_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(length=10000), nullable=False),
        sa.Column("action", sa.String(length=10000), nullable=False),
        sa.Column("action_due", sa.Date(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("outdated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_given_answer_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_given_answer_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["party.id"], name=op.f("fk_given_answer_audience_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_given_answer_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["account.id"], name=op.f("fk_given_answer_given_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["party.id"], name=op.f("fk_given_answer_vendor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_answer")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_given_answer_answer_id")),
    )
    op.create_index(op.f("ix_given_answer_assessment_id"), "given_answer", ["assessment_id"], unique=False)
    op.create_index("ix_given_answer_engagement", "given_answer", ["engagement_id", "question"], unique=False)
    op.create_index("ix_given_answer_expires_on", "given_answer", ["expires_on"], unique=False)
    op.create_index("ix_given_answer_outdated_at", "given_answer", ["outdated_at"], unique=False)
    op.create_index(
        "ix_given_answer_vendor", "given_answer", ["vendor_id", "question", "newest"], unique=False
    )
    op.create_table(
        "answer_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("given_id", sa.Uuid(), nullable=False),
        sa.Column("given_version", sa.Integer(), nullable=False),
        sa.Column("given_sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_confirmation_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_answer_confirmation_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["audience_id"],
            ["party.id"],
            name=op.f("fk_answer_confirmation_audience_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["account.id"],
            name=op.f("fk_answer_confirmation_confirmed_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_answer_confirmation_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_id"],
            ["given_answer.id"],
            name=op.f("fk_answer_confirmation_given_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_confirmation")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_answer_confirmation_answer_id")),
    )
    op.create_index(
        op.f("ix_answer_confirmation_assessment_id"), "answer_confirmation", ["assessment_id"], unique=False
    )
    op.create_index(
        op.f("ix_answer_confirmation_engagement_id"), "answer_confirmation", ["engagement_id"], unique=False
    )
    op.create_index(
        op.f("ix_answer_confirmation_given_id"), "answer_confirmation", ["given_id"], unique=False
    )
    op.create_table(
        "answer_settlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("given_id", sa.Uuid(), nullable=False),
        sa.Column("compared_id", sa.Uuid(), nullable=True),
        sa.Column("compared_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=10000), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compared_id"],
            ["given_answer.id"],
            name=op.f("fk_answer_settlement_compared_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_answer_settlement_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_id"], ["given_answer.id"], name=op.f("fk_answer_settlement_given_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_answer_settlement_settled_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_settlement")),
    )
    op.create_index(
        op.f("ix_answer_settlement_engagement_id"), "answer_settlement", ["engagement_id"], unique=False
    )
    op.create_index(op.f("ix_answer_settlement_given_id"), "answer_settlement", ["given_id"], unique=False)
    op.add_column("assessment", sa.Column("sites", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("assessment", "sites")
    op.drop_index(op.f("ix_answer_settlement_given_id"), table_name="answer_settlement")
    op.drop_index(op.f("ix_answer_settlement_engagement_id"), table_name="answer_settlement")
    op.drop_table("answer_settlement")
    op.drop_index(op.f("ix_answer_confirmation_given_id"), table_name="answer_confirmation")
    op.drop_index(op.f("ix_answer_confirmation_engagement_id"), table_name="answer_confirmation")
    op.drop_index(op.f("ix_answer_confirmation_assessment_id"), table_name="answer_confirmation")
    op.drop_table("answer_confirmation")
    op.drop_index("ix_given_answer_vendor", table_name="given_answer")
    op.drop_index("ix_given_answer_outdated_at", table_name="given_answer")
    op.drop_index("ix_given_answer_expires_on", table_name="given_answer")
    op.drop_index("ix_given_answer_engagement", table_name="given_answer")
    op.drop_index(op.f("ix_given_answer_assessment_id"), table_name="given_answer")
    op.drop_table("given_answer")
