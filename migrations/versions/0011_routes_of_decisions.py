"""routes of decisions, blockers accepted for a time, conditions, words for the vendor, decisions taken outside

A request may also end returned or overtaken. Rules: see 0001.
"""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_GATES = ("G1", "G2", "G2b", "G3", "G4")
_BEFORE = ("requested", "approved", "refused")
_ENDED = ("returned", "stale")
_ANY = "個人情報保護管理者"  # the one seat of a request that was open before there were routes
_NEW = (
    "outside_decision",
    "decision_route",
    "refusal_notice",
    "seat_deputy",
    "accepted_blocker",
    "decision_condition",
    "decision_seat",
)


def upgrade() -> None:
    op.add_column("decision", sa.Column("step", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "decision", sa.Column("vendor_words", sa.String(length=10000), nullable=False, server_default="")
    )
    op.add_column(
        "decision", sa.Column("ended_because", sa.String(length=40), nullable=False, server_default="")
    )
    _states(_BEFORE + _ENDED)
    _tables()
    _seat_open_requests()
    _accepted_so_far()


def downgrade() -> None:
    for table in reversed(_NEW):
        op.drop_table(table)
    decision = sa.table("decision", sa.column("state"))
    op.execute(sa.update(decision).where(decision.c.state.in_(_ENDED)).values(state="refused"))
    _states(_BEFORE)
    for name in ("ended_because", "vendor_words", "step"):
        op.drop_column("decision", name)


def _states(known: tuple[str, ...]) -> None:
    column = sa.column("state", sa.String(40))
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("decisionstate_known", "decision", type_="check")
        op.create_check_constraint("decisionstate_known", "decision", column.in_(known))
        return
    # A batch move makes the table anew, without the checks that reflection doesn't see: both are given again.
    op.drop_index("uq_decision_open", table_name="decision")
    with op.batch_alter_table("decision") as batch:
        batch.create_check_constraint("decisionstate_known", column.in_(known))
        batch.create_check_constraint("gate_known", sa.column("gate", sa.String(40)).in_(_GATES))
    op.create_index(
        "uq_decision_open",
        "decision",
        ["engagement_id", "gate"],
        unique=True,
        sqlite_where=sa.text("state = 'requested'"),
    )


def _tables() -> None:
    op.create_table(
        "outside_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("approver", sa.String(length=200), nullable=False),
        sa.Column("approver_title", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("evidence_version_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_outside_decision_decision_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_outside_decision_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_outside_decision_entered_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["evidence_version_id"],
            ["evidence_version.id"],
            name=op.f("fk_outside_decision_evidence_version_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_decision")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_outside_decision_decision_id")),
    )
    op.create_index(
        op.f("ix_outside_decision_engagement_id"), "outside_decision", ["engagement_id"], unique=False
    )
    op.create_table(
        "decision_route",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
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
        sa.Column("risk_tier", sa.String(length=10), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_route")),
    )
    op.create_index(
        "uq_decision_route_standing",
        "decision_route",
        ["gate", "risk_tier"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "refusal_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=10000), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_refusal_notice_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal_notice")),
    )
    op.create_index(
        op.f("ix_refusal_notice_engagement_id"), "refusal_notice", ["engagement_id"], unique=False
    )
    op.create_table(
        "seat_deputy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_seat_deputy_days_in_order")),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_seat_deputy_two_people")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["account.id"], name=op.f("fk_seat_deputy_deputy_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["account.id"], name=op.f("fk_seat_deputy_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_deputy")),
    )
    op.create_index(op.f("ix_seat_deputy_person_id"), "seat_deputy", ["person_id"], unique=False)
    op.create_table(
        "accepted_blocker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
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
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("measure", sa.String(length=500), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_accepted_blocker_decision_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_accepted_blocker_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_blocker")),
    )
    op.create_index(
        op.f("ix_accepted_blocker_decision_id"), "accepted_blocker", ["decision_id"], unique=False
    )
    op.create_index(
        op.f("ix_accepted_blocker_engagement_id"), "accepted_blocker", ["engagement_id"], unique=False
    )
    op.create_index(
        op.f("ix_accepted_blocker_settled_at_expires_on"),
        "accepted_blocker",
        ["settled_at", "expires_on"],
        unique=False,
    )
    op.create_table(
        "decision_condition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("before_release", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "fulfilled",
                "confirmed",
                name="conditionstate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("fulfilled_by", sa.Uuid(), nullable=True),
        sa.Column("fulfilled_name", sa.String(length=200), nullable=False),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_name", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["account.id"],
            name=op.f("fk_decision_condition_confirmed_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_decision_condition_decision_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_decision_condition_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["fulfilled_by"],
            ["account.id"],
            name=op.f("fk_decision_condition_fulfilled_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_condition")),
        sa.UniqueConstraint("number", name=op.f("uq_decision_condition_number")),
    )
    op.create_index(
        op.f("ix_decision_condition_decision_id"), "decision_condition", ["decision_id"], unique=False
    )
    op.create_index(
        op.f("ix_decision_condition_engagement_id"), "decision_condition", ["engagement_id"], unique=False
    )
    op.create_index(
        op.f("ix_decision_condition_state_due_on"), "decision_condition", ["state", "due_on"], unique=False
    )
    op.create_table(
        "decision_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "returned",
                "refused",
                name="seatstate_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("acted_by", sa.Uuid(), nullable=True),
        sa.Column("acted_for", sa.Uuid(), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_department", sa.String(length=200), nullable=False),
        sa.Column("for_name", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.String(length=10000), nullable=False),
        sa.ForeignKeyConstraint(
            ["acted_by"], ["account.id"], name=op.f("fk_decision_seat_acted_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["acted_for"], ["account.id"], name=op.f("fk_decision_seat_acted_for"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_seat_decision_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement_link.id"],
            name=op.f("fk_decision_seat_engagement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_seat")),
        sa.UniqueConstraint("decision_id", "position", name=op.f("uq_decision_seat_decision_id_position")),
    )
    op.create_index(op.f("ix_decision_seat_decision_id"), "decision_seat", ["decision_id"], unique=False)
    op.create_index(op.f("ix_decision_seat_engagement_id"), "decision_seat", ["engagement_id"], unique=False)


def _kept(row: sa.Row) -> dict[str, object]:
    actor = "system:upgrade"
    return {
        "id": uuid4(),
        "version": 1,
        "created_at": row.updated_at,
        "created_by": actor,
        "updated_at": row.updated_at,
        "updated_by": actor,
        "decision_id": row.id,
        "engagement_id": row.engagement_id,
    }


def _decisions(state: str) -> list[sa.Row]:
    decision = sa.table(
        "decision",
        sa.column("id", sa.Uuid()),
        sa.column("engagement_id", sa.Uuid()),
        sa.column("gate"),
        sa.column("state"),
        sa.column("accepted", sa.JSON()),
        sa.column("updated_at", sa.DateTime(timezone=True)),
    )
    return list(op.get_bind().execute(sa.select(decision).where(decision.c.state == state)))


def _reflected(name: str, **typed: sa.types.TypeEngine[object]) -> sa.Table:
    columns = [
        sa.Column(each["name"], typed.get(each["name"], each["type"]))
        for each in sa.inspect(op.get_bind()).get_columns(name)
    ]
    return sa.Table(name, sa.MetaData(), *columns)


_IDS = {"id": sa.Uuid(), "decision_id": sa.Uuid(), "engagement_id": sa.Uuid()}


def _seat_open_requests() -> None:
    seat = _reflected("decision_seat", people=sa.JSON(), **_IDS)
    for row in _decisions("requested"):
        words = dict.fromkeys(("actor_name", "actor_department", "for_name", "comment"), "")
        op.get_bind().execute(
            sa.insert(seat).values(**_kept(row), **words, position=1, title=_ANY, people=[], state="waiting")
        )


def _accepted_so_far() -> None:
    accepted = _reflected("accepted_blocker", **_IDS)
    for row in _decisions("approved"):
        for each in row.accepted:
            values = {name: each[name] for name in ("key", "reason", "measure")}
            values["expires_on"] = date.fromisoformat(each["expires_on"])
            op.get_bind().execute(sa.insert(accepted).values(**_kept(row), **values, gate=row.gate))
