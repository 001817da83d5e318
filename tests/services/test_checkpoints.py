"""Checkpoints: the signed head of the ledger, proofs under it, and what they bring to light."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from audit_portal.domain import ledger as rules
from audit_portal.domain.errors import PortalError
from audit_portal.services import checkpoints
from audit_portal.services.house import House
from audit_portal.services.parties import parties
from audit_portal.services.parties.parties import PartyFacts
from tests.factories.house import People, context


def test_a_head_is_signed_once_and_again_when_something_came(house: House, everyone: People) -> None:
    first = checkpoints.sign_head(house)
    assert first is not None
    assert checkpoints.sign_head(house) == first
    parties.register(
        context(house, everyone.officer), PartyFacts(name="東海物流株式会社", kana="トウカイブツリュウ")
    )
    second = checkpoints.sign_head(house)
    assert second is not None
    assert second.size == first.size + 1


def test_the_newer_head_is_shown_to_continue_the_older_one(house: House, everyone: People) -> None:
    heads = []
    for number in range(3):
        facts = PartyFacts(name=f"第{number}物流株式会社", kana="ダイブツリュウ")
        parties.register(context(house, everyone.officer), facts)
        heads.append(checkpoints.sign_head(house))
    first, last = heads[0], heads[-1]
    assert first and last
    proof = checkpoints.consistency(house, first.size, last.size)
    assert rules.verify_consistency(first.size, first.root, last.size, last.root, proof)
    assert not rules.verify_consistency(first.size, last.root, last.size, last.root, proof)


def test_a_ledger_fits_the_checkpoints_given_out(house: House, everyone: People) -> None:
    head = checkpoints.sign_head(house)
    assert head
    found = checkpoints.verify(house, (head.note,))
    assert found.check.ok
    assert found.outside == head.size


def test_an_edited_entry_is_noticed(house: House, everyone: People) -> None:
    head = checkpoints.sign_head(house)
    assert head
    with house.db.engine.connect() as connection:  # as someone with the database in hand would do
        table = sa.Table("ledger_entry", sa.MetaData(), autoload_with=connection)
        row = connection.execute(sa.select(table.c.seq, table.c.body).where(table.c.seq == 1)).one()
        body = bytes(row.body).replace(b"registered", b"tegistered")
        assert body != row.body
        connection.execute(table.update().where(table.c.seq == 1).values(body=body))
        connection.commit()
    assert not checkpoints.verify(house, (head.note,)).check.ok


def test_a_foreign_checkpoint_is_refused(house: House, everyone: People) -> None:
    head = checkpoints.sign_head(house)
    assert head
    with pytest.raises(PortalError):
        checkpoints.verify(house, (head.note.replace("audit-portal", "other-portal"),))
