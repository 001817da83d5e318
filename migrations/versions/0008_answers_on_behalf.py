"""answers entered on behalf: entries, sources, transcriptions, controls left to the user

Rules: numbered; up and down, tested with data on SQLite and PostgreSQL (tests/migrations); never edited
once landed; no import from audit_portal (a migration must mean the same for ever).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "behalf_entry",
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
                "transcribing",
                "to_confirm",
                "confirmed",
                name="entrystate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_behalf_entry_asked_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_behalf_entry_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_behalf_entry_confirmed_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_behalf_entry_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["account.id"], name=op.f("fk_behalf_entry_opened_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behalf_entry")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_behalf_entry_assessment_id")),
    )
    with op.batch_alter_table("behalf_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_behalf_entry_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "answer_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paper",
                "email",
                "phone",
                "interview",
                "public",
                "capture",
                "soc2",
                "ismap",
                name="sourcekind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("evidence_version_id", sa.Uuid(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_answer_source_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_answer_source_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_version_id"],
            ["evidence_version.id"],
            name=op.f("fk_answer_source_evidence_version_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"],
            ["account.id"],
            name=op.f("fk_answer_source_registered_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_source")),
        sa.UniqueConstraint(
            "assessment_id", "position", name=op.f("uq_answer_source_assessment_id_position")
        ),
    )
    with op.batch_alter_table("answer_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_source_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_source_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "transcription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("transcribed_by", sa.Uuid(), nullable=False),
        sa.Column("transcribed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_transcription_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_transcription_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_transcription_confirmed_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_transcription_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["answer_source.id"], name=op.f("fk_transcription_source_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["transcribed_by"],
            ["account.id"],
            name=op.f("fk_transcription_transcribed_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcription")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_transcription_answer_id")),
    )
    with op.batch_alter_table("transcription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transcription_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transcription_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transcription_source_id"), ["source_id"], unique=False)

    op.create_table(
        "user_control",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "done",
                "planned",
                "not_done",
                name="controlstatus_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=10000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_user_control_answered_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_user_control_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_user_control_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["answer_source.id"], name=op.f("fk_user_control_source_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_control")),
        sa.UniqueConstraint("assessment_id", "position", name=op.f("uq_user_control_assessment_id_position")),
    )
    with op.batch_alter_table("user_control", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_control_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_control_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_control_source_id"), ["source_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("user_control", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_control_source_id"))
        batch_op.drop_index(batch_op.f("ix_user_control_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_user_control_assessment_id"))

    op.drop_table("user_control")
    with op.batch_alter_table("transcription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transcription_source_id"))
        batch_op.drop_index(batch_op.f("ix_transcription_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_transcription_assessment_id"))

    op.drop_table("transcription")
    with op.batch_alter_table("answer_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_source_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_answer_source_assessment_id"))

    op.drop_table("answer_source")
    with op.batch_alter_table("behalf_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_behalf_entry_engagement_id"))

    op.drop_table("behalf_entry")
