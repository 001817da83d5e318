"""the process of a check: delegation, comments, more time, dated copies, rounds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("checklist_version_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("message", sa.String(length=10000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                name="roundstate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checklist_version_id"],
            ["checklist_version.id"],
            name=op.f("fk_check_round_checklist_version_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["account.id"], name=op.f("fk_check_round_started_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_round")),
    )
    op.create_table(
        "check_round_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "left_out",
                name="linestate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.String(length=60), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_check_round_line_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_check_round_line_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["check_round.id"], name=op.f("fk_check_round_line_round_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_round_line")),
        sa.UniqueConstraint(
            "round_id", "engagement_id", name=op.f("uq_check_round_line_round_id_engagement_id")
        ),
    )
    with op.batch_alter_table("check_round_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_check_round_line_engagement_id"), ["engagement_id"], unique=False
        )
        batch_op.create_index("ix_check_round_line_state", ["round_id", "state"], unique=False)

    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=True),
        sa.Column("delegate_id", sa.Uuid(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_delegation_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["party.id"], name=op.f("fk_delegation_audience_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["account.id"], name=op.f("fk_delegation_delegate_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_delegation_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["account.id"], name=op.f("fk_delegation_given_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegation_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegation_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "more_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "granted",
                "refused",
                "replaced",
                name="timestate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=10000), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=10000), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_more_time_asked_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_more_time_assessment_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_more_time_decided_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_more_time_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_more_time")),
    )
    with op.batch_alter_table("more_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_more_time_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_more_time_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(
            "uq_more_time_open",
            ["assessment_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "submission_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers_root", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_submission_copy_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["party.id"], name=op.f("fk_submission_copy_audience_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_submission_copy_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["account.id"],
            name=op.f("fk_submission_copy_submitted_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_copy")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_submission_copy_assessment_id_number")),
    )
    with op.batch_alter_table("submission_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_copy_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_copy_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "answer_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_party_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_comment_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_answer_comment_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["party.id"], name=op.f("fk_answer_comment_audience_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_answer_comment_author_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["author_party_id"],
            ["party.id"],
            name=op.f("fk_answer_comment_author_party_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_answer_comment_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_comment")),
    )
    with op.batch_alter_table("answer_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_comment_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_comment_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_comment_engagement_id"), ["engagement_id"], unique=False)

    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_delegate_id"), ["delegate_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_delegate_id"))

    with op.batch_alter_table("answer_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_comment_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_answer_comment_assessment_id"))
        batch_op.drop_index(batch_op.f("ix_answer_comment_answer_id"))

    op.drop_table("answer_comment")
    with op.batch_alter_table("submission_copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_copy_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_submission_copy_assessment_id"))

    op.drop_table("submission_copy")
    with op.batch_alter_table("more_time", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_more_time_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_more_time_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_more_time_assessment_id"))

    op.drop_table("more_time")
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegation_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_delegation_delegate_id"))
        batch_op.drop_index(batch_op.f("ix_delegation_assessment_id"))

    op.drop_table("delegation")
    with op.batch_alter_table("check_round_line", schema=None) as batch_op:
        batch_op.drop_index("ix_check_round_line_state")
        batch_op.drop_index(batch_op.f("ix_check_round_line_engagement_id"))

    op.drop_table("check_round_line")
    op.drop_table("check_round")
