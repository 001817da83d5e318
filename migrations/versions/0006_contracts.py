"""contracts, their documents, and the clauses that answers stand on

Evidence stands on an engagement or on a contract. Rules: see 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OF_ONE = "(engagement_id IS NULL) <> (contract_id IS NULL)"
_WIDENED = ("evidence", "evidence_reading", "evidence_version")
_INDEXED = ("evidence", "evidence_version")
_NEW = (
    "clause_tie",
    "contract_document",
    "clause_stand_in",
    "contract_engagement",
    "contract_deadline",
)


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "master",
                "individual",
                "memorandum",
                "terms",
                "amendment",
                "nda",
                name="contractkind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("reference_number", sa.String(length=40), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("notice_months", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.String(length=10000), nullable=False),
        sa.Column(
            "reentrustment",
            sa.Enum(
                "forbidden",
                "prior_consent",
                "listed_only",
                "report_after",
                "free",
                name="reentrustment_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("audit_right", sa.Boolean(), nullable=False),
        sa.Column("audit_right_note", sa.String(length=500), nullable=False),
        sa.Column("governing_note", sa.String(length=10000), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= starts_on", name=op.f("ck_contract_ended_after_start")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_contract_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contract.id"], name=op.f("fk_contract_parent_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["party.id"], name=op.f("fk_contract_principal_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["party.id"], name=op.f("fk_contract_vendor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_contract_number")),
    )
    with op.batch_alter_table("contract") as batch:
        batch.create_index(batch.f("ix_contract_parent_id"), ["parent_id"], unique=False)
        batch.create_index(batch.f("ix_contract_principal_id"), ["principal_id"], unique=False)
        batch.create_index(batch.f("ix_contract_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "contract_deadline",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("notice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_deadline_contract_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_contract_deadline")),
    )
    with op.batch_alter_table("contract_deadline") as batch:
        batch.create_index(batch.f("ix_contract_deadline_due_on"), ["due_on"], unique=False)

    op.create_table(
        "contract_engagement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_contract_engagement_valid_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_engagement_contract_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_contract_engagement_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_engagement")),
        sa.UniqueConstraint(
            "contract_id", "engagement_id", name=op.f("uq_contract_engagement_contract_id_engagement_id")
        ),
    )
    with op.batch_alter_table("contract_engagement") as batch:
        batch.create_index(batch.f("ix_contract_engagement_contract_id"), ["contract_id"], unique=False)
        batch.create_index(batch.f("ix_contract_engagement_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "clause_stand_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "terms",
                "law",
                "other",
                name="standin_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(length=10000), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_clause_stand_in_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_clause_stand_in_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_clause_stand_in_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_stand_in")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_clause_stand_in_answer_id")),
    )
    with op.batch_alter_table("clause_stand_in") as batch:
        batch.create_index(batch.f("ix_clause_stand_in_assessment_id"), ["assessment_id"], unique=False)
        batch.create_index(batch.f("ix_clause_stand_in_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "contract_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "electronic",
                "scan",
                "paper",
                "other",
                name="documentform_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_version_id", sa.Uuid(), nullable=True),
        sa.Column("original_place", sa.String(length=500), nullable=False),
        sa.Column("original_binder", sa.String(length=500), nullable=False),
        sa.Column("original_keeper", sa.String(length=200), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column(
            "signature_state",
            sa.Enum(
                "none",
                "pending",
                "checked",
                "unreadable",
                name="signaturestate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("signatures_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_contract_document_added_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_document_contract_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_contract_document_evidence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_version_id"],
            ["evidence_version.id"],
            name=op.f("fk_contract_document_evidence_version_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_document")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_contract_document_evidence_id")),
    )
    with op.batch_alter_table("contract_document") as batch:
        batch.create_index(batch.f("ix_contract_document_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "clause_tie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("clause", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_clause_tie_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_clause_tie_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_clause_tie_contract_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["contract_document.id"],
            name=op.f("fk_clause_tie_document_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_clause_tie_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_tie")),
    )
    with op.batch_alter_table("clause_tie") as batch:
        batch.create_index(batch.f("ix_clause_tie_answer_id"), ["answer_id"], unique=False)
        batch.create_index(batch.f("ix_clause_tie_assessment_id"), ["assessment_id"], unique=False)
        batch.create_index(batch.f("ix_clause_tie_contract_id"), ["contract_id"], unique=False)
        batch.create_index(batch.f("ix_clause_tie_document_id"), ["document_id"], unique=False)
        batch.create_index(batch.f("ix_clause_tie_engagement_id"), ["engagement_id"], unique=False)

    for table in _WIDENED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("contract_id", sa.Uuid(), nullable=True))
            batch.alter_column("engagement_id", existing_type=sa.Uuid(), nullable=True)
            batch.create_foreign_key(
                batch.f(f"fk_{table}_contract_id"), "contract", ["contract_id"], ["id"], ondelete="RESTRICT"
            )
            batch.create_check_constraint("of_one", sa.text(_OF_ONE))
        if table in _INDEXED:
            op.create_index(op.f(f"ix_{table}_contract_id"), table, ["contract_id"], unique=False)


def downgrade() -> None:
    # Contract documents go back to the first engagement that their contract serves: no file is lost.
    tie = sa.table("contract_engagement", *map(sa.column, ("contract_id", "engagement_id", "id")))
    for table in _WIDENED:
        rows = sa.table(table, sa.column("contract_id"), sa.column("engagement_id"))
        first = (
            sa.select(tie.c.engagement_id)
            .where(tie.c.contract_id == rows.c.contract_id)
            .order_by(tie.c.id)
            .limit(1)
            .scalar_subquery()
        )
        op.execute(
            sa.update(rows)
            .where(rows.c.contract_id.is_not(None))
            .values(engagement_id=first, contract_id=None)
        )
        if table in _INDEXED:
            op.drop_index(op.f(f"ix_{table}_contract_id"), table_name=table)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(f"ck_{table}_of_one"), type_="check")
            batch.drop_constraint(batch.f(f"fk_{table}_contract_id"), type_="foreignkey")
            batch.alter_column("engagement_id", existing_type=sa.Uuid(), nullable=False)
            batch.drop_column("contract_id")
    for name in _NEW:
        op.drop_table(name)
    op.drop_table("contract")
