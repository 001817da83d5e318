"""A forgotten actor, reach or ledger entry is refused by the code, not by discipline."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, select

from audit_portal.domain.access import Actor, Level, Role, system
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.assessments import ChecklistPublished
from audit_portal.domain.events.parties import PartyChanged, PartyRegistered
from audit_portal.storage import ledger
from audit_portal.storage.scope import Unscoped, tables
from audit_portal.storage.tables.assessments import ChecklistVersion
from audit_portal.storage.tables.base import Identified, Ledger, Row, Scope
from audit_portal.storage.tables.supervision import EngagementLink, Party, PartyKind, Reach
from audit_portal.storage.tables.system import History, LedgerEntry
from audit_portal.storage.transaction import Database, Transaction, Unrecorded

SYSTEM = system("test")


def party(number: str = "P-2026-0001", kind: PartyKind = PartyKind.VENDOR) -> Party:
    return Party(number=number, kind=kind, name="北海印刷株式会社", kana="ホッカイインサツ")


def registered(row: Party) -> PartyRegistered:
    return PartyRegistered(party_id=row.id, number=row.number)


def add_party(db: Database, number: str = "P-2026-0001", kind: PartyKind = PartyKind.VENDOR) -> UUID:
    with db.begin(SYSTEM) as tx:
        row = party(number, kind)
        tx.add(row)
        tx.record(registered(row))
    return row.id


def test_a_change_without_a_ledger_entry_is_not_committed(db: Database) -> None:
    with pytest.raises(Unrecorded), db.begin(SYSTEM) as tx:
        tx.add(party())
    with db.read(SYSTEM) as tx:
        assert tx.session.exec(select(Party)).all() == []


@pytest.mark.parametrize(
    "statement", [sa.update(Party).values(name="x"), sa.delete(Party), sa.delete(LedgerEntry)]
)
def test_rows_are_not_changed_in_bulk_past_version_and_history(db: Database, statement: Any) -> None:
    party_id = add_party(db)
    with pytest.raises(Unscoped), db.begin(SYSTEM) as tx:
        tx.session.execute(statement)
        tx.record(PartyChanged(party_id=party_id))
    with db.read(SYSTEM) as tx:
        assert tx.session.get(Party, party_id).name == "北海印刷株式会社"  # type: ignore[union-attr]


def test_a_query_without_an_actor_raises(db: Database) -> None:
    with Session(db.engine) as session, pytest.raises(Unscoped):
        session.exec(select(Party)).all()
    with pytest.raises(Unscoped), db.begin(None):  # type: ignore[arg-type]
        pass


def test_a_change_without_an_actor_raises(db: Database) -> None:
    with Session(db.engine) as session:
        session.add(party())
        with pytest.raises(Unscoped):
            session.commit()


@pytest.mark.parametrize("statement", [sa.text("SELECT name FROM party"), sa.select(Party.__table__)])  # type: ignore[attr-defined]
def test_a_statement_past_the_mapped_tables_raises(db: Database, statement: Any) -> None:
    with db.read(SYSTEM) as tx, pytest.raises(Unscoped):
        tx.session.execute(statement)


@pytest.mark.parametrize("joined", [False, True])
def test_an_aliased_table_raises_because_it_would_come_unfiltered(db: Database, joined: bool) -> None:
    other = aliased(Party)
    statement = sa.select(EngagementLink, other).join(other, other.id == EngagementLink.vendor_id)  # type: ignore[arg-type]
    with db.read(SYSTEM) as tx, pytest.raises(Unscoped):
        tx.session.execute(statement if joined else sa.select(other))


def test_a_reading_transaction_changes_nothing(db: Database) -> None:
    with db.read(SYSTEM) as tx:
        tx.add(party())
        with pytest.raises(Unscoped):
            tx.flush()
    with db.read(SYSTEM) as tx, pytest.raises(Unscoped):
        tx.session.execute(sa.update(Party).values(name="x"))


@pytest.mark.parametrize(
    "statement",
    [
        sa.select(Party, EngagementLink.__table__),  # type: ignore[attr-defined]
        sa.select(Party).where(Party.id.in_(sa.select(EngagementLink.__table__.c.vendor_id))),  # type: ignore[attr-defined]
        sa.select(Party, sa.select(EngagementLink.__table__.c.number).scalar_subquery()),  # type: ignore[attr-defined]
        sa.select(Party).where(sa.exists().where(EngagementLink.__table__.c.vendor_id == Party.id)),  # type: ignore[attr-defined]
        sa.select(Party, sa.literal_column("(SELECT count(*) FROM party)")),
        sa.select(Party).where(sa.text("1 = 1")),
        sa.select(Party).from_statement(sa.text("SELECT * FROM party")),
    ],
)
def test_a_table_hidden_in_a_mapped_statement_raises(db: Database, statement: Any) -> None:
    with db.read(SYSTEM) as tx, pytest.raises(Unscoped):
        tx.session.execute(statement).all()


def test_only_the_transaction_itself_commits(db: Database) -> None:
    with pytest.raises(Unrecorded), db.begin(SYSTEM) as tx:
        tx.add(party())
        tx.session.commit()
    with db.read(SYSTEM) as tx:
        assert tx.session.exec(select(Party)).all() == []


def test_a_row_that_is_written_once_never_changes(db: Database) -> None:
    with db.begin(SYSTEM) as tx:
        row = ChecklistVersion(
            checklist="a",
            version_name="1",
            sha256="0" * 64,
            body=b"a",
            published_at=tx.now,
            published_by="test",
        )
        tx.add(row)
        tx.record(ChecklistPublished(checklist="a", version="1", sha256="0" * 64))
    with pytest.raises(Unrecorded, match="never changes"), db.begin(SYSTEM) as tx:
        tx.session.get(ChecklistVersion, row.id).body = b"b"  # type: ignore[union-attr]
        tx.record(ChecklistPublished(checklist="a", version="1", sha256="0" * 64))


def test_a_row_that_is_not_a_draft_is_never_deleted(db: Database) -> None:
    party_id = add_party(db)
    with pytest.raises(Unrecorded), db.begin(SYSTEM) as tx:
        tx.remove(tx.session.get(Party, party_id))  # type: ignore[arg-type]
        tx.record(PartyChanged(party_id=party_id))


def test_a_table_that_does_not_say_its_scope_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="__scope__"):

        class Forgotten(Identified, table=True):
            __ledger__ = Ledger.RECORDED

    with pytest.raises(TypeError, match="__ledger__"):

        class AlsoForgotten(Identified, table=True):
            __scope__ = Scope.OPEN


def test_every_table_that_names_an_engagement_is_scoped_by_it() -> None:
    system_rows = {"Reach", "LedgerEntry"}
    # Narrower than the engagement, or for those who see every one of them.
    by_it = {Scope.ENGAGEMENT, Scope.SIDE, Scope.CONTRACT, Scope.EVIDENCE, Scope.OFFICE}
    for cls in tables():
        if "engagement_id" in cls.model_fields and cls.__name__ not in system_rows:
            assert cls.__scope__ in by_it, cls.__name__


# Reach


def link(principal: UUID, vendor: UUID, number: str) -> EngagementLink:
    return EngagementLink(
        number=number,
        principal_id=principal,
        vendor_id=vendor,
        tier=1,
        risk_tier=Tier.LOW,
        valid_from=date(2026, 11, 20),
    )


def two_vendors(db: Database) -> tuple[list[UUID], list[UUID]]:
    client = add_party(db, "P-2026-0000", PartyKind.CLIENT)
    vendors = [add_party(db, f"P-2026-000{n}") for n in (1, 2)]
    links = []
    with db.begin(SYSTEM) as tx:
        for n, vendor in enumerate(vendors):
            row = link(client, vendor, f"E-2026-000{n}")
            tx.add(row)
            tx.flush()
            tx.add(Reach(engagement_id=row.id, subject_id=vendor, level=Level.OWN))
            links.append(row.id)
        tx.record(PartyChanged(party_id=client))
    return vendors, links


def vendor_actor(party_id: UUID) -> Actor:
    return Actor(UUID(int=7), party_id, frozenset({Role.VENDOR_LEAD}), "鈴木")


def links_seen(tx: Transaction) -> list[UUID]:
    return [row.id for row in tx.session.exec(select(EngagementLink))]


def test_a_vendor_never_sees_a_neighbour_in_any_kind_of_query(db: Database) -> None:
    vendors, links = two_vendors(db)
    with db.read(vendor_actor(vendors[0])) as tx:
        assert links_seen(tx) == [links[0]]
        assert tx.session.get(EngagementLink, links[1]) is None
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(EngagementLink)) == 1
        assert tx.session.scalars(sa.select(EngagementLink.number)).all() == ["E-2026-0000"]
        names = tx.session.scalars(sa.select(Party.number).order_by(Party.number)).all()
        assert "P-2026-0002" not in names and "P-2026-0001" in names
        joined = sa.select(Party.id).join(EngagementLink, EngagementLink.vendor_id == Party.id)  # type: ignore[arg-type]
        assert tx.session.scalars(joined).all() == [vendors[0]]
        exists = sa.select(sa.exists().where(EngagementLink.id == links[1]))  # type: ignore[arg-type]
        assert tx.session.scalar(sa.select(Party.id).where(exists.scalar_subquery()).limit(1)) is None


def test_a_person_reads_nothing_of_the_tables_of_the_house(db: Database) -> None:
    vendors, _ = two_vendors(db)
    with db.read(vendor_actor(vendors[0])) as tx:
        for cls in tables():
            if cls.__scope__ is Scope.SYSTEM:
                assert tx.session.exec(select(cls)).all() == [], cls.__name__


# Version, history, ledger


def test_a_stale_version_is_a_conflict_and_changes_nothing(db: Database) -> None:
    party_id = add_party(db)
    with db.read(SYSTEM) as tx:
        stale = tx.session.get(Party, party_id)
        tx.session.expunge(stale)  # as another process would hold it
    with db.begin(SYSTEM) as tx:
        tx.session.get(Party, party_id).name = "先に変えた"  # type: ignore[union-attr]
        tx.record(PartyChanged(party_id=party_id))
    with pytest.raises(Conflict), db.begin(SYSTEM) as tx:
        tx.session.add(stale)
        stale.name = "後から"  # type: ignore[union-attr]
        tx.record(PartyChanged(party_id=party_id))
    with db.read(SYSTEM) as tx:
        row = tx.session.get(Party, party_id)
        assert (row.name, row.version) == ("先に変えた", 2)  # type: ignore[union-attr]


def test_the_ledger_commits_to_every_version_of_a_row(db: Database) -> None:
    party_id = add_party(db)
    with db.read(SYSTEM) as tx:
        kept = tx.session.exec(select(History).where(History.row_id == party_id)).one()
        entries = [json.loads(body) for _, body, _ in ledger.entry_rows(tx)]
    assert json.loads(kept.body)["name"] == "北海印刷株式会社"
    assert entries[0]["rows"] == [
        ["party", str(party_id), 1, hashlib.sha256(kept.salt + kept.body).hexdigest()]
    ]
    assert entries[0]["event"] == "party.registered"


def test_entries_are_numbered_without_gaps(db: Database) -> None:
    for n in range(5):
        add_party(db, f"P-2026-000{n}")
    with db.read(SYSTEM) as tx:
        assert [seq for seq, _, _ in ledger.entry_rows(tx)] == [0, 1, 2, 3, 4]


def test_the_same_form_sent_twice_changes_things_once(db: Database) -> None:
    actor = Actor(UUID(int=5), None, frozenset({Role.OFFICER}), "佐藤")
    with db.begin(actor, "a-form") as tx:
        row = party()
        tx.add(row)
        tx.record(registered(row))
    with pytest.raises(Conflict) as refused, db.begin(actor, "a-form") as tx:
        row = party("P-2026-0002")
        tx.add(row)
        tx.record(registered(row))
    assert refused.value.code == "already_done"


def test_a_row_class_names_itself_as_the_base() -> None:
    assert all(issubclass(cls, Row) for cls in tables())
