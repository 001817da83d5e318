"""contracts and evaluations brought in; what shows a gate of an engagement that came in running

Rules: numbered; up and down, tested with data on SQLite and PostgreSQL (tests/migrations); never edited
once landed; no import from audit_portal (a migration must mean the same for ever).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BEFORE = ("vendors", "engagements")
_NEW = ("contracts", "evaluations")
_CHECK = "ck_import_run_importkind_known"
_GATES = ("G1", "G2", "G2b", "G3", "G4")
_CHECKS = ("selection", "contract", "periodic", "audit", "exit")


def upgrade() -> None:
    _kinds_of_runs((*_BEFORE, *_NEW))
    _gates_shown()
    _evaluations()


def downgrade() -> None:
    op.drop_table("brought_evaluation")
    op.drop_table("gate_shown")
    run = sa.table("import_run", sa.column("kind"))
    op.execute(sa.update(run).where(run.c.kind.in_(_NEW)).values(kind="engagements"))
    _kinds_of_runs(_BEFORE)


def _kinds_of_runs(known: tuple[str, ...]) -> None:
    kinds = sa.column("kind", sa.String(40)).in_(known)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_CHECK), "import_run", type_="check")
        op.create_check_constraint(op.f(_CHECK), "import_run", kinds)
        return
    with op.batch_alter_table("import_run", recreate="always", copy_from=_runs(kinds)):
        pass


def _runs(kinds: sa.ColumnElement[bool]) -> sa.Table:
    """The whole table for a batch move on SQLite, which reflects no checks."""
    table = sa.Table(
        "import_run",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rows_read", "created", "changed")),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("catch_up_on", sa.Date(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(kinds, name=op.f(_CHECK)),
        _foreign("import_run", "applied_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    sa.Index(op.f("ix_import_run_applied_at"), table.c.applied_at)
    return table


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
    )


def _known(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=f"{name}_known", native_enum=False, create_constraint=True, length=40)


def _gates_shown() -> None:
    name = "gate_shown"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("gate", _known("gate", _GATES), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        _foreign(name, "engagement_id", "engagement_link"),
        _foreign(name, "decision_id", "decision"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("decision_id", name=op.f(f"uq_{name}_decision_id")),
        sa.UniqueConstraint("engagement_id", "gate", name=op.f(f"uq_{name}_engagement_id_gate")),
    )
    op.create_index(op.f(f"ix_{name}_engagement_id"), name, ["engagement_id"])


def _evaluations() -> None:
    name = "brought_evaluation"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _known("assessmentkind", _CHECKS), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(500), nullable=False),
        sa.Column("evaluator", sa.String(200), nullable=False),
        sa.Column("record_place", sa.String(500), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        _foreign(name, "engagement_id", "engagement_link"),
        _foreign(name, "run_id", "import_run"),
        _foreign(name, "entered_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(
            "engagement_id",
            "kind",
            "evaluated_on",
            name=op.f(f"uq_{name}_engagement_id_kind_evaluated_on"),
        ),
    )
    for column in ("engagement_id", "run_id"):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])
