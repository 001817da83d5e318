"""Queries on parties, engagements and reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.access import Level
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.engagement import OF_THE_CLIENT
from audit_portal.domain.lists import EVERY_WORK, VendorSort, WorkFilter
from audit_portal.domain.register import Validity
from audit_portal.domain.supervision import State
from audit_portal.storage import register, search
from audit_portal.storage.brought_in import still_unshown
from audit_portal.storage.page import Order, Page
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party, PartyKind, Reach
from audit_portal.storage.tables.system import Installation
from audit_portal.storage.transaction import Transaction


def installation(tx: Transaction) -> Installation | None:
    return tx.session.exec(select(Installation)).one_or_none()


def client_conditions(tx: Transaction) -> frozenset[str]:
    """Codes of conditions.yaml that hold because of what the client is."""
    row = installation(tx)
    return frozenset(code for code in OF_THE_CLIENT if row is not None and getattr(row, code))


def client(tx: Transaction) -> Party | None:
    return tx.session.exec(select(Party).where(Party.kind == PartyKind.CLIENT)).one_or_none()


def by_ids(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Party]:
    """Those within reach."""
    query = select(Party).where(col(Party.id).in_(tuple(ids)))
    return {row.id: row for row in tx.session.exec(query)}


def by_number(tx: Transaction, number: str) -> Party | None:
    return tx.session.exec(select(Party).where(Party.number == number)).one_or_none()


def by_corporate_number(tx: Transaction, number: str) -> Party | None:
    return tx.session.exec(select(Party).where(Party.corporate_number == number)).one_or_none()


_VENDORS: dict[VendorSort, Order[Party]] = {
    VendorSort.KANA: Order("kana", col(Party.id), lambda row: row.id, col(Party.kana), lambda row: row.kana),
    VendorSort.NEWEST: Order("newest", col(Party.id), lambda row: row.id, newest_first=True),
}


def vendors(
    tx: Transaction,
    after: str | None,
    words: Collection[str] = (),
    watched: tuple[Validity, date] | None = None,
    sort: VendorSort = VendorSort.KANA,
    limit: int = limits.PAGE,
) -> Page[Party]:
    """Vendors; `words` are looked for in name, kana and number; `watched`: a certification stands so that day."""
    query = select(Party).where(Party.kind == PartyKind.VENDOR)
    if words:
        query = query.where(search.found(tx, words, {search.PARTY: col(Party.id)}))
    if watched:
        query = query.where(col(Party.id).in_(register.certified(*watched)))
    order = _VENDORS[sort]
    return order.page(tx.session.exec(order.rows(query, after, limit)).all(), limit)


@dataclass(frozen=True)
class Placed:
    """An engagement with its link and both parties."""

    engagement: Engagement
    link: EngagementLink
    principal: Party
    vendor: Party


def _placed(tx: Transaction, rows: Sequence[tuple[Engagement, EngagementLink]]) -> list[Placed]:
    """Adds the parties, in one query for all rows."""
    ids = {each for work, _ in rows for each in (work.principal_id, work.vendor_id)}
    found = {party.id: party for party in tx.session.exec(select(Party).where(col(Party.id).in_(ids)))}
    return [Placed(work, link, found[work.principal_id], found[work.vendor_id]) for work, link in rows]


def _linked() -> sa.Select[Engagement, EngagementLink]:
    return sa.select(Engagement, EngagementLink).join(EngagementLink, col(EngagementLink.id) == Engagement.id)


def placed(tx: Transaction, engagement_id: UUID) -> Placed | None:
    rows = [
        (row[0], row[1]) for row in tx.session.execute(_linked().where(col(Engagement.id) == engagement_id))
    ]
    return _placed(tx, rows)[0] if rows else None


_WORKS: Order[tuple[Engagement, EngagementLink]] = Order(
    "newest", col(EngagementLink.id), lambda row: row[1].id, newest_first=True
)


def engagements(
    tx: Transaction,
    after: str | None = None,
    vendor_id: UUID | None = None,
    limit: int = limits.PAGE,
    wanted: WorkFilter = EVERY_WORK,
    words: Collection[str] = (),
) -> Page[Placed]:
    """Engagements within reach, the newest first: by id, as "E-2026-10000" sorts before "E-2026-9999".

    `words`: the spellings of what is searched.
    """
    query = _linked()
    if vendor_id:
        query = query.where(col(Engagement.vendor_id) == vendor_id)
    if wanted.state:
        query = query.where(col(EngagementLink.state) == wanted.state)
    if wanted.tier:
        query = query.where(col(EngagementLink.risk_tier) == wanted.tier)
    if wanted.mine:
        me = tx.actor.account_id
        query = query.where(sa.or_(col(Engagement.owner_id) == me, col(Engagement.deputy_id) == me))
    if wanted.unshown:
        query = query.where(col(EngagementLink.id).in_(still_unshown()))
    if words:
        work = col(Engagement.id)
        places = {search.PARTY: col(Engagement.vendor_id), search.WORK: work, search.LINK: work}
        query = query.where(search.found(tx, words, places))
    rows = [(row[0], row[1]) for row in tx.session.execute(_WORKS.rows(query, after, limit))]
    found = _WORKS.page(rows, limit)
    return Page(tuple(_placed(tx, found.items)), found.next_key)


def links_below(tx: Transaction, engagement_id: UUID) -> list[EngagementLink]:
    """The re-entrustments right below, by number."""
    query = select(EngagementLink).where(EngagementLink.parent_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(EngagementLink.number))))


def running_of(tx: Transaction, vendor_id: UUID) -> list[UUID]:
    """Ids of a vendor's engagements that are neither closed nor refused, in the order in which they are locked."""
    query = select(EngagementLink.id).where(
        EngagementLink.vendor_id == vendor_id,
        col(EngagementLink.state).not_in((State.CLOSED, State.REFUSED)),
    )
    return list(tx.session.exec(query.order_by(col(EngagementLink.id))))


def running_without(
    tx: Transaction, conditions: frozenset[str], engagement_id: UUID | None = None
) -> list[UUID]:
    """Ids of engagements that are neither closed nor refused, on which other conditions of the client's hold
    than these; of all, or whether this one is among them."""
    query = select(Engagement.id, Engagement.conditions).join(
        EngagementLink, col(EngagementLink.id) == col(Engagement.id)
    )
    query = query.where(col(EngagementLink.state).not_in((State.CLOSED, State.REFUSED)))
    if engagement_id is not None:
        query = query.where(col(Engagement.id) == engagement_id)
    rows = tx.session.execute(query.order_by(col(Engagement.id)))
    return [row[0] for row in rows if set(row[1]) & set(OF_THE_CLIENT) != conditions]


def write_reach(tx: Transaction, link: EngagementLink) -> None:
    """The rows that come with a first-tier link: its vendor owns it, its principal reviews it."""
    tx.add(Reach(engagement_id=link.id, subject_id=link.vendor_id, level=Level.OWN))
    tx.add(Reach(engagement_id=link.id, subject_id=link.principal_id, level=Level.REVIEWER))


def assign(tx: Transaction, engagement_id: UUID, account_id: UUID) -> bool:
    """Puts a person on an engagement; False when they were there already."""
    reach = Reach.__table__  # type: ignore[attr-defined]
    there = sa.select(reach.c.level).where(
        reach.c.engagement_id == engagement_id,
        reach.c.subject_id == account_id,
        reach.c.level == Level.ASSIGNED,
    )
    if tx.session.connection().execute(there).first():
        return False
    add_assigned(tx, engagement_id, account_id)
    return True


def person_of(tx: Transaction, account_id: UUID, party_id: UUID) -> Account | None:
    """An account of this party that is still in use."""
    query = select(Account).where(
        Account.id == account_id, Account.party_id == party_id, Account.state != AccountState.ENDED
    )
    return tx.session.exec(query).one_or_none()


def lock(tx: Transaction, engagement_id: UUID) -> None:
    """Holds an engagement for a writing transaction: its facts don't change while a decision is made.

    SQLite has one writer anyway; foreign keys on the row still pass (PostgreSQL: FOR NO KEY UPDATE).
    """
    if tx.writes:
        query = select(EngagementLink.id).where(EngagementLink.id == engagement_id)
        tx.session.exec(query.with_for_update(key_share=True)).one_or_none()


def add_assigned(tx: Transaction, engagement_id: UUID, account_id: UUID) -> None:
    """Puts a person on an engagement that is new: nobody is there yet."""
    tx.add(Reach(engagement_id=engagement_id, subject_id=account_id, level=Level.ASSIGNED))


def assigned_to(tx: Transaction, engagement_id: UUID) -> list[Account]:
    reach = Reach.__table__  # type: ignore[attr-defined]
    people = sa.select(reach.c.subject_id).where(
        reach.c.engagement_id == engagement_id, reach.c.level == Level.ASSIGNED
    )
    ids = tx.session.connection().execute(people).scalars().all()
    return list(tx.session.exec(select(Account).where(col(Account.id).in_(ids)).order_by(col(Account.name))))


def lock_party(tx: Transaction, party_id: UUID) -> None:
    """Holds a party for a writing transaction: what holds of its people as a whole is looked at once at a time."""
    query = select(Party.id).where(Party.id == party_id)
    tx.session.exec(query.with_for_update(key_share=True)).one_or_none()
