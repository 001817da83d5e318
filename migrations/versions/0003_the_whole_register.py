"""the whole register: sites, certifications, contacts, all facts of an engagement, pending re-checks

The contact that stood in columns of a party becomes the party's first row of party_contact, for everything.
"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME, LINE, TEXT = sa.String(length=200), sa.String(length=500), sa.String(length=10000)
OLD = ("contact_name", "contact_department", "contact_email", "contact_phone")


def upgrade() -> None:
    _party_tables()
    _contacts_move_out()
    op.add_column("party", sa.Column("entrusting_entity", NAME, nullable=False, server_default=""))
    for name in OLD:
        op.drop_column("party", name)
    _engagement_columns()
    _engagement_tables()


def _kept() -> tuple[sa.Column, ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
    )


def _one_of(column: str, kind: str, *values: str, nullable: bool = False) -> sa.Column:
    """A column for an enumeration, with the CHECK that the tables declare."""
    known = sa.Enum(*values, name=f"{kind}_known", native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, known, nullable=nullable)


def _table(name: str, owner: str, *columns: sa.schema.SchemaItem, kept: bool = True) -> None:
    """A table of rows that hang on a party or an engagement, with an index on what they hang on."""
    target = {"party_id": "party.id", "engagement_id": "engagement_link.id"}[owner]
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(_kept() if kept else ()),
        sa.Column(owner, sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint([owner], [target], name=op.f(f"fk_{name}_{owner}"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_{owner}"), name, [owner], unique=False)


def _party_tables() -> None:
    _table(
        "party_site",
        "party_id",
        sa.Column("name", NAME, nullable=False),
        sa.Column("address", LINE, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("handles", LINE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after"),
    )
    kinds = ("p_mark", "iso_27001", "iso_27701", "iso_27017", "soc_2", "ismap", "other")
    _table(
        "party_certification",
        "party_id",
        _one_of("kind", "certificationkind", *kinds),
        sa.Column("title", NAME, nullable=False),
        sa.Column("number", NAME, nullable=False),
        sa.Column("covers", LINE, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("remark", LINE, nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", LINE, nullable=False),
    )
    _table(
        "party_contact",
        "party_id",
        sa.Column("name", NAME, nullable=False),
        sa.Column("kana", NAME, nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("department", NAME, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
    )


def _rows(table: str, *names: str, kept: bool = True) -> sa.TableClause:
    stamps = ("created_at", "updated_at")
    types = {"id": sa.Uuid(), "party_id": sa.Uuid(), "purposes": sa.JSON(), "version": sa.Integer()}
    every = (*names, *(("version", "created_at", "created_by", "updated_at", "updated_by") if kept else ()))
    return sa.table(
        table,
        *(
            sa.column(name, sa.DateTime(timezone=True) if name in stamps else types.get(name, sa.String()))
            for name in every
        ),
    )


FIELDS = ("name", "department", "email", "phone")


def _contacts_move_out() -> None:
    connection = op.get_bind()
    party = _rows("party", "id", *OLD)
    contact = _rows(
        "party_contact", "id", "party_id", "name", "kana", "title", "department", "email", "phone", "purposes"
    )
    there = sa.or_(*(party.c[name] != "" for name in OLD))
    for row in connection.execute(sa.select(party).where(there)).mappings().all():
        values = {name: row[f"contact_{name}"] for name in FIELDS}
        # A row needs a name: where none was written, the department, the address or the number stands in.
        values["name"] = values["name"] or next(values[name] for name in FIELDS if values[name])
        connection.execute(
            sa.insert(contact).values(
                id=uuid4(),
                party_id=row["id"],
                **values,
                kana="",
                title="",
                purposes=["contract", "security", "incident", "daily"],
                version=1,
                created_at=row["updated_at"],
                created_by="system:migration",
                updated_at=row["updated_at"],
                updated_by="system:migration",
            )
        )


TEXTS = {
    "abroad_where": LINE,
    "no_recipient_why": LINE,
    "transfer_note": LINE,
    "tier_reason": LINE,
    "upstream_who": NAME,
    "upstream_number": sa.String(length=13),
    "upstream_contract": LINE,
}
LISTS = ("aims", "data_kinds", "transfer", "profile")
CATEGORIES = ("back_office", "it", "call_centre", "sales", "specialist", "other")


def _engagement_columns() -> None:
    _bound_columns()
    for name, kind in TEXTS.items():
        op.add_column("engagement", sa.Column(name, kind, nullable=False, server_default=""))
    for name in LISTS:
        op.add_column("engagement", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    permission = sa.Column("upstream_permission", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("engagement", permission)
    op.add_column("engagement", sa.Column("upstream_permitted_on", sa.Date(), nullable=True))


def _bound_columns() -> None:
    """`deputy_id` and `category`, which bring a constraint each."""
    deputy, known = op.f("fk_engagement_deputy_id"), op.f("ck_engagement_category_known")
    with op.batch_alter_table("engagement", schema=None, table_args=_checks()) as batch_op:
        batch_op.add_column(sa.Column("deputy_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(deputy, "account", ["deputy_id"], ["id"], ondelete="RESTRICT")
    check = f"category IN ({', '.join(repr(each) for each in CATEGORIES)})"
    if op.get_bind().dialect.name == "sqlite":  # there a CHECK comes with its column or not at all
        op.execute(
            f"ALTER TABLE engagement ADD COLUMN category VARCHAR(40) CONSTRAINT {known} CHECK ({check})"
        )
        return
    op.add_column("engagement", sa.Column("category", sa.String(length=40), nullable=True))
    op.create_check_constraint(known, "engagement", check)


def _checks() -> tuple[sa.CheckConstraint, ...]:
    """Those of `engagement` in 0001: a batch move on SQLite keeps just the CHECKs it is told of."""
    return (
        sa.CheckConstraint("persons >= 0", name=op.f("ck_engagement_persons_not_negative")),
        sa.CheckConstraint(
            "work_kind IN ('bpo', 'ito', 'kpo', 'rpo')", name=op.f("ck_engagement_workkind_known")
        ),
        sa.CheckConstraint(
            "classification IN ('entrustment', 'cloud_not_handling', 'joint_use', 'provision',"
            " 'temporary_staff', 'none')",
            name=op.f("ck_engagement_classification_known"),
        ),
    )


def _engagement_tables() -> None:
    _table(
        "engagement_scope_item",
        "engagement_id",
        sa.Column("position", sa.Integer(), nullable=False),
        _one_of("part", "part", "in", "out", "boundary"),
        sa.Column("task", LINE, nullable=False),
        sa.Column("liaison", NAME, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("part <> 'boundary' OR liaison <> ''", name="boundary_has_liaison"),
    )
    _table(
        "engagement_place",
        "engagement_id",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("place", LINE, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["party_site.id"], name=op.f("fk_engagement_place_site_id"), ondelete="RESTRICT"
        ),
    )
    _table(
        "engagement_recipient",
        "engagement_id",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        _one_of("route", "route", "designated", "conforming", "consent", "not_applicable"),
        sa.Column("rests_on", LINE, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
    )
    _table(
        "cloud_determination",
        "engagement_id",
        _one_of("outcome", "determination", "not_handled", "handled"),
        sa.Column("service", NAME, nullable=False),
        sa.Column("terms", TEXT, nullable=False),
        sa.Column("access_control", TEXT, nullable=False),
        sa.Column("source", LINE, nullable=False),
        sa.Column("determined_on", sa.Date(), nullable=False),
        sa.Column("determined_by", NAME, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["account.id"],
            name=op.f("fk_cloud_determination_recorded_by"),
            ondelete="RESTRICT",
        ),
        kept=False,
    )
    _table(
        "pending_recheck",
        "engagement_id",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        _one_of("kind", "assessmentkind", "selection", "contract", "periodic", "audit", "exit"),
        sa.Column("items", sa.JSON(), nullable=False),
        _one_of("risk_tier", "tier", "low", "medium", "high"),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_pending_recheck_assessment_id"),
            ondelete="RESTRICT",
        ),
    )
    op.create_index(
        "uq_pending_recheck_open",
        "pending_recheck",
        ["engagement_id", "kind"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    for name in (
        "pending_recheck",
        "cloud_determination",
        "engagement_recipient",
        "engagement_place",
        "engagement_scope_item",
    ):
        op.drop_table(name)
    _drop_engagement_columns()
    for name, length in zip(OLD, (200, 200, 254, 40), strict=True):
        op.add_column("party", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.drop_column("party", "entrusting_entity")
    _contacts_move_back()
    for name in ("party_contact", "party_certification", "party_site"):
        op.drop_table(name)


def _drop_engagement_columns() -> None:
    for name in ("category", *TEXTS, *LISTS, "upstream_permission", "upstream_permitted_on"):
        op.drop_column("engagement", name)
    with op.batch_alter_table("engagement", schema=None, table_args=_checks()) as batch_op:
        batch_op.drop_column("deputy_id")


def _contacts_move_back() -> None:
    """The oldest contact that hasn't ended; the columns held one."""
    connection = op.get_bind()
    party = _rows("party", "id", *OLD, kept=False)
    contact = sa.table(
        "party_contact",
        *(sa.column(name, sa.Uuid()) for name in ("id", "party_id")),
        *(sa.column(name, sa.String()) for name in FIELDS),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("ended_on", sa.Date()),
    )
    query = sa.select(contact).where(contact.c.ended_on.is_(None))
    done = set()
    for row in connection.execute(query.order_by(contact.c.created_at, contact.c.id)).mappings().all():
        if row["party_id"] not in done:
            done.add(row["party_id"])
            values = {f"contact_{name}": row[name] for name in FIELDS}
            connection.execute(sa.update(party).where(party.c.id == row["party_id"]).values(**values))
