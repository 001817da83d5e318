"""inspections, refusals to disclose, findings; samples and third parties' reports as grounds of a review

Report files get the check of their size that evidence has. Rules: see 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_RESULTS = ("conforms", "partly", "not", "unconfirmed", "not_applicable")
_BASES = ("statement", "document", "interview", "on_site", "remote")
_NEW_BASES = ("sampled", "third_party")
_SAMPLE = "sample_size >= 1 AND sample_size <= population"
_PERIOD = "source_to >= source_from"
_LINE, _TEXT = sa.String(500), sa.String(10_000)


def upgrade() -> None:
    _grounds_of_reviews()
    _sizes_of_report_files(with_size=True)
    op.create_table(
        "inspection",
        *_kept(),
        *_place("inspection"),
        sa.Column("document", _LINE, nullable=False),
        sa.Column("edition", _LINE, nullable=False),
        sa.Column("inspector", sa.String(200), nullable=False),
        sa.Column("place", _LINE, nullable=False),
        sa.Column(
            "means",
            _known("inspectionmeans", "on_site", "screen_share", "data_room", "other"),
            nullable=False,
        ),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("seen", _TEXT, nullable=False),
        *_person_and_moment("inspection", "recorded"),
        *_withdrawn(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_table(
        "disclosure_refusal",
        *_kept(),
        *_place("disclosure_refusal"),
        sa.Column(
            "offer",
            _known("refusaloffer", "inspection", "summary", "third_party_report", "nothing"),
            nullable=True,
        ),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("words", _TEXT, nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_refusal")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_disclosure_refusal_answer_id")),
    )
    op.create_table(
        "finding",
        *_kept(),
        sa.Column("number", sa.String(40), nullable=False),
        *_place("finding"),
        sa.Column("item", sa.String(10), nullable=False),
        sa.Column("severity", _known("severity", "high", "medium", "low"), nullable=False),
        sa.Column("what", _TEXT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *_person_and_moment("finding", "raised"),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        *_withdrawn(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("number", name=op.f("uq_finding_number")),
    )
    for table, columns in _INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


_INDEXES = {
    "inspection": ("engagement_id", "assessment_id", "answer_id"),
    "disclosure_refusal": ("engagement_id", "assessment_id"),
    "finding": ("engagement_id", "assessment_id", "answer_id"),
}


def downgrade() -> None:
    for table, columns in reversed(_INDEXES.items()):
        for column in columns:
            op.drop_index(op.f(f"ix_{table}_{column}"), table)
        op.drop_table(table)
    _sizes_of_report_files(with_size=False)
    _former_grounds_of_reviews()


def _kept() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(80), nullable=False),
    )


def _place(table: str) -> tuple[sa.SchemaItem, ...]:
    """The item that a row stands beside."""
    targets = {"engagement_id": "engagement_link", "assessment_id": "assessment", "answer_id": "answer"}
    return (
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in targets),
        *(_foreign(table, name, target) for name, target in targets.items()),
    )


def _person_and_moment(table: str, done: str) -> tuple[sa.SchemaItem, ...]:
    return (
        sa.Column(f"{done}_by", sa.Uuid(), nullable=False),
        sa.Column(f"{done}_at", sa.DateTime(timezone=True), nullable=False),
        _foreign(table, f"{done}_by", "account"),
    )


def _withdrawn() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", _LINE, nullable=False),
    )


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
    )


def _known(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=f"{name}_known", native_enum=False, create_constraint=True, length=40)


def _new_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("sample_size", sa.Integer(), nullable=True),
        sa.Column("sample_choice", _TEXT, nullable=False, server_default=""),
        sa.Column("source_title", _LINE, nullable=False, server_default=""),
        sa.Column("source_scope", _TEXT, nullable=False, server_default=""),
        sa.Column("source_from", sa.Date(), nullable=True),
        sa.Column("source_to", sa.Date(), nullable=True),
        sa.Column("source_exceptions", _TEXT, nullable=False, server_default=""),
    )


def _basis(known: tuple[str, ...]) -> sa.ColumnElement[bool]:
    return sa.column("basis", sa.String(40)).in_(known)


def _reviews(bases: tuple[str, ...], columns: tuple[sa.Column[object], ...] = ()) -> sa.Table:
    """The whole table for a batch move on SQLite: what is reflected there, checks above all, differs from
    release to release of the tools."""
    targets = {"answer_id": "answer", "assessment_id": "assessment", "engagement_id": "engagement_link"}
    table = sa.Table(
        "review",
        sa.MetaData(),
        *_kept(),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in targets),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("comment", _TEXT, nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        *columns,
        *(_foreign("review", name, target) for name, target in targets.items()),
        _foreign("review", "reviewer_id", "account"),
        sa.CheckConstraint(
            sa.column("result", sa.String(40)).in_(_RESULTS), name=op.f("ck_review_reviewresult_known")
        ),
        sa.CheckConstraint(_basis(bases), name=op.f("ck_review_reviewbasis_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_review_answer_id")),
    )
    for name in ("assessment_id", "engagement_id"):
        sa.Index(op.f(f"ix_review_{name}"), table.c[name])
    return table


def _grounds_of_reviews() -> None:
    known = (*_BASES, *_NEW_BASES)
    if op.get_bind().dialect.name == "postgresql":
        for column in _new_columns():
            op.add_column("review", column)
        op.drop_constraint(op.f("ck_review_reviewbasis_known"), "review", type_="check")
        op.create_check_constraint(op.f("ck_review_reviewbasis_known"), "review", _basis(known))
        op.create_check_constraint(op.f("ck_review_sample_in_population"), "review", _SAMPLE)
        op.create_check_constraint(op.f("ck_review_source_period_in_order"), "review", _PERIOD)
        return
    with op.batch_alter_table("review", recreate="always", copy_from=_reviews(known)) as batch:
        for column in _new_columns():
            batch.add_column(column)
        batch.create_check_constraint(op.f("ck_review_sample_in_population"), _SAMPLE)
        batch.create_check_constraint(op.f("ck_review_source_period_in_order"), _PERIOD)


def _former_grounds_of_reviews() -> None:
    """What was said of a sample or a report is lost; the conclusion stays, as one on documents."""
    review = sa.table("review", sa.column("basis"))
    op.execute(sa.update(review).where(review.c.basis.in_(_NEW_BASES)).values(basis="document"))
    if op.get_bind().dialect.name == "postgresql":
        for name in ("source_period_in_order", "sample_in_population", "reviewbasis_known"):
            op.drop_constraint(op.f(f"ck_review_{name}"), "review", type_="check")
        for column in _new_columns():
            op.drop_column("review", column.name)
        op.create_check_constraint(op.f("ck_review_reviewbasis_known"), "review", _basis(_BASES))
        return
    former = _reviews(_BASES, _new_columns())
    with op.batch_alter_table("review", recreate="always", copy_from=former) as batch:
        for column in _new_columns():
            batch.drop_column(column.name)


def _report_files(with_size: bool) -> sa.Table:
    checks = (
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_report_file_digest_present")),
        sa.CheckConstraint("length(wrapped_key) >= 48", name=op.f("ck_report_file_key_present")),
        *((sa.CheckConstraint("size > 0", name=op.f("ck_report_file_size_positive")),) if with_size else ()),
    )
    table = sa.Table(
        "report_file",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("store_key", sa.String(200), nullable=False),
        sa.Column("class_key_id", sa.String(120), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *checks,
        _foreign("report_file", "engagement_id", "engagement_link"),
        _foreign("report_file", "report_id", "report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_report_file_report_id_number")),
        sa.UniqueConstraint("store_key", name=op.f("uq_report_file_store_key")),
    )
    for name in ("engagement_id", "report_id"):
        sa.Index(op.f(f"ix_report_file_{name}"), table.c[name])
    return table


def _sizes_of_report_files(with_size: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        size = op.f("ck_report_file_size_positive")
        if with_size:
            op.create_check_constraint(size, "report_file", "size > 0")
        else:
            op.drop_constraint(size, "report_file", type_="check")
        return
    with op.batch_alter_table("report_file", recreate="always", copy_from=_report_files(with_size)):
        pass
