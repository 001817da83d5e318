"""Criteria are made for the tables asked of alone, and their values aren't copied with them."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.sql.util import _deep_annotate
from sqlalchemy.sql.visitors import iterate
from sqlmodel import select

from audit_portal.domain.access import Actor, Role, system
from audit_portal.domain.events.parties import PartyRegistered
from audit_portal.storage import scope
from audit_portal.storage.scope_values import with_plain_values
from audit_portal.storage.tables.supervision import Party, PartyKind
from audit_portal.storage.transaction import Database


def lead() -> Actor:
    return Actor(uuid4(), uuid4(), frozenset({Role.VENDOR_LEAD}), "海野 渚")


def values(rule: sa.ColumnElement[bool]) -> list[sa.BindParameter[object]]:
    return [part for part in iterate(rule) if isinstance(part, sa.BindParameter)]


def test_criteria_are_made_for_the_tables_a_query_asks_of(db: Database) -> None:
    actor = lead()
    with db.read(actor) as tx:
        assert tx.session.exec(select(Party)).all() == []
    assert set(scope._criteria(actor)) == {"party"}


def test_plain_values_say_the_same_and_stay_themselves_in_a_copy() -> None:
    actor = lead()
    rules = {cls: scope._rule(cls, actor) for cls in scope.tables()}
    for cls, rule in rules.items():
        if rule is None:
            continue
        plain = with_plain_values(rule)
        assert [(each.value, each.expanding) for each in values(plain)] == [
            (each.value, each.expanding) for each in values(rule)
        ]
        kwargs = {"literal_binds": True}
        assert str(sa.select(cls).where(plain).compile(compile_kwargs=kwargs)) == str(
            sa.select(cls).where(rule).compile(compile_kwargs=kwargs)
        )
        copied = _deep_annotate(plain, {"copy": True})
        assert all(each is other for each, other in zip(values(copied), values(plain), strict=True))


def test_a_query_that_was_compiled_before_gives_each_actor_their_own(db: Database) -> None:
    leads = [lead(), lead(), lead()]
    with db.begin(system("tests")) as tx:
        for number, actor in enumerate(leads):
            row = Party(id=actor.party_id, number=f"P-{number}", kind=PartyKind.VENDOR, name="株", kana="カ")
            tx.add(row)
            tx.record(PartyRegistered(party_id=row.id, number=row.number))
    for actor in leads:
        with db.read(actor) as tx:
            assert [row.id for row in tx.session.exec(select(Party)).all()] == [actor.party_id]
